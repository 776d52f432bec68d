import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plantedQuery, readPlanted } from '../../src/commands/start/planted.ts';
import { ruleNames } from '../../src/domain/channels.ts';
import { movesBetween } from '../../src/domain/miss-moves.ts';
import { missCutoffs, reasonKey, summariseMisses, type CurveName } from '../../src/domain/misses.ts';
import { modes, type RecallQuery } from '../../src/domain/query.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { missRows } from '../../src/engine/misses.ts';
import { whyNot } from '../../src/engine/why-not/why-not.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { openDemo } from '../support/demo.ts';
import { makeWorld, worldDeps, worldQuery } from '../support/memory-world.ts';

const idsOf = async (engine: Engine, query: RecallQuery): Promise<string[]> =>
  (await engine.recall(query)).candidates.map(({ adId }) => adId);

/** The query with every quota doubled. */
const twice = (query: RecallQuery): RecallQuery => {
  const double = <K extends string>(quota: Readonly<Partial<Record<K, number>>>): Record<string, number> =>
    Object.fromEntries(Object.entries<number | undefined>(quota).map(([name, n]) => [name, 2 * (n ?? 0)]));
  return query.mode === 'legacy'
    ? { ...query, rules: { ...query.rules, quota: double(query.rules.quota) } }
    : { ...query, merge: { ...query.merge, quota: double(query.merge.quota) } };
};

/** Each channel asked alone, by fresh recalls. */
const alone = async (engine: Engine, query: RecallQuery): Promise<string[]> => {
  const lists = [await idsOf(engine, { ...query, mode: 'model' }), await idsOf(engine, { ...query, mode: 'i2i' })];
  for (const rule of ruleNames)
    lists.push(
      await idsOf(engine, {
        ...query,
        mode: 'legacy',
        rules: { ...query.rules, order: [rule], quota: { [rule]: query.k } },
      }),
    );
  return lists.flat();
};

describe('the misses of engaged ads', () => {
  it('have the verdicts of a loop of why-not, and in each list the places that fresh recalls give', async () => {
    const asked = fc.record({
      seed: fc.integer({ min: 1, max: 30 }),
      mode: fc.constantFrom(...modes),
      k: fc.integer({ min: 2, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(asked, async ({ seed, mode, k }) => {
        const world = makeWorld({ seed, users: 6, ads: 60, eventsPerUser: 14 });
        const engine = createEngine(worldDeps(world, { index: 'lossy' }));
        const exact = createEngine(worldDeps(world, { index: 'none' }));
        const questions = world.users.map(({ userId }, u) => ({
          query: worldQuery(userId, { mode, k, ef: 10 }),
          adIds: ['no-such-ad', ...world.ads.filter((_, i) => i % 7 === u).map(({ adId }) => adId)],
        }));
        const rows = await missRows(engine, questions);
        const cutoffs = missCutoffs(k, world.ads.length);
        for (const [i, { query, adIds }] of questions.entries()) {
          const row = rows[i];
          for (const [j, adId] of adIds.entries())
            expect(row?.losses[j]?.verdict).toBe((await whyNot(engine, query, adId, { repair: false })).verdict);
          for (const [c, cut] of cutoffs.entries()) {
            const own = { ...query, k: Math.max(k, cut) };
            const merges = mode === 'legacy' || mode === 'merged';
            const lists: Record<CurveName, string[] | null> = {
              list: await idsOf(engine, own),
              exact: await idsOf(exact, own),
              quotas: merges ? await idsOf(engine, twice(own)) : null,
              model: await idsOf(exact, { ...own, mode: 'model' }),
              union: null,
            };
            const held = (list: string[]): number => adIds.filter((adId) => list.slice(0, cut).includes(adId)).length;
            for (const name of ['list', 'exact', 'quotas', 'model'] as const) {
              const list = lists[name];
              expect(row?.found[name]?.[c] ?? null, `${name} at ${cut}`).toBe(list === null ? null : held(list));
            }
            if (cut < k) continue;
            const any = new Set(await alone(engine, own));
            expect(row?.found.union?.[c]).toBe(adIds.filter((adId) => any.has(adId)).length);
          }
        }
      }),
      { numRuns: 6 },
    );
  }, 60_000);

  it('add up: every pair has one reason, shares sum to 1, no list of k places holds more than all channels together', async () => {
    const world = makeWorld({ seed: 4, users: 12, ads: 90, eventsPerUser: 20 });
    const engine = createEngine(worldDeps(world, { index: 'lossy' }));
    const questions = world.users.map(({ userId }) => ({
      query: worldQuery(userId, { mode: 'merged' }),
      adIds: world.ads.map(({ adId }) => adId),
    }));
    const rows = await missRows(engine, questions);
    const summary = summariseMisses(rows, missCutoffs(10, 90), { k: 10, seed: 1 });
    expect(summary.pairs).toBe(12 * 90);
    expect(summary.reasons.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(summary.pairs);
    expect(summary.reasons.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
    for (const { share, ci95 } of summary.reasons) {
      expect(ci95.low).toBeLessThanOrEqual(share);
      expect(ci95.high).toBeGreaterThanOrEqual(share);
    }
    const [list] = summary.ceilings;
    expect(list?.pairs).toBe(summary.recalled);
    expect(list?.recall).toBeCloseTo(summary.recall, 12);
    const union = summary.ceilings.find(({ name }) => name === 'union');
    for (const { recall } of summary.ceilings) expect(union?.recall).toBeGreaterThanOrEqual(recall);
  });

  it('move from a reason of one side to a reason of the other as a join of their pairs says', async () => {
    const world = makeWorld({ seed: 6, users: 8, ads: 60, eventsPerUser: 20 });
    const engine = createEngine(worldDeps(world, { index: 'lossy' }));
    const side = (k: number): ReturnType<typeof missRows> =>
      missRows(
        engine,
        world.users.map(({ userId }) => ({
          query: worldQuery(userId, { mode: 'merged', k }),
          adIds: world.ads.map(({ adId }) => adId),
        })),
      );
    const [a, b] = [await side(5), await side(25)];
    const { pairs, same, moves } = movesBetween(a, b);
    const joined = a.flatMap((row, u) => row.losses.map((loss, i) => [loss, b[u]?.losses[i]] as const));
    const counted = new Map<string, number>();
    for (const [from, to] of joined) {
      if (to === undefined) throw new Error('both sides were asked the same');
      const key = `${reasonKey(from)} → ${reasonKey(to)}`;
      if (reasonKey(from) !== reasonKey(to)) counted.set(key, (counted.get(key) ?? 0) + 1);
    }
    expect(pairs).toBe(joined.length);
    expect(moves.length).toBeGreaterThan(1);
    expect(same + moves.reduce((sum, move) => sum + move.pairs, 0)).toBe(pairs);
    const name = ({ reason, detail }: (typeof moves)[number]['from']): string => reasonKey({ verdict: reason, detail });
    expect(new Map(moves.map((move) => [`${name(move.from)} → ${name(move.to)}`, move.pairs]))).toEqual(counted);
  });
});

describe('the planted clicks of the demo', () => {
  let demo: Workspace;
  beforeAll(async () => {
    demo = await openDemo();
  }, 120_000);
  afterAll(() => demo.close());

  it('have the reasons that a loop of why-not gives', async () => {
    const planted = (await readPlanted(demo)).filter(({ group }) => group !== null);
    for (const [mode, nth] of [
      ['model', 4],
      ['merged', 24],
    ] as const) {
      const rows = planted.filter((_, i) => i % nth === 0);
      const questions = rows.map((row) => ({ query: { ...plantedQuery(demo, row), mode }, adIds: [row.adId] }));
      const naive = new Map<string, number>();
      for (const { query, adIds } of questions) {
        const { verdict, reason } = await whyNot(demo.engine, query, adIds[0] ?? '', { repair: false });
        const key = reasonKey({ verdict, detail: reason });
        naive.set(key, (naive.get(key) ?? 0) + 1);
      }
      const { reasons } = summariseMisses(
        await missRows(demo.engine, questions),
        missCutoffs(100, demo.catalog.adCount),
        {
          k: 100,
          seed: 1,
        },
      );
      const counted = reasons.map(
        ({ reason, detail, pairs }) => [reasonKey({ verdict: reason, detail }), pairs] as const,
      );
      expect(new Map(counted)).toEqual(naive);
      expect(counted.length).toBeGreaterThan(1);
    }
  }, 120_000);
});
