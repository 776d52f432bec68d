import { spawn } from 'node:child_process';
import Database from 'better-sqlite3';
import {
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import type { FileLock } from '../../src/engine/ports/artefacts.ts';

const root = mkdtempSync(join(tmpdir(), 'recall-lock-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const child = fileURLToPath(new URL('lock-child.ts', import.meta.url));
let files = 0;
const file = (): string => {
  const dir = join(mkdtempSync(join(root, 'd-')), `f${(files += 1)}`);
  writeFileSync(dir, '0');
  return dir;
};
const taken = (path: string): FileLock => {
  const outcome = fileLocks.take(path);
  if (!('release' in outcome)) throw new Error('it is held');
  return outcome;
};
const locked = (path: string): string[] => readdirSync(join(path, '..')).filter((name) => name.includes('lock'));

describe('the lock of a file', () => {
  it('is had by one, whichever way leads to the file, says who has it, and leaves nothing', () => {
    const path = file();
    const began = new Date().toISOString();
    const lock = taken(path);
    symlinkSync(path, `${path}-link`);
    for (const way of [path, `${path}-link`, join(path, '..', '..', '.', path.slice(root.length + 1))])
      expect(fileLocks.take(way)).toMatchObject({ holder: { pid: process.pid, host: hostname() } });
    const outcome = fileLocks.take(path);
    expect('holder' in outcome && (outcome.holder?.since ?? '') >= began).toBe(true);
    expect(fileLocks.isHeld(path)).toBe(true);
    expect(statSync(`${path}.recall-lock`).mode & 0o777).toBe(0o600);
    lock.release();
    lock.release();
    expect(fileLocks.isHeld(path)).toBe(false);
    taken(path).release();
    expect(locked(path)).toEqual([]);
  });

  it('ends with a process that is killed', async () => {
    const path = file();
    const holder = spawn(process.execPath, ['--import', 'tsx', child, path], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => holder.stdout.once('data', resolve));
    expect(fileLocks.take(path)).toMatchObject({ holder: { pid: holder.pid } });
    const gone = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await gone;
    expect(fileLocks.isHeld(path)).toBe(false);
    taken(path).release();
    expect(locked(path)).toEqual([]);
  });

  it('keeps three processes apart that take it as fast as they can', async () => {
    const path = file();
    const times = 60;
    await Promise.all(
      [0, 1, 2].map(
        () =>
          new Promise((resolve, reject) => {
            const one = spawn(process.execPath, ['--import', 'tsx', child, path, String(times)], { stdio: 'inherit' });
            one.once('error', reject);
            one.once('exit', resolve);
          }),
      ),
    );
    expect(readFileSync(path, 'utf8')).toBe(String(3 * times));
    expect(locked(path)).toEqual([]);
  }, 30_000);

  it('is had in spite of what a power failure left of an earlier one', () => {
    const path = file();
    for (const bytes of ['', 'SQLite format 3\0 torn', '\0'.repeat(9000)]) {
      writeFileSync(`${path}.recall-lock`, bytes);
      expect(fileLocks.isHeld(path)).toBe(false);
      taken(path).release();
    }
    expect(locked(path)).toEqual([]);
  });

  it('is given to everybody where the folder cannot hold one', () => {
    const path = join(file(), 'below-a-file');
    taken(path).release();
    expect(fileLocks.isHeld(path)).toBe(false);
  });

  it('is another for each file of a folder', () => {
    const [a, b] = [file(), file()];
    const lock = taken(a);
    taken(b).release();
    linkSync(a, `${a}-hard`);
    taken(`${a}-hard`).release();
    lock.release();
  });

  it('touches nothing that another program wrote, and says what stands there', () => {
    const path = file();
    const lock = `${path}.recall-lock`;
    const other = `${path}.other`;
    const database = (at: string): void => {
      new Database(at).exec('CREATE TABLE ads (id TEXT)').close();
    };
    for (const place of [
      () => writeFileSync(lock, 'notes of somebody'),
      () => database(lock),
      () => mkdirSync(lock),
      () => {
        writeFileSync(other, 'notes of somebody');
        symlinkSync(other, lock);
      },
      () => {
        rmSync(other);
        database(other);
        symlinkSync(other, lock);
      },
    ]) {
      place();
      const contents = (): readonly unknown[] =>
        [lock, other].map((at) =>
          statSync(at, { throwIfNoEntry: false })?.isFile() === true ? readFileSync(at) : null,
        );
      const before = contents();
      expect(() => fileLocks.take(path)).toThrow(/is no lock: .*recall-lock/);
      fileLocks.sweep(join(path, '..'));
      expect(fileLocks.isHeld(path)).toBe(false);
      expect(contents()).toEqual(before);
      expect(lstatSync(lock, { throwIfNoEntry: false })).toBeDefined();
      rmSync(lock, { recursive: true });
    }
  });
});
