import { spawn } from 'node:child_process';
import { appendFileSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import { holdSession } from '../../src/session/hold.ts';
import { seededRandom } from '../../src/domain/random.ts';
import { readSession } from '../../src/session/read.ts';
import { autosavePath, lostSessions, settleAutosave, stateFolder } from '../../src/session/state-dir.ts';
import { openJournal } from '../../src/session/journal.ts';
import { folder, recording, replay, sessionWorkspace, tenSteps, textOf } from './support.ts';

const child = fileURLToPath(new URL('journal-child.ts', import.meta.url));

/** Kills the recorder `afterMs` after its first step may begin; the last step it said was safe. */
const killed = (path: string, afterMs: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const recorder = spawn(process.execPath, ['--import', 'tsx', child, path], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    recorder.stdout.on('data', (chunk: Buffer) => {
      if (said === '')
        setTimeout(() => {
          recorder.kill('SIGKILL');
        }, afterMs);
      said += chunk.toString();
    });
    recorder.on('error', reject);
    recorder.on('exit', () => {
      resolve(Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1)));
    });
  });

const asked = process.env['RECALL_KILLS'];
const moments = Number(asked ?? 12);
/** ms; a run of hundreds is asked for on a machine that has other work. */
const limit = 60_000 + moments * (asked === undefined ? 3000 : 15_000);

describe('what a recorder leaves that is killed before its first step', () => {
  it('does not keep the next one from the same file; a session with a step, and any other file, does', async () => {
    const path = join(folder(), 's.jsonl');
    const { recorder, ask } = await recording(sessionWorkspace(), path);
    const header = textOf(path);
    await ask('recall', { user: 'u1' });
    recorder.close();
    const whole = textOf(path);
    for (const left of ['', header.slice(0, 9), header.slice(0, 200), header.trimEnd(), header]) {
      writeFileSync(path, left);
      const { recorder: next, ask: again } = await recording(sessionWorkspace(), path);
      await again('recall', { user: 'u1' });
      next.close();
      expect((await readSession(path)).steps.length).toBe(1);
    }
    const note = `${JSON.stringify({ amends: 0, note: 'of the session' })}\n`;
    for (const other of [
      whole,
      `${header}{"step":1`,
      `${header}\n\n`,
      header + note,
      'a diary',
      '{"format":"other"}\n',
    ]) {
      writeFileSync(path, other);
      await expect(recording(sessionWorkspace(), path)).rejects.toMatchObject({ code: 'bad-input' });
      expect(textOf(path)).toBe(other);
    }
  });
});

describe('a recorder that is killed', () => {
  it(
    `loses at most the step in flight, at ${moments} random moments`,
    async () => {
      const random = seededRandom(Number(process.env['RECALL_SEED'] ?? 11));
      for (let i = 0; i < moments; i += 1) {
        const path = join(folder(), 's.jsonl');
        const safe = await killed(path, random.below(60));
        const { steps } = await readSession(path);
        expect(steps.length).toBeGreaterThanOrEqual(safe);
        expect(steps.map(({ step }) => step)).toEqual(steps.map((_, n) => n + 1));
        if (i === 0) {
          const { recorder, ask } = await recording(sessionWorkspace(), path, { resume: true });
          await ask('recall', { user: 'u1' });
          recorder.close();
          expect((await readSession(path)).steps.length).toBe(steps.length + 1);
        }
      }
    },
    limit,
  );

  it('leaves a file that is readable wherever it was cut', async () => {
    const session = await tenSteps(sessionWorkspace());
    const whole = textOf(session.path);
    const random = seededRandom(2);
    for (let i = 0; i < 200; i += 1) {
      const path = join(folder(), 'cut.jsonl');
      const header = Buffer.byteLength(whole.slice(0, whole.indexOf('\n') + 1));
      const at = header + random.below(Buffer.byteLength(whole) - header);
      writeFileSync(path, whole);
      truncateSync(path, at);
      const bytes = readFileSync(path);
      const complete = bytes
        .toString('latin1')
        .split('\n')
        .filter((line) => line.includes('"step":')).length;
      const read = await readSession(path);
      expect(read.notices.length).toBe(bytes.at(-1) === 10 || read.notices.length === 0 ? 0 : 1);
      expect(complete - read.steps.length).toBeLessThanOrEqual(1);
    }
  });
});

describe('the journal', () => {
  it('goes on after the last whole line of a torn file', async () => {
    const session = await tenSteps(sessionWorkspace());
    appendFileSync(session.path, '{"step":11,"comm');
    expect((await readSession(session.path)).notices[0]).toMatch(/cut off while it was written/);
    const journal = openJournal(session.path, 'resume');
    journal.append('{"amends":10,"note":"after the crash"}');
    journal.close();
    const read = await readSession(session.path);
    expect(read.notices).toEqual([]);
    expect(read.steps.length).toBe(10);
    expect(read.steps[9]?.notes).toEqual(['after the crash']);
    expect((await replay(read, sessionWorkspace())).failed).toBe(0);
  });

  it('never writes over a session that is there, nor over any file but the torn first line of a killed recorder', async () => {
    const session = await tenSteps(sessionWorkspace());
    expect(() => openJournal(session.path, 'create')).toThrow(/already exists/);
    const path = join(folder(), 'f');
    for (const text of ['my notes', '{"format":1', '{"format":"recall-tui/session@1"}\n']) {
      writeFileSync(path, text);
      expect(() => openJournal(path, 'create'), text).toThrow(/already exists/);
      expect(textOf(path)).toBe(text);
    }
    for (const text of ['', '{"form', '{"format":"recall-tui/session@1","artefacts":{"mod']) {
      writeFileSync(path, text);
      const journal = openJournal(path, 'create');
      journal.append('line');
      journal.close();
      expect(textOf(path)).toBe('line\n');
    }
  });
});

describe('the autosave of a session', () => {
  it('is offered again when no process holds it any more, whatever the clock says, and not while it is written or once it was closed', async () => {
    const env = { XDG_STATE_HOME: folder() };
    const gone = autosavePath(env, 1000, 2 ** 22 - 1);
    // A clock that was set back a day, or an hour forth, since they began; and a number that another process has now.
    const held = [Date.now() + 86_400_000, Date.now() - 3_600_000].map((at) => autosavePath(env, at, process.pid));
    for (const path of [gone, ...held]) openJournal(path, 'create').close();
    const locks = held.map((path) => holdSession(fileLocks, path));
    expect(await lostSessions(env, fileLocks)).toEqual([gone]);
    for (const lock of locks) lock.release();
    expect(await lostSessions(env, fileLocks)).toEqual([...held, gone]);
    for (const path of held) rmSync(path);
    expect(await settleAutosave(gone, 3)).toMatch(/session-1000-\d+\.jsonl$/);
    expect(await lostSessions(env, fileLocks)).toEqual([]);
    expect(readdirSync(stateFolder(env) ?? '')).toEqual([expect.stringMatching(/^session-1000/)]);
  });
});
