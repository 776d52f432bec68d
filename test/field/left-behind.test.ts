import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { atomicWrite, privateFile, sweepPartials, writeThrough } from '../../src/base/atomic-file.ts';
import { isGone, ownName } from '../../src/base/owner.ts';
import { createHashCache } from '../../src/adapters/files/hash-cache.ts';
import { removeAbandoned } from '../../src/workspace/staging.ts';

/** fuzz-left-behind: what killed processes leave stayed for ever. */
const root = mkdtempSync(join(tmpdir(), 'recall-left-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const folder = (): string => mkdtempSync(join(root, 'd-'));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

const [pid = '', start = '', where = ''] = ownName().split('-');
const none = String(2 ** 22 - 1);

describe('the name of a process', () => {
  it.each([
    ['itself', ownName(), false],
    ['a number that no process has', `${none}-${start}-${where}`, true],
    ['a number that another process has by now', `${pid}-${start}0-${where}`, existsSync('/proc/self/stat')],
    ['one before the machine was started again', `${pid}-${start}-${where.slice(0, 4)}beef${where.slice(8)}`, true],
    ['one on another machine, which nobody here can see', `${none}-${start}-beef${where.slice(4)}`, false],
    ['one in another container, which nobody here can see', `${none}-${start}-${where.slice(0, 8)}beef`, false],
    ['a number alone that runs', '1', false],
    ['a number alone that does not', none, true],
    ['no name', 'x', false],
  ])('is gone or not: %s', (_, name, gone) => {
    expect(isGone(name)).toBe(gone);
  });
});

describe('what a killed process was writing', () => {
  it('goes at the next write to its folder, that of others who run stays', async () => {
    const dir = folder();
    const gone = [`hashes.json.${none}.3.partial`, `a.${none}-${start}-${where}.0.partial`];
    const kept = [`b.${ownName()}.7.partial`, 'mine.partial', `${none}.partial.txt`];
    for (const name of [...gone, ...kept]) writeFileSync(join(dir, name), 'x');
    await atomicWrite(join(dir, 'new'), '1');
    expect(readdirSync(dir).sort()).toEqual([...kept, 'new'].sort());
    await sweepPartials(join(dir, 'nowhere'));
  });

  it('goes from a folder of artefacts under way, with the files next to it', async () => {
    const dir = folder();
    for (const name of [`.building-${none}`, `.building-${none}-${start}-${where}`, `.building-${ownName()}`])
      mkdirSync(join(dir, name));
    writeFileSync(join(dir, `.building-${none}-${start}-${where}-staging`), 'x');
    await removeAbandoned(dir, '.building-');
    expect(readdirSync(dir)).toEqual([`.building-${ownName()}`]);
  });

  it('leaves the old file whole, and nothing else, where the disk is full', async () => {
    const path = join(folder(), 'f');
    await atomicWrite(path, 'old');
    const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    const failing = writeThrough(path, async (handle) => {
      await handle.writeFile('ne');
      throw full;
    });
    await expect(failing).rejects.toBe(full);
    expect(readFileSync(path, 'utf8')).toBe('old');
    expect(readdirSync(join(path, '..'))).toEqual(['f']);
  });
});

describe('a file of users', () => {
  it('is for its owner alone through rewrites, and so is the folder made for it; what an old file keeps from others, the next does', async () => {
    const dir = folder();
    const path = join(dir, 'new', 'rows');
    await atomicWrite(path, '1', privateFile);
    expect([modeOf(path), modeOf(join(dir, 'new'))]).toEqual([0o600, 0o700]);
    writeFileSync(join(dir, 'open'), '', { mode: 0o644 });
    await atomicWrite(join(dir, 'open'), '1', privateFile);
    expect(modeOf(join(dir, 'open'))).toBe(0o600);
    writeFileSync(join(dir, 'closed'), '', { mode: 0o600 });
    await atomicWrite(join(dir, 'closed'), '1');
    expect(modeOf(join(dir, 'closed'))).toBe(0o600);
  });

  it('is what the hash cache writes, too', async () => {
    const dir = folder();
    writeFileSync(join(dir, 'f'), '1');
    utimesSync(join(dir, 'f'), 1, 1);
    await createHashCache(join(dir, 'cache', 'hashes.json'))(join(dir, 'f'));
    expect(modeOf(join(dir, 'cache', 'hashes.json'))).toBe(0o600);
  });
});
