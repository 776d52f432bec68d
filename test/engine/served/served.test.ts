import { describe, expect, it } from 'vitest';
import { noEligibilityRules } from '../../../src/domain/ads.ts';
import type { EligibilityRules } from '../../../src/domain/ads.ts';
import type { RecallQuery } from '../../../src/domain/query.ts';
import type { ServedComparison, ServedCause } from '../../../src/domain/served/served.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { compareServed } from '../../../src/engine/served/served.ts';
import { makeWorld, worldDeps, worldQuery, worldStart } from '../../support/memory-world.ts';
import type { DepsOptions } from '../../support/memory-world.ts';

const world = makeWorld({ users: 12, ads: 300, seed: 5, twins: 0 });
const engineOf = (options: DepsOptions = {}): Engine => createEngine(worldDeps(world, options));
const queries = (overrides: Partial<RecallQuery>): RecallQuery[] =>
  world.users.map(({ userId }) => worldQuery(userId, overrides));
const ids = async (engine: Engine, query: RecallQuery): Promise<string[]> =>
  (await engine.recall(query)).candidates.map((candidate) => candidate.adId);

/** What the log would hold if the server had asked `served`, against `query` now; only requests whose lists differ in an ad. */
const planted = async (
  engine: Engine,
  now: readonly RecallQuery[],
  then: (query: RecallQuery) => RecallQuery | readonly string[] | null | Promise<readonly string[]>,
): Promise<Array<{ query: RecallQuery; found: ServedComparison }>> => {
  const out: Array<{ query: RecallQuery; found: ServedComparison }> = [];
  for (const query of now) {
    const served = await then(query);
    if (served === null) continue;
    const list = 'userId' in served ? await ids(engine, served) : served;
    const found = await compareServed(
      engine,
      { ...query, k: list.length },
      { userId: query.userId, at: query.asOf, list, scores: null, channels: null },
      (adId) => adId,
    );
    if (found.rows.some((row) => row.served === null || row.recomputed === null)) out.push({ query, found });
  }
  expect(out.length).toBeGreaterThan(1);
  return out;
};

const causesOf = ({ rows }: ServedComparison): ServedCause[] =>
  rows.flatMap((row) => (row.cause === null ? [] : [row.cause]));

describe('a served list against the recomputed one', () => {
  it('has no cause where both are the same', async () => {
    const engine = engineOf();
    for (const query of queries({ eligibility: false })) {
      const found = await compareServed(
        engine,
        query,
        { userId: query.userId, at: query.asOf, list: await ids(engine, query), scores: null, channels: null },
        () => '',
      );
      expect(found).toMatchObject({ same: true, overlap: { jaccard: 1 } });
      expect(causesOf(found)).toEqual([]);
    }
  });

  it.each([131, 150, 177, 200])(
    'names as the cause, served at ef %i, an ef whose run gives the served list',
    async (ef) => {
      const engine = engineOf({ index: 'lossy' });
      for (const { query, found } of await planted(engine, queries({ eligibility: false, ef: 10 }), (query) => ({
        ...query,
        ef,
      }))) {
        for (const cause of causesOf(found)) {
          expect(cause.type).toBe('another-ef');
          if (cause.type === 'another-ef')
            expect(await ids(engine, { ...query, ef: cause.ef })).toEqual(found.request.list);
        }
      }
    },
  );

  it('names as the cause, served from older features, an instant whose run gives the served list', async () => {
    const engine = engineOf();
    const older = (query: RecallQuery): RecallQuery | null => {
      const event = engine.core.history(query)[2];
      return event === undefined ? null : { ...query, asOf: event.at + 1 };
    };
    for (const { query, found } of await planted(
      engine,
      queries({ eligibility: false, weights: { trend: 0, social: 0, context: 0, browse: 1, search: 1, purchase: 1 } }),
      older,
    )) {
      for (const cause of causesOf(found)) {
        expect(cause.type).toBe('feature-age');
        if (cause.type !== 'feature-age') continue;
        expect(cause.ageMs).toBe(query.asOf - cause.asOf);
        expect(await ids(engine, { ...query, asOf: cause.asOf })).toEqual(found.request.list);
      }
    }
  });

  it.each([
    ['dates', 'not-eligible-then'],
    ['budget', 'not-eligible-now'],
    ['targeting', 'not-eligible-then'],
  ] as const)(
    'names as the cause, served without the filter of %s, %s, for the ad that was served and for the one in its place',
    async (rule, type) => {
      const engine = engineOf({
        settings: {
          eligibility: {
            ...noEligibilityRules,
            dates: false,
            budget: false,
            targeting: false,
            [rule]: true,
            blocklist: [],
          },
        },
      });
      for (const { query, found } of await planted(engine, queries({}), (query) => ({
        ...query,
        eligibility: false,
      }))) {
        for (const row of found.rows.filter((one) => one.cause !== null)) {
          // An ad that ends before it starts, or several such in the place of one, has both ends of its dates for a cause.
          const { cause } = row;
          const parts =
            cause?.type === 'together' || cause?.type === 'either'
              ? cause.causes.flatMap((one) => (one.type === 'together' ? one.causes : [one]))
              : [cause];
          for (const part of parts) expect(part?.type).toBe(type);
          if (row.served !== null)
            expect(engine.core.dropReason(query, engine.core.deps.catalog.ordinalOf(row.adId) ?? -1)).not.toBeNull();
        }
      }
    },
  );

  it.each<[string, Partial<EligibilityRules>, string, string]>([
    ['already-bought', { alreadyBought: { kinds: ['purchase', 'click'] } }, 'not-eligible-then', 'already-bought'],
    [
      'frequency-cap',
      { frequencyCap: { kinds: ['view', 'click', 'impression'], max: 1, windowMs: 60 * 86_400_000 } },
      'not-eligible-then',
      'frequency-cap',
    ],
    [
      'blocklist',
      { blocklist: world.ads.filter((_, i) => i % 3 === 0).map((ad) => ad.adId) },
      'not-eligible-now',
      'blocklist',
    ],
  ])('names as the cause, served without the rule %s, that rule', async (_name, rule, type, reason) => {
    const engine = engineOf({
      settings: {
        eligibility: { ...noEligibilityRules, dates: false, budget: false, targeting: false, blocklist: [], ...rule },
      },
    });
    for (const { query, found } of await planted(engine, queries({ k: 40 }), (query) => ({
      ...query,
      eligibility: false,
    }))) {
      const differing = found.rows.filter((row) => row.cause !== null);
      for (const row of differing) {
        expect(row.cause).toEqual({ type, reason });
        if (row.served !== null)
          expect(engine.core.dropReason(query, engine.core.deps.catalog.ordinalOf(row.adId) ?? -1)).toBe(reason);
      }
      expect(differing.filter((row) => row.served === null)).toHaveLength(
        differing.filter((row) => row.recomputed === null).length,
      );
    }
  });

  it('has an unknown cause where no run gives the list, with the stated fact that the model was built from later data', async () => {
    const engine = engineOf({ builtUntil: worldStart + 50 * 86_400_000 });
    const odd = world.ads.slice(40, 50).map((ad) => ad.adId);
    for (const { found } of await planted(engine, queries({ eligibility: false }), () => odd)) {
      for (const cause of causesOf(found))
        expect(cause).toMatchObject({
          type: 'unknown',
          newer: expect.stringContaining('model: built on data until'),
        });
    }
  });

  it('has an unknown cause where no run gives it and no fact explains it, and for an ad that the sample lacks', async () => {
    const odd = [...world.ads.slice(40, 49).map((ad) => ad.adId), 'no-such-ad'];
    for (const { found } of await planted(engineOf(), queries({ eligibility: false }), () => odd)) {
      expect(new Set(causesOf(found).map((cause) => cause.type))).toEqual(new Set(['unknown']));
    }
  });

  it('charges the other ads to their causes where the sample lacks one of those served', async () => {
    const engine = engineOf({ index: 'lossy' });
    let charged = 0;
    for (const { query, found } of await planted(engine, queries({ eligibility: false, ef: 10 }), async (query) => [
      ...(await ids(engine, { ...query, ef: 200 })).slice(0, -1),
      'no-such-ad',
    ])) {
      const known = found.request.list.slice(0, -1);
      for (const row of found.rows)
        if (row.adId === 'no-such-ad') expect(row.cause).toMatchObject({ type: 'unknown' });
        else if (row.cause?.type === 'another-ef') {
          charged += 1;
          for (const ef of [row.cause.from, row.cause.ef, row.cause.to])
            expect((await ids(engine, { ...query, ef })).slice(0, known.length)).toEqual(known);
        }
    }
    expect(charged).toBeGreaterThan(0);
  });

  it('gives the least and the largest ef that give the served list', async () => {
    const engine = engineOf({ index: 'lossy' });
    for (const { query, found } of await planted(engine, queries({ eligibility: false, ef: 10 }), (query) => ({
      ...query,
      ef: 150,
    })))
      for (const cause of causesOf(found)) {
        if (cause.type !== 'another-ef') continue;
        expect(cause.from).toBeLessThanOrEqual(150);
        expect(cause.to).toBeGreaterThanOrEqual(150);
        for (const ef of [cause.from, cause.to])
          expect(await ids(engine, { ...query, ef })).toEqual(found.request.list);
        if (cause.from > found.request.list.length)
          expect(await ids(engine, { ...query, ef: cause.from - 1 })).not.toEqual(found.request.list);
      }
  });
});
