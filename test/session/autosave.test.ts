import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import { seededRandom } from '../../src/domain/random.ts';
import { readSession } from '../../src/session/read.ts';
import { lostSessions, pruneAutosaves, stateFolder } from '../../src/session/state-dir.ts';
import { hostOver, until } from './host.ts';
import { folder, replay, sessionWorkspace } from './support.ts';

const child = fileURLToPath(new URL('autosave-child.ts', import.meta.url));

/** Kills the host `afterMs` after its first answer may come; the last answer it gave. */
const killed = (state: string, at: number, afterMs: number, recording: readonly string[] = []): Promise<number> =>
  new Promise((resolve, reject) => {
    const host = spawn(process.execPath, ['--import', 'tsx', child, String(at), ...recording], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, XDG_STATE_HOME: state },
    });
    let said = '';
    host.stdout.on('data', (chunk: Buffer) => {
      if (said === '')
        setTimeout(() => {
          host.kill('SIGKILL');
        }, afterMs);
      said += chunk.toString();
    });
    host.on('error', reject);
    host.on('exit', (_, signal) => {
      if (signal === 'SIGKILL') resolve(Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1)));
      else reject(new Error('the host ended by itself'));
    });
  });

const asked = process.env['RECALL_KILLS'];
const moments = Number(asked ?? 10);
/** ms; a run of hundreds is asked for on a machine that has other work. */
const limit = 60_000 + moments * (asked === undefined ? 3000 : 15_000);

const kept = (state: string): string[] => readdirSync(stateFolder({ XDG_STATE_HOME: state }) ?? '');

describe('the autosave of the screen', () => {
  it(
    `loses at most the answer in flight when its process is killed, at ${moments} random moments`,
    async () => {
      const random = seededRandom(Number(process.env['RECALL_SEED'] ?? 5));
      for (let i = 0; i < moments; i += 1) {
        const state = folder();
        const answers = await killed(state, Date.now(), random.below(80));
        const lost = await lostSessions({ XDG_STATE_HOME: state }, fileLocks);
        expect(lost.length).toBe(1);
        const session = await readSession(lost[0] ?? '');
        expect(session.steps.length).toBeGreaterThanOrEqual(answers - 1);
        expect(session.steps.map(({ step }) => step)).toEqual(session.steps.map((_, n) => n + 1));
        if (i === 0) expect((await replay(session, sessionWorkspace(), { cause: false })).failed).toBe(0);
      }
    },
    limit,
  );

  it('is offered at the next start, gives back user, query and mode, and goes on in that file', async () => {
    const state = folder();
    const answers = await killed(state, Date.now(), 60);
    const again = await hostOver(sessionWorkspace(), state, Date.now());
    const lost = await until(() => again.replies.find((reply) => reply.type === 'lost'));
    if (lost.type !== 'lost') throw new Error('no offer');
    expect(lost.lost.steps).toBeGreaterThanOrEqual(answers - 1);
    const before = await readSession(lost.lost.path);
    const resumed = await again.ask('resume', { file: lost.lost.path }, false);
    if (resumed.type !== 'result') throw new Error(JSON.stringify(resumed));
    const last = before.steps.at(-1);
    expect(resumed.result.query).toMatchObject({
      mode: 'i2i',
      k: last?.query?.['k'],
      userId: `u${before.steps.length % 5}`,
    });
    await again.ask('recall', { user: 'u1', mode: 'legacy' });
    await again.ask('note', { text: ['after the crash'] }, false);
    await again.close();
    const [file, ...more] = kept(state);
    expect(more).toEqual([]);
    expect(file).toMatch(/^session-/);
    const after = await readSession(join(stateFolder({ XDG_STATE_HOME: state }) ?? '', file ?? ''));
    expect(after.steps.length).toBe(before.steps.length + 1);
    expect(after.steps.at(-1)).toMatchObject({ command: 'recall', notes: ['after the crash'] });
    expect((await replay(after, sessionWorkspace(), { cause: false })).failed).toBe(0);
  }, 60_000);

  it('goes on with the recording that was cut off with it, which record ends and nothing else', async () => {
    const state = folder();
    const file = join(folder(), 'mine.jsonl');
    await killed(state, Date.now(), 60, [file]);
    const before = await readSession(file);
    expect(before.steps.length).toBeGreaterThan(0);
    const again = await hostOver(sessionWorkspace(), state, Date.now());
    const offer = await until(() => again.replies.find((reply) => reply.type === 'lost'));
    if (offer.type !== 'lost') throw new Error('no offer');
    expect(offer.lost.recording).toBe(file);
    expect(await again.ask('resume', { file: offer.lost.path }, false)).toMatchObject({
      type: 'result',
      result: { data: { resumed: { recording: file } } },
    });
    await again.ask('recall', { user: 'u1', mode: 'legacy' });
    await again.ask('note', { text: ['after the crash'] }, false);
    expect(await again.ask('record', {}, false)).toMatchObject({
      type: 'result',
      result: { data: { recording: false, steps: before.steps.length + 1 } },
    });
    await again.close();
    expect((await readSession(file)).steps.at(-1)).toMatchObject({
      step: before.steps.length + 1,
      command: 'recall',
      notes: ['after the crash'],
    });
    expect(kept(state)).toEqual([expect.stringMatching(/^session-\d+-\d+\.jsonl$/)]);
  }, 60_000);

  it('is resumed without its recording where that is gone, and says so', async () => {
    const state = folder();
    const file = join(folder(), 'mine.jsonl');
    await killed(state, Date.now(), 60, [file]);
    rmSync(file);
    const again = await hostOver(sessionWorkspace(), state, Date.now());
    const offer = await until(() => again.replies.find((reply) => reply.type === 'lost'));
    if (offer.type !== 'lost') throw new Error('no offer');
    const resumed = await again.ask('resume', { file: offer.lost.path }, false);
    expect(resumed).toMatchObject({
      type: 'result',
      result: {
        data: { resumed: { recording: null, unresumed: expect.stringContaining(`${file} was being recorded too`) } },
      },
    });
    await again.close();
  }, 60_000);

  it('leaves a recording that is resumed by its name alone: record ends that one', async () => {
    const state = folder();
    const file = join(folder(), 'mine.jsonl');
    const first = await hostOver(sessionWorkspace(), state, Date.now());
    await first.ask('record', { file }, false);
    await first.ask('recall', { user: 'u2', mode: 'legacy' });
    expect(await first.ask('record', { file }, false)).toMatchObject({
      type: 'failed',
      error: { message: expect.stringContaining('recorded already') },
    });
    await first.close();
    const again = await hostOver(sessionWorkspace(), state, Date.now());
    expect(await again.ask('record', { file }, false)).toMatchObject({
      type: 'failed',
      error: { todo: expect.stringMatching(/^:resume .*mine\.jsonl/) },
    });
    expect(await again.ask('resume', { file }, false)).toMatchObject({
      type: 'result',
      result: { query: { userId: 'u2' }, data: { resumed: { path: file, recording: file, steps: 1 } } },
    });
    await again.ask('recall', { user: 'u3', mode: 'i2i' });
    expect(await again.ask('record', {}, false)).toMatchObject({
      type: 'result',
      result: { data: { recording: false, steps: 2 } },
    });
    await again.close();
    expect((await readSession(file)).steps.length).toBe(2);
  }, 60_000);

  it('becomes an ordinary session at an orderly end, is nothing where nothing was asked, and holds no user in clear', async () => {
    const state = folder();
    const idle = await hostOver(sessionWorkspace(), state, Date.now());
    await idle.close();
    const host = await hostOver(sessionWorkspace(), state, Date.now());
    await host.ask('recall', { user: 'u3', search: ['secret lamp'] });
    await host.ask('events', { user: 'u3' }, false);
    await host.close();
    const [file, ...more] = kept(state);
    expect([file, more]).toEqual([expect.stringMatching(/^session-\d+-\d+\.jsonl$/), []]);
    const text = readFileSync(join(stateFolder({ XDG_STATE_HOME: state }) ?? '', file ?? ''), 'utf8');
    expect(text).not.toMatch(/"u3"|secret/);
    expect(text.trim().split('\n').length).toBe(2);
  });

  it('offers nothing that another workspace sealed, and says once when it cannot write', async () => {
    const state = folder();
    await killed(state, Date.now(), 60);
    const other = sessionWorkspace();
    writeFileSync(join(other.dir, 'key.hex'), 'ab'.repeat(32));
    const host = await hostOver(other, state, Date.now());
    await host.ask('recall', { user: 'u1' });
    expect(host.replies.some((reply) => reply.type === 'lost')).toBe(false);
    const blocked = folder();
    writeFileSync(join(blocked, 'recall-tui'), 'a file where the folder should be');
    const mute = await hostOver(sessionWorkspace(), blocked, Date.now());
    expect(await mute.ask('recall', { user: 'u1' })).toMatchObject({ type: 'result' });
    expect(await mute.ask('recall', { user: 'u2' })).toMatchObject({ type: 'result' });
    await until(() => mute.replies.find((reply) => reply.type === 'unsaved'));
    expect(mute.replies.filter((reply) => reply.type === 'unsaved').length).toBe(1);
  }, 60_000);

  it('keeps the latest sessions and lets the oldest go', async () => {
    const env = { XDG_STATE_HOME: folder() };
    mkdirSync(stateFolder(env) ?? '', { recursive: true });
    for (let at = 1; at <= 9; at += 1)
      writeFileSync(join(stateFolder(env) ?? '', `${at % 2 === 0 ? 'live' : 'session'}-${at}000-4194303.jsonl`), '');
    writeFileSync(join(stateFolder(env) ?? '', 'mine.jsonl'), '');
    await pruneAutosaves(env, fileLocks, 4);
    expect(readdirSync(stateFolder(env) ?? '').sort()).toEqual([
      'live-6000-4194303.jsonl',
      'live-8000-4194303.jsonl',
      'mine.jsonl',
      'session-7000-4194303.jsonl',
      'session-9000-4194303.jsonl',
    ]);
  });
});
