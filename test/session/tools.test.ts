import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkExpectation } from '../../src/session/expect.ts';
import { buildExpectation, renewExpectation } from '../../src/session/expect-build.ts';
import type { Answer } from '../../src/session/format.ts';
import { branchSession, prefixHash } from '../../src/session/branch.ts';
import { ddmin, minimiseSession } from '../../src/session/minimise.ts';
import { applyReview, pending } from '../../src/session/review.ts';
import { readSession } from '../../src/session/read.ts';
import { recording, replay, runnerFor, sessionWorkspace, tenSteps, testVault } from './support.ts';

const listOf = (
  ids: readonly string[],
  scores: readonly number[],
  via = 'model',
): Extract<Answer, { kind: 'list' }> => ({ kind: 'list', ids: [...ids], scores: [...scores], via });
const none = { recorded: null, listAt: () => null };

describe('the expectation of ids', () => {
  it('lets ads change places when their scores are equal to 1e-5, and not otherwise', () => {
    const expected = { ids: ['a', 'b', 'c'] };
    expect(checkExpectation(expected, listOf(['b', 'a', 'c'], [0.5, 0.499995, 0.1]), none)).toEqual([]);
    expect(checkExpectation(expected, listOf(['b', 'a', 'c'], [0.5, 0.49, 0.1]), none)).toMatchObject([
      { kind: 'ids' },
    ]);
    expect(checkExpectation(expected, listOf(['c', 'b', 'a'], [0.5, 0.5, 0.49]), none)).toMatchObject([
      { kind: 'ids' },
    ]);
  });

  it("lets ads cross the end of a model's list when all scores there are equal, and not those of counts", () => {
    const recorded = listOf(['a', 'b', 'c'], [0.9, 0.5, 0.3]);
    const expected = { ids: [...recorded.ids] };
    expect(checkExpectation(expected, listOf(['a', 'b', 'd'], [0.9, 0.5, 0.300004]), { ...none, recorded })).toEqual(
      [],
    );
    expect(checkExpectation(expected, listOf(['a', 'b', 'd'], [0.9, 0.5, 0.31]), { ...none, recorded })).toMatchObject([
      { kind: 'ids' },
    ]);
    expect(
      checkExpectation(expected, listOf(['a', 'b', 'd'], [0.9, 0.5, 0.3], 'popular'), {
        ...none,
        recorded: { ...recorded, via: 'popular' },
      }),
    ).toMatchObject([{ kind: 'ids' }]);
  });

  it('passes, as every kind does, on the very list it was made of', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 30 }), (ids) => {
        const answer = listOf(
          ids,
          ids.map((_, i) => 1 - i / 100),
        );
        for (const spec of [
          { kind: 'ids' },
          { kind: 'set' },
          { kind: 'rbo', atLeast: 1 },
          { kind: 'scores', tolerance: 0 },
        ] as const) {
          const expectation = buildExpectation(spec, answer);
          expect(checkExpectation(expectation, answer, none)).toEqual([]);
          const longer = listOf([...ids, 'one more\u0000'], [...answer.scores, 0]);
          if (spec.kind === 'ids' || spec.kind === 'set')
            expect(checkExpectation(expectation, longer, none).length).toBe(1);
          expect(checkExpectation(renewExpectation(expectation, longer), longer, none)).toEqual([]);
        }
      }),
    );
  });

  it('fails by name, as do presence, rank, absence, verdict and strongest group', () => {
    const list = listOf(['a', 'b'], [2, 1]);
    expect(
      checkExpectation(
        { present: [{ adId: 'b', rank: 1 }, { adId: 'z' }], absent: ['a'], verdict: 'quota', topGroup: 'browse' },
        list,
        none,
      ).map(({ kind }) => kind),
    ).toEqual(['present', 'present', 'absent', 'verdict', 'topGroup']);
    const explained: Answer = { kind: 'explanation', score: 0.5, baseline: 0.1, topGroup: 'search' };
    expect(
      checkExpectation({ topGroup: 'search', scores: { values: { a: 0.5 }, tolerance: 1e-4 } }, explained, none),
    ).toEqual([]);
    expect(
      checkExpectation({ topGroup: 'browse', scores: { values: { a: 0.6 }, tolerance: 1e-4 } }, explained, none).length,
    ).toBe(2);
  });
});

describe('the review of a session', () => {
  it('makes the session pass by accepting, keeps the old expectation, and keeps it failing by rejecting', async () => {
    const recorded = sessionWorkspace();
    const present = sessionWorkspace({ deps: { index: 'lossy' } });
    const session = await tenSteps(recorded);
    const { outcomes } = await replay(session, present, { cause: false });
    const open = pending(outcomes);
    expect(open.length).toBeGreaterThan(2);
    const accepted = applyReview(
      session,
      outcomes,
      open.map(({ step }) => ({ step, verb: 'accept', why: 'new index' })),
      '2025-06-18T00:00:00.000Z',
    );
    expect((await replay(accepted, present, { cause: false })).failed).toBe(0);
    const first = open[0]?.step ?? 0;
    expect(accepted.steps.find(({ step }) => step === first)?.history).toMatchObject([
      {
        decision: 'accepted',
        at: '2025-06-18T00:00:00.000Z',
        why: 'new index',
        was: session.steps.find(({ step }) => step === first)?.expect,
      },
    ]);
    const rejected = applyReview(
      session,
      outcomes,
      [{ step: first, verb: 'reject', why: 'a bug' }],
      '2025-06-18T00:00:00.000Z',
    );
    expect((await replay(rejected, present, { cause: false })).failed).toBe(open.length);
    expect(() => applyReview(session, outcomes, [{ step: 99, verb: 'accept', why: 'x' }], 'now')).toThrow(
      /does not diverge/,
    );
  });
});

describe('the branch of a session', () => {
  it('leaves the steps before it as they are, by hash, and carries the change to those after', async () => {
    const workspace = sessionWorkspace();
    const session = await tenSteps(workspace);
    const options = { workspace, vault: testVault(), runner: runnerFor(workspace) };
    const branched = await branchSession(
      session,
      5,
      (query) => Promise.resolve({ ...query, weights: { ...query.weights, browse: 0 } }),
      options,
    );
    expect(branched.changed).toEqual(['weights.browse']);
    expect(branched.prefix).toBe(prefixHash(session.steps, 5));
    expect(prefixHash(branched.session.steps, 5)).toBe(branched.prefix);
    expect(branched.sides.map(({ step }) => step)).toEqual([5, 6, 7, 8, 9, 10]);
    // Steps 5 and 8 were asked with browse = 1.5; the recording itself changed it at the others.
    expect(
      branched.session.steps
        .filter((step) => JSON.stringify(step.query?.['weights']).includes('"browse":0,'))
        .map(({ step }) => step),
    ).toEqual([5, 8]);
    const again = await replay(branched.session, workspace);
    expect([again.failed, again.changed]).toEqual([0, 0]);
    expect(branched.sides[0]?.branched).not.toEqual(branched.sides[0]?.recorded);
  });

  it('refuses a step that is not there and a change that changes nothing', async () => {
    const workspace = sessionWorkspace();
    const session = await tenSteps(workspace);
    const options = { workspace, vault: testVault(), runner: runnerFor(workspace) };
    await expect(branchSession(session, 50, (query) => Promise.resolve(query), options)).rejects.toThrow(/no step 50/);
    await expect(branchSession(session, 2, (query) => Promise.resolve(query), options)).rejects.toThrow(
      /changes nothing/,
    );
  });
});

describe('the minimising of a session', () => {
  it('brings 40 steps to the 2 that are needed: the failing one and the one it is compared with', async () => {
    const workspace = sessionWorkspace();
    const { recorder, ask, path } = await recording(workspace);
    for (let n = 1; n <= 40; n += 1) {
      await ask('recall', { user: `u${n % 6}`, weight: [`browse=${(n % 5) / 2}`] });
      if (n !== 31) recorder.expect({ kind: 'ids' });
    }
    recorder.close();
    const whole = await readSession(path);
    const session = {
      ...whole,
      steps: whole.steps.map((step) =>
        step.step === 31 ? { ...step, expect: { against: { step: 12, atLeast: 1 } } } : step,
      ),
    };
    const small = await minimiseSession(session, { workspace, vault: testVault(), runner: runnerFor(workspace) });
    expect(small.session.steps.map(({ step }) => step)).toEqual([12, 31]);
    expect([small.before, small.after]).toEqual([40, 2]);
    const report = await replay(small.session, workspace);
    expect(report.first).toMatchObject({ step: 31, status: 'fail' });
    for (const step of [12, 31]) {
      const one = { ...session, steps: session.steps.filter((s) => s.step === step) };
      expect((await replay(one, workspace, { cause: false })).first?.failures).not.toEqual(report.first?.failures);
    }
  });

  it('finds every planted subset exactly', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 60 }),
        fc.uniqueArray(fc.nat(59), { minLength: 1, maxLength: 5 }),
        async (size, chosen) => {
          const needed = [...new Set(chosen.map((n) => n % size))];
          const items = Array.from({ length: size }, (_, i) => i);
          const found = await ddmin(items, (subset) => Promise.resolve(needed.every((n) => subset.includes(n))));
          expect([...found]).toEqual(needed.sort((a, b) => a - b));
        },
      ),
    );
  });
});
