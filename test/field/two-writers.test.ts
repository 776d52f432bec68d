import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import { openJournal } from '../../src/session/journal.ts';
import { readSession } from '../../src/session/read.ts';
import { hostOver } from '../session/host.ts';
import { contextOf, folder, recording, sessionWorkspace, textOf } from '../session/support.ts';
import type { ArgValues } from '../../src/console/command.ts';
import { commands } from '../../src/commands/registry.ts';

/** fuzz-two-writers: two screens recorded to one file, and lost each other's steps. */
const child = fileURLToPath(new URL('../session/autosave-child.ts', import.meta.url));

/** A screen in a process of its own that records to `file` as fast as it can. */
const otherScreen = async (file: string): Promise<{ readonly pid: number; kill(): Promise<unknown> }> => {
  const host = spawn(process.execPath, ['--import', 'tsx', child, String(Date.now()), file], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, XDG_STATE_HOME: folder() },
  });
  await new Promise((resolve) => host.stdout.once('data', resolve));
  const gone = new Promise((resolve) => host.once('exit', resolve));
  return {
    pid: host.pid ?? 0,
    kill: () => {
      host.kill('SIGKILL');
      return gone;
    },
  };
};

const run = (id: string, args: ArgValues): Promise<unknown> => {
  const command = commands.find((one) => one.id === id);
  return command?.run(contextOf(sessionWorkspace()), args) ?? Promise.reject(new Error(id));
};

describe('a session that another process records', () => {
  it('is refused to every writer, naming who writes it, and given to the next once that one is killed', async () => {
    // In a folder that the first of them makes.
    const file = join(folder(), 'new', 'two.jsonl');
    const a = await otherScreen(file);
    const held = { code: 'bad-input', message: expect.stringContaining(`being written: ${file}`) };
    const found = expect.stringMatching(
      new RegExp(`^process ${a.pid} on .+, since \\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d`),
    );
    const b = await hostOver(sessionWorkspace(), folder(), Date.now());
    for (const command of ['resume', 'record'])
      expect(await b.ask(command, { file }, false)).toMatchObject({ type: 'failed', error: { ...held, found } });
    await expect(run('review', { session: file, accept: ['1'], why: 'w' })).rejects.toMatchObject(held);
    await expect(run('branch', { session: file, step: 1, weight: ['search=2'], out: file })).rejects.toMatchObject(
      held,
    );
    await a.kill();
    const before = await readSession(file);
    expect(await b.ask('resume', { file }, false)).toMatchObject({ type: 'result' });
    await b.ask('recall', { user: 'u1', mode: 'i2i' });
    await b.ask('record', {}, false);
    await b.close();
    const { steps } = await readSession(file);
    expect(steps.map(({ step }) => step)).toEqual([...before.steps.map(({ step }) => step), before.steps.length + 1]);
    expect(readdirSync(dirname(file))).toEqual(['two.jsonl']);
    expect(statSync(file).mode & 0o777).toBe(0o600);
  }, 30_000);

  it('loses no line of a program that does not ask: the recorder stops instead', async () => {
    const { recorder, ask, path } = await recording(sessionWorkspace());
    await ask('recall', { user: 'u1', mode: 'i2i' });
    appendFileSync(path, '{"amends":1,"note":"from an editor"}\n');
    const text = textOf(path);
    await expect(ask('recall', { user: 'u2', mode: 'i2i' })).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('changed by another program'),
    });
    expect(textOf(path)).toBe(text);
    recorder.close();
    expect((await readSession(path)).steps[0]?.notes).toEqual(['from an editor']);
    const replaced = await recording(sessionWorkspace());
    const before = readFileSync(replaced.path);
    writeFileSync(`${replaced.path}.new`, before);
    renameSync(`${replaced.path}.new`, replaced.path);
    await expect(replaced.ask('recall', { user: 'u2', mode: 'i2i' })).rejects.toMatchObject({
      found: 'another file stands in its place',
    });
    expect(readFileSync(replaced.path)).toEqual(before);
    replaced.recorder.close();
  });
});

describe('a recording that cannot be started', () => {
  it('leaves no empty file and no lock', async () => {
    const path = join(folder(), 's.jsonl');
    const full = (file: string, how: 'create' | 'resume'): ReturnType<typeof openJournal> => ({
      ...openJournal(file, how),
      append: () => {
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      },
    });
    await expect(recording(sessionWorkspace(), path, { openJournal: full })).rejects.toThrow(/ENOSPC/);
    expect(readdirSync(dirname(path))).toEqual([]);
    expect(fileLocks.isHeld(path)).toBe(false);
  });

  it('leaves no session without a step where the script fails at once, and the steps where it fails later', async () => {
    const dir = folder();
    const script = join(dir, 'script');
    writeFileSync(script, 'recall nobody\n');
    await expect(run('exec', { file: script, record: join(dir, 's.jsonl') })).rejects.toThrow(/nobody/);
    expect(readdirSync(dir)).toEqual(['script']);
    writeFileSync(script, 'recall u1 --mode i2i\nrecall nobody\n');
    await expect(run('exec', { file: script, record: join(dir, 's.jsonl') })).rejects.toThrow(/nobody/);
    expect((await readSession(join(dir, 's.jsonl'))).steps).toHaveLength(1);
    expect(readdirSync(dir).sort()).toEqual(['s.jsonl', 'script']);
    expect(statSync(join(dir, 's.jsonl')).size).toBeGreaterThan(0);
  });
});
