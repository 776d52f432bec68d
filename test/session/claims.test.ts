import type { Result } from '../../src/answers/answers.ts';
import type { ReplayData } from '../../src/answers/session.ts';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import { seededRandom } from '../../src/domain/random.ts';
import { rbo } from '../../src/domain/rank-similarity.ts';
import { RecallError } from '../../src/errors.ts';
import { checkList, rboMiss } from '../../src/session/expect-list.ts';
import { sessionText } from '../../src/session/format.ts';
import { readSession } from '../../src/session/read.ts';
import { replayView } from '../../src/views/answers/session/replay-view.ts';
import { renderPlain } from '../../src/views/text/render.ts';
import { canaryWorld, contextOf, folder, recording, replay, sessionWorkspace, tenSteps } from './support.ts';

const refusal = (run: () => unknown): RecallError => {
  try {
    run();
  } catch (error) {
    if (error instanceof RecallError) return error;
    throw error;
  }
  throw new Error('it was not refused');
};

const listOf = (ids: string[]): Parameters<typeof checkList>[1] => ({
  ids,
  scores: ids.map((_, i) => 1 - i / 100),
  via: 'model',
});

describe('a claim of expect', () => {
  it('fails with the value found where the last answer does not meet it, and pins nothing', async () => {
    const { recorder, ask, path } = await recording(sessionWorkspace());
    await ask('recall', { user: 'u1', mode: 'model', k: 10 });
    await ask('recall', { user: 'u1', mode: 'model', k: 10, weight: ['browse=0.5'] });
    const first = (await readSession(path)).steps.at(-1)?.observed;
    const ids = first?.kind === 'list' ? first.ids : [];
    const [top = '', last = ''] = [ids[0], ids.at(-1)];
    expect(refusal(() => recorder.expect({ kind: 'present', adId: 'ad-9999' }))).toMatchObject({ code: 'unknown-ad' });
    expect(refusal(() => recorder.expect({ kind: 'absent', adId: 'ad-9999' }))).toMatchObject({ code: 'unknown-ad' });
    expect(refusal(() => recorder.expect({ kind: 'absent', adId: top }))).toMatchObject({
      code: 'usage',
      found: `${top} is in the list, at rank 1`,
    });
    expect(refusal(() => recorder.expect({ kind: 'present', adId: last, rank: 2 })).found).toBe(
      `${last} is at rank 10, expected 2 or better`,
    );
    expect(refusal(() => recorder.expect({ kind: 'rbo', atLeast: 5 })).message).toContain('5');
    expect(refusal(() => recorder.expect({ kind: 'against', step: 2, atLeast: 0.1 })).expected).toBe(
      'a step from 1 to 1',
    );
    expect(refusal(() => recorder.expect({ kind: 'against', step: 1 })).expected).toContain('--rises');
    expect(refusal(() => recorder.expect({ kind: 'against', step: 1, rises: top, falls: top })).found).toContain(top);
    expect(
      refusal(() =>
        recorder.expect({ kind: 'scores', tolerance: 0.1, adId: 'ad-0001' === top ? 'ad-0002' : 'ad-0001' }),
      ).message,
    ).toMatch(/does not hold|no ad has/);
    expect(recorder.expect({ kind: 'present', adId: top, rank: 1 })).toBe(2);
    recorder.close();
    expect((await readSession(path)).steps.map((step) => step.expect)).toEqual([
      undefined,
      { present: [{ adId: top, rank: 1 }] },
    ]);
  });

  it('compares a step before with the list that was recorded there, after a resume too', async () => {
    const workspace = sessionWorkspace();
    const before = await recording(workspace);
    await before.ask('recall', { user: 'u1', mode: 'model', k: 10 });
    before.recorder.close();
    const { recorder, ask } = await recording(workspace, before.path, { resume: true });
    await ask('recall', { user: 'u1', mode: 'model', k: 10 });
    expect(refusal(() => recorder.expect({ kind: 'against', step: 1, atMost: 0.5 })).found).toBe(
      'RBO with step 1 is 1.000, expected at most 0.5',
    );
    expect(recorder.expect({ kind: 'against', step: 1, atLeast: 1 })).toBe(2);
    recorder.close();
    expect(await replay(await readSession(before.path), workspace)).toMatchObject({ failed: 0, pinned: 1 });
  });

  it('compares with the list of a step so long ago that it stands in the file alone', async () => {
    const { recorder, ask, path } = await recording(sessionWorkspace());
    await ask('recall', { user: 'u1', mode: 'model', k: 10 });
    for (let n = 0; n < 40; n += 1) await ask('recall', { user: 'u2', mode: 'model', k: 3 });
    await ask('recall', { user: 'u1', mode: 'model', k: 10 });
    expect(recorder.expect({ kind: 'against', step: 1, atLeast: 1 })).toBe(42);
    expect(refusal(() => recorder.expect({ kind: 'against', step: 2, atLeast: 1 })).found).toContain('RBO with step 2');
    recorder.close();
    expect((await readSession(path)).steps).toHaveLength(42);
  });

  it('holds with an RBO of 1 for the same list of any length, and prints no figure equal to the bound it misses', () => {
    const random = seededRandom(4);
    for (let n = 1; n <= 200; n += 1) {
      const ids = Array.from({ length: n }, (_, i) => `ad-${i}`);
      expect(rbo(ids, [...ids])).toBe(1);
      expect(checkList({ rbo: { ids, atLeast: 1 } }, listOf(ids), null)).toEqual([]);
    }
    for (let i = 0; i < 500; i += 1) {
      const atLeast = Math.round(random.next() * 1000) / 1000;
      const value = atLeast - 10 ** -(2 + random.below(7));
      const said = rboMiss(value, { atLeast });
      expect(Number(said?.split(',')[0])).not.toBe(atLeast);
    }
    expect(rboMiss(0.9499999, { atLeast: 0.95 })).toBe('0.9499999, expected at least 0.95');
    expect(rboMiss(0.3, { atLeast: 0.2, atMost: 0.25 })).toBe('0.300, expected at most 0.25');
  });
});

const isReplay = (result: Result): result is Result & { readonly data: ReplayData } => result.schema === 'replay';

const run = async (
  files: readonly string[],
  workspace = sessionWorkspace(),
): Promise<{ exitCode: number; text: string }> => {
  const command = commands.find(({ id }) => id === 'replay');
  if (command === undefined) throw new Error('no replay');
  const result = await command.run(contextOf(workspace), { session: files });
  if (!isReplay(result)) throw new Error(result.schema);
  return { exitCode: result.exitCode ?? 0, text: renderPlain(replayView(result.data, 160)).join('\n') };
};

describe('the report of a replay', () => {
  it('gives an error in its own words, and its cause by the step, not by artefacts that are as recorded', async () => {
    const workspace = sessionWorkspace();
    const session = await tenSteps(workspace);
    const edited = (change: (step: (typeof session.steps)[number]) => (typeof session.steps)[number]) => ({
      ...session,
      steps: session.steps.map((step) => (step.step === 3 ? change(step) : step)),
    });
    const unknown = await replay(
      edited((step) => ({ ...step, command: 'rm' })),
      workspace,
    );
    expect(unknown.first?.failures[0]?.message).toBe(
      'the command failed: this version does not have this command; found "rm"',
    );
    expect(unknown.first?.cause).toMatchObject({ kind: 'error', names: ['rm'] });
    const wrong = await replay(
      edited((step) => ({ ...step, query: { ...step.query, userId: step.query?.userId ?? '', k: 'x' } })),
      workspace,
    );
    expect(wrong.first?.failures[0]?.message).toMatch(/^the command failed: .*\bk\b/);
    expect(wrong.first?.cause).toMatchObject({ kind: 'knob', names: ['k'] });
    expect(wrong.first?.cause.text).toContain('the command failed');
    const other: typeof workspace = {
      ...workspace,
      fingerprints: { ...workspace.fingerprints, model: '9'.repeat(64) },
    };
    expect(
      (
        await replay(
          edited((step) => ({ ...step, command: 'rm' })),
          other,
        )
      ).first?.cause.kind,
    ).toBe('error');
  });

  it('holds no id or text that the session hides, whatever an error quotes', async () => {
    const workspace = sessionWorkspace({ world: canaryWorld() });
    const { recorder, ask, path } = await recording(workspace);
    await ask('recall', { user: 'CANARY-user-u1', mode: 'legacy', search: ['CANARY-secret lamp'] });
    recorder.close();
    const failing = {
      ...workspace,
      engine: {
        ...workspace.engine,
        recall: () =>
          Promise.reject(new RecallError('usage', 'no list for CANARY-user-u1', { found: '"CANARY-secret lamp"' })),
      },
    };
    const report = await replay(await readSession(path), failing);
    expect(report.first?.failures[0]?.message).toBe('the command failed: no list for …; found "…"');
    expect(JSON.stringify(report)).not.toContain('CANARY');
  });

  it('names a session without expectations as unchecked, and refuses a session without a step', async () => {
    const workspace = sessionWorkspace();
    const { recorder, ask, path } = await recording(workspace);
    await ask('recall', { user: 'u1', mode: 'legacy' });
    await ask('recall', { user: 'u2', mode: 'legacy' });
    recorder.close();
    const session = await readSession(path);
    const empty = join(folder(), 'empty.jsonl');
    writeFileSync(empty, sessionText({ ...session, steps: [] }));
    const loose = await run([path], workspace);
    expect([loose.exitCode, loose.text]).toEqual([
      0,
      expect.stringMatching(/^2 steps run, no expectation to check[^]*no expectation/),
    ]);
    expect(loose.text).not.toContain('passed');
    const none = await run([empty], workspace);
    expect([none.exitCode, none.text]).toEqual([2, expect.stringContaining('no step was run')]);
  });

  it('gives the next action for a file that cannot be read: the nearest name, the pattern, the folder', async () => {
    const dir = folder();
    mkdirSync(join(dir, 'sub'));
    writeFileSync(join(dir, 'cold-ad.jsonl'), '');
    const said = async (path: string): Promise<RecallError> =>
      readSession(path).then(
        () => {
          throw new Error('it was read');
        },
        (error: unknown) => {
          if (error instanceof RecallError) return error;
          throw error;
        },
      );
    const near = await said(join(dir, 'cold-da.jsonl'));
    expect([near.message, near.todo]).toEqual([
      `there is no session ${join(dir, 'cold-da.jsonl')}`,
      expect.stringContaining(join(dir, 'cold-ad.jsonl')),
    ]);
    expect((await said(join(dir, 'unlike-anything.jsonl'))).todo).toContain('sessions');
    expect((await said(join(dir, '*.jsonl'))).message).toContain('no session matches');
    expect(await said(dir)).toMatchObject({
      message: `${dir} is a folder, not a session`,
      todo: `name one of them: ${join(dir, 'cold-ad.jsonl')}`,
    });
    for (const error of [near, await said(dir), await said(join(dir, 'cold-ad.jsonl', 'x'))])
      expect(error.lines().join('\n')).not.toMatch(/ENOENT|EISDIR/);
  });
});
