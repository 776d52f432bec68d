import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Mode, RecallQuery } from '../../../src/domain/query.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { recallAds } from '../../../src/engine/retrieve.ts';
import type { RepairQuestion } from '../../../src/engine/why-not/candidate.ts';
import { efCandidates } from '../../../src/engine/why-not/ef-candidate.ts';
import { emissions } from '../../../src/engine/why-not/emission.ts';
import { smallestList } from '../../../src/engine/why-not/smallest-list.ts';
import { whyNot } from '../../../src/engine/why-not/why-not.ts';
import { exactOrder } from '../../support/check-verdict.ts';
import { makeWorld, worldDeps, worldQuery } from '../../support/memory-world.ts';

const anyCase = fc.record({
  seed: fc.integer({ min: 1, max: 60 }),
  user: fc.integer({ min: 0, max: 7 }),
  ad: fc.integer({ min: 0, max: 119 }),
  mode: fc.constantFrom<Mode>('model', 'model', 'merged', 'legacy'),
  index: fc.constantFrom<'exact' | 'lossy'>('exact', 'lossy'),
  k: fc.constantFrom(5, 12, 30),
  ef: fc.constantFrom(5, 20, 40),
});

const holds = async (engine: Engine, query: RecallQuery, adId: string): Promise<boolean> =>
  (await engine.recall(query)).candidates.some((candidate) => candidate.adId === adId);

/** Weights one thousandth apart, from the next to `from` up to the last before `to`. */
const between = (from: number, to: number): number[] => {
  const [a, b] = [Math.round(from * 1000), Math.round(to * 1000)];
  const sign = Math.sign(b - a);
  return Array.from({ length: Math.max(0, Math.abs(b - a) - 1) }, (_, i) => (a + sign * (i + 1)) / 1000);
};

/** Every change of the repair's kind and direction that is nearer to what the query has. */
const nearer = (
  query: RecallQuery,
  change: NonNullable<Awaited<ReturnType<typeof whyNot>>['repair']>['change'],
): RecallQuery[] => {
  const counts = (from: number, to: number): number[] =>
    Array.from({ length: Math.max(0, Math.abs(to - from) - 1) }, (_, i) => from + Math.sign(to - from) * (i + 1));
  if (change.type === 'weight')
    return between(change.from, change.to).map((weight) => ({
      ...query,
      weights: { ...query.weights, [change.group]: weight },
    }));
  if (change.type === 'ef') return counts(Math.max(query.ef, query.k), change.to).map((ef) => ({ ...query, ef }));
  if (change.type === 'merge-quota')
    return counts(change.from, change.to).map((quota) => ({
      ...query,
      merge: { ...query.merge, quota: { ...query.merge.quota, [change.channel]: quota } },
    }));
  if (change.type === 'rule-quota')
    return counts(change.from, change.to).map((quota) => ({
      ...query,
      rules: { ...query.rules, quota: { ...query.rules.quota, [change.channel]: quota } },
    }));
  return [];
};

/** What the search for a repair is asked, with the model as below its cutoff. */
const questionOf = async (engine: Engine, query: RecallQuery, ordinal: number): Promise<RepairQuestion> => ({
  query,
  ordinal,
  before: await engine.recall(query),
  emissions: (await emissions(engine.core, query, false)).channels,
  signal: undefined,
  verdicts: [
    {
      channel: 'model',
      takesPart: true,
      verdict: 'below-cutoff',
      evidence: { type: 'rank', rank: 1, limit: query.k, score: 0, cutoff: 0, ties: 0 },
      margin: 0,
      rankMargin: 0,
    },
  ],
});

describe('a repair by a number', () => {
  it('is the smallest of its kind by brute force: weights in thousandths, quotas by one', async () => {
    const seen = new Map<string, number>();
    await fc.assert(
      fc.asyncProperty(anyCase, async ({ seed, user, ad, mode, index, k, ef }) => {
        const engine = createEngine(worldDeps(makeWorld({ seed, ads: 120 }), { index }));
        const query = worldQuery(`u${user}`, { mode, k, ef, eligibility: false });
        const adId = engine.core.deps.catalog.idOf(ad);
        const { repair, searched, verdict } = await whyNot(engine, query, adId);
        if (verdict === 'recalled') return;
        expect(searched).not.toBeNull();
        if (repair === null) {
          if (searched?.weights?.every === true) seen.set('none', (seen.get('none') ?? 0) + 1);
          return;
        }
        const { change, smallest } = repair;
        const name = change.type === 'ef' && change.to < change.from ? 'smaller ef' : change.type;
        seen.set(name, (seen.get(name) ?? 0) + 1);
        expect(await holds(engine, repair.query, adId)).toBe(true);
        const tries = nearer(query, change);
        const from = change.type === 'weight' && smallest?.certain === false ? tries.slice(-1) : tries;
        for (const one of from) expect(await holds(engine, one, adId), JSON.stringify(change)).toBe(false);
      }),
      { numRuns: 60, seed: 11 },
    );
    for (const kind of ['weight', 'k', 'merge-quota'])
      expect(seen.get(kind) ?? 0, `no ${kind} in ${JSON.stringify([...seen])}`).toBeGreaterThan(0);
  });

  it('is the nearest ef for ads that the index missed', async () => {
    let efs = 0;
    for (const seed of [1, 2]) {
      const engine = createEngine(worldDeps(makeWorld({ seed, ads: 200 }), { index: 'lossy' }));
      const query = worldQuery('u4', { k: 40, ef: 40 });
      const listed = new Set((await engine.recall(query)).candidates.map(({ ordinal }) => ordinal));
      const missed = (await exactOrder(engine, query)).slice(0, 40).filter(({ ordinal }) => !listed.has(ordinal));
      for (const { ordinal } of missed.slice(0, 6)) {
        const adId = engine.core.deps.catalog.idOf(ordinal);
        const { repair } = await whyNot(engine, query, adId);
        if (repair?.change.type !== 'ef') continue;
        efs += 1;
        expect(await holds(engine, repair.query, adId)).toBe(true);
        for (const one of nearer(query, repair.change)) expect(await holds(engine, one, adId)).toBe(false);
      }
    }
    expect(efs).toBeGreaterThan(2);
  });

  it('is certain where it is a list at most 64 longer, wherever the search of it began', async () => {
    const deps = worldDeps(makeWorld({ seed: 1, ads: 300 }));
    const { index } = deps;
    if (index === null) throw new Error('the world has an index');
    const query = worldQuery('u4', { k: 3, ef: 40, eligibility: false });
    const [best] = (await createEngine(deps).recall(query)).candidates;
    if (best === undefined) throw new Error('the list is empty');
    for (const foundAt of [41, 42, 43, 60, 87, 104, 105]) {
      const { core, recall } = createEngine({
        ...deps,
        index: {
          ...index,
          search: async (vector, k, ef, mask) => {
            const { ordinals, scores } = await index.search(vector, k + 1, ef, mask);
            const kept = Array.from(ordinals, (_, i) => i)
              .filter((i) => ef >= foundAt || ordinals[i] !== best.ordinal)
              .slice(0, k);
            return {
              ordinals: Int32Array.from(kept, (i) => ordinals[i] ?? 0),
              scores: Float32Array.from(kept, (i) => scores[i] ?? 0),
            };
          },
        },
      });
      const question = { query, ordinal: best.ordinal, before: await recall(query), signal: undefined };
      // The first list that is run beyond ef is of 107 ads: a bracket of 67, which is bisected.
      const { list } = await smallestList(core, question, 107, 300);
      const all = foundAt - 40 <= 64;
      expect(list).toEqual({ k: foundAt, certain: all, ran: { from: all ? 41 : 43, to: foundAt } });
    }
  });

  it('is found in few runs where it is a list of thousands of ads, and the list before it lacks the ad', async () => {
    const engine = createEngine(worldDeps(makeWorld({ seed: 1, ads: 3000 }), { index: 'lossy' }));
    const query = worldQuery('u4', { mode: 'model', eligibility: false, k: 10, ef: 10 });
    // Asked below the engine of the tests, which explains each ad of every list.
    const isIn = async (k: number, ordinal: number): Promise<boolean> =>
      (await recallAds(engine.core, { ...query, k })).some((ad) => ad.ordinal === ordinal);
    const lists: number[] = [];
    for (const { ordinal } of (await exactOrder(engine, query)).slice(2700, 2706)) {
      const adId = engine.core.deps.catalog.idOf(ordinal);
      const { repair, searched } = await whyNot(engine, query, adId);
      if (repair?.change.type !== 'k' || repair.change.to <= 2048) continue;
      lists.push(repair.change.to);
      expect(repair.smallest).toEqual({ certain: false, ran: { from: repair.change.to - 1, to: repair.change.to } });
      expect(searched?.k?.runs).toBeLessThan(24);
      expect(await isIn(repair.change.to, ordinal)).toBe(true);
      expect(await isIn(repair.change.to - 1, ordinal)).toBe(false);
    }
    expect(lists.length).toBeGreaterThan(2);
  });

  it('is offered where only an ef far below the one asked brings the ad in', async () => {
    const deps = worldDeps(makeWorld({ seed: 1, ads: 60 }));
    const { index } = deps;
    if (index === null) throw new Error('the world has an index');
    const asked = worldQuery('u1', { k: 5, ef: 58, eligibility: false });
    const [best] = (await createEngine(deps).recall(asked)).candidates;
    if (best === undefined) throw new Error('the list is empty');
    // A search as broad as this one comes by another way, and does not meet the ad.
    const engine = createEngine({
      ...deps,
      index: {
        ...index,
        search: async (vector, k, ef, mask) => {
          const { ordinals, scores } = await index.search(vector, k + 1, ef, mask);
          const kept = Array.from(ordinals, (_, i) => i).filter((i) => ef <= 7 || ordinals[i] !== best.ordinal);
          return {
            ordinals: Int32Array.from(kept.slice(0, k), (i) => ordinals[i] ?? 0),
            scores: Float32Array.from(kept.slice(0, k), (i) => scores[i] ?? 0),
          };
        },
      },
    });
    const { candidates } = await efCandidates(engine.core, await questionOf(engine, asked, best.ordinal));
    expect(candidates).toMatchObject([{ change: { type: 'ef', from: 58, to: 7 } }]);
    // Of the range from 58 down to the length of the list.
    expect(candidates[0]?.cost).toBeCloseTo(Math.log(59 / 8) / Math.log(59 / 6), 9);
  });
});
