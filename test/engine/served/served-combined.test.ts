import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noEligibilityRules } from '../../../src/domain/ads.ts';
import type { Ad, DropReason } from '../../../src/domain/ads.ts';
import type { RecallQuery } from '../../../src/domain/query.ts';
import type { ServedCause, ServedComparison } from '../../../src/domain/served/served.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import { compareServed } from '../../../src/engine/served/served.ts';
import { memoryEncoder } from '../../support/memory-model.ts';
import { hour, makeWorld, worldDeps, worldQuery } from '../../support/memory-world.ts';
import type { DepsOptions, MemoryWorld } from '../../support/memory-world.ts';

const base = makeWorld({ users: 8, ads: 300, seed: 11, twins: 0 });
const settings = {
  eligibility: { ...noEligibilityRules, blocklist: base.ads.filter((_, i) => i % 17 === 0).map(({ adId }) => adId) },
};
const behaviour = { browse: 1, search: 1, purchase: 1, social: 0, context: 1, trend: 0 };

const listOf = async (world: MemoryWorld, query: RecallQuery, options: DepsOptions): Promise<string[]> =>
  (await createEngine(worldDeps(world, options)).recall(query)).candidates.map(({ adId }) => adId);
const compared = (
  world: MemoryWorld,
  query: RecallQuery,
  list: readonly string[],
  options: DepsOptions,
): Promise<ServedComparison> =>
  compareServed(
    createEngine(worldDeps(world, options)),
    { ...query, k: list.length },
    { userId: query.userId, at: query.asOf, list, scores: null, channels: null },
    (adId) => adId,
  );

/** The ad with what these filters read taken away. The blocklist is of the settings, not of the ad. */
const without = (ad: Ad, reasons: readonly DropReason[]): Ad => ({
  ...ad,
  ...(reasons.includes('not-started') ? { startAt: null } : {}),
  ...(reasons.includes('ended') ? { endAt: null } : {}),
  ...(reasons.includes('budget') ? { budgetLeft: null } : {}),
  ...(reasons.includes('targeting') ? { targeting: null } : {}),
});

/** Reasons read from the ad's own fields, as docs/design.md words them rather than by the code under test. */
const reasonsOf = (world: MemoryWorld, ad: Ad, { userId, asOf }: RecallQuery): DropReason[] => {
  const attributes = new Map(Object.entries(world.users.find((user) => user.userId === userId)?.attributes ?? {}));
  const mismatch = Object.entries(ad.targeting ?? {}).some(
    ([name, accepted]) => !accepted.includes(attributes.get(name) ?? ''),
  );
  const holds: ReadonlyArray<readonly [DropReason, boolean]> = [
    ['not-started', ad.startAt !== null && ad.startAt > asOf],
    ['ended', ad.endAt !== null && ad.endAt <= asOf],
    ['budget', ad.budgetLeft !== null && ad.budgetLeft <= 0],
    ['targeting', mismatch],
    ['blocklist', settings.eligibility.blocklist.includes(ad.adId)],
  ];
  return holds.flatMap(([reason, is]) => (is ? [reason] : []));
};

/** The world the server had: these filters not applied to any ad, the user's behaviour from `from` on not arrived yet. */
const serverWorld = (
  world: MemoryWorld,
  query: RecallQuery,
  lifted: readonly DropReason[],
  from: number | null,
): MemoryWorld => ({
  ...world,
  ads: world.ads.map((ad) => without(ad, lifted)),
  events: world.events.filter(
    (event) => from === null || event.userId !== query.userId || event.at < from || event.at >= query.asOf,
  ),
});

const simple = (cause: ServedCause): ServedCause[] =>
  cause.type === 'together' || cause.type === 'either' ? cause.causes.flatMap(simple) : [cause];
const causesOf = ({ rows }: ServedComparison): ServedCause[] =>
  rows.flatMap(({ cause }) => (cause === null ? [] : [cause]));
const reasonOf = (cause: ServedCause): DropReason[] =>
  cause.type === 'not-eligible-then' || cause.type === 'not-eligible-now' ? [cause.reason] : [];

describe('a served list with several causes at once', () => {
  it('has a cause for every difference and no cause that was not planted: filters, ef, age of the behaviour, any of them together', async () => {
    let [differed, several] = [0, 0];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...base.users.map(({ userId }) => userId)),
        fc.subarray<DropReason>(['not-started', 'ended', 'budget', 'targeting']),
        fc.constantFrom(null, 131, 150, 177),
        fc.constantFrom(null, 1, 3, 6),
        async (userId, lifted, ef, back) => {
          const options: DepsOptions = { index: 'lossy', settings };
          const query = worldQuery(userId, { ef: 10, k: 20, weights: behaviour });
          const own = base.events
            .filter((event) => event.userId === userId && event.at < query.asOf)
            .sort((a, b) => b.at - a.at);
          const from = back === null ? null : (own[back]?.at ?? null);
          const list = await listOf(serverWorld(base, query, lifted, from), { ...query, ef: ef ?? query.ef }, options);
          const found = await compared(base, query, list, options);
          for (const { adId, served, recomputed, cause } of found.rows) {
            expect(cause === null).toBe(served !== null && recomputed !== null);
            if (cause === null) continue;
            differed += 1;
            if (cause.type === 'together') several += 1;
            const parts = simple(cause);
            for (const part of parts)
              expect(
                [
                  'not-eligible-then',
                  'not-eligible-now',
                  ...(ef === null ? [] : ['another-ef']),
                  ...(from === null ? [] : ['feature-age']),
                ],
                JSON.stringify(part),
              ).toContain(part.type);
            const ad = base.ads.find((one) => one.adId === adId);
            // Whatever else moved it, a dropped ad is charged to every filter that drops it and to no other.
            if (ad !== undefined && served !== null)
              expect(parts.flatMap(reasonOf).sort()).toEqual(reasonsOf(base, ad, query).sort());
          }
        },
      ),
      { numRuns: 60, seed: 3 },
    );
    expect(differed).toBeGreaterThan(200);
    expect(several).toBeGreaterThan(10);
  }, 60_000);

  it("comes back, ad by ad, when its causes are applied to the server's world", async () => {
    const options: DepsOptions = { index: 'lossy', settings };
    let checked = 0;
    for (const [i, { userId }] of base.users.entries()) {
      const query = worldQuery(userId, { ef: 10, k: 20, weights: behaviour });
      const from =
        base.events.filter((event) => event.userId === userId && event.at < query.asOf).sort((a, b) => b.at - a.at)[
          1 + (i % 4)
        ]?.at ?? null;
      const list = await listOf(serverWorld(base, query, ['ended', 'budget'], from), { ...query, ef: 150 }, options);
      const parts = causesOf(await compared(base, query, list, options)).flatMap((cause) =>
        cause.type === 'either' ? simple(cause.causes[0] ?? cause) : simple(cause),
      );
      const efs = new Set(parts.flatMap((part) => (part.type === 'another-ef' ? [part.ef] : [])));
      const ages = new Set(parts.flatMap((part) => (part.type === 'feature-age' ? [part.asOf] : [])));
      expect([efs.size <= 1, ages.size <= 1]).toEqual([true, true]);
      const again = await listOf(
        serverWorld(base, query, parts.flatMap(reasonOf), [...ages][0] ?? null),
        { ...query, ef: [...efs][0] ?? query.ef },
        options,
      );
      if (efs.size + ages.size === 2) {
        expect(again).toEqual(list);
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(1);
  }, 60_000);

  it('loses three ads to two ended ones and one out of budget: the last by either, the next by the two, the third by all together', async () => {
    const query = worldQuery('u2', { k: 10, weights: behaviour, asOf: worldQuery('u2').asOf });
    const open = {
      ...base,
      ads: base.ads.map((ad) => ({ ...ad, startAt: null, endAt: null, budgetLeft: null, targeting: null })),
    };
    const served = await listOf(open, query, {});
    const ended = new Set([served[1], served[4]]);
    const now = {
      ...open,
      ads: open.ads.map((ad) => ({
        ...ad,
        endAt: ended.has(ad.adId) ? query.asOf - hour : null,
        budgetLeft: ad.adId === served[6] ? 0 : null,
      })),
    };
    const found = await compared(now, query, served, {});
    const [byDate, byBudget] = [
      { type: 'not-eligible-then', reason: 'ended' },
      { type: 'not-eligible-now', reason: 'budget' },
    ];
    expect(
      found.rows
        .filter((row) => row.cause !== null)
        .map(({ served: place, recomputed, cause }) => [place, recomputed, cause]),
    ).toEqual([
      [2, null, byDate],
      [5, null, byDate],
      [7, null, byBudget],
      [null, 8, { type: 'together', causes: [byDate, byBudget] }],
      [null, 9, byDate],
      [null, 10, { type: 'either', causes: [byDate, byBudget] }],
    ]);
  });

  it('charges an ad that is both ended and out of budget to both: lifting one does not bring it', async () => {
    const query = worldQuery('u3', { weights: behaviour });
    const open = {
      ...base,
      ads: base.ads.map((ad) => ({ ...ad, startAt: null, endAt: null, budgetLeft: null, targeting: null })),
    };
    const served = await listOf(open, query, {});
    const now = {
      ...open,
      ads: open.ads.map((ad) => (ad.adId === served[3] ? { ...ad, endAt: query.asOf - hour, budgetLeft: 0 } : ad)),
    };
    const [cause] = causesOf(await compared(now, query, served, {}));
    expect(cause).toEqual({
      type: 'together',
      causes: [
        { type: 'not-eligible-then', reason: 'ended' },
        { type: 'not-eligible-now', reason: 'budget' },
      ],
    });
  });

  it.each([
    ['reads no behaviour', true],
    ['reads behaviour', false],
  ] as const)(
    'takes an ad that ended since the latest behaviour for no sign of old features where the model %s',
    async (_name, frozen) => {
      for (const { userId } of base.users) {
        const query = worldQuery(userId, {
          weights: frozen ? {} : { ...behaviour, browse: 0, search: 0, purchase: 0 },
        });
        const open = {
          ...base,
          ads: base.ads.map((ad) => ({ ...ad, startAt: null, endAt: null, budgetLeft: null, targeting: null })),
        };
        const deps = (world: MemoryWorld): ReturnType<typeof worldDeps> => {
          const all = worldDeps(world, { settings: frozen ? { groups: [] } : {} });
          return frozen
            ? { ...all, encoder: () => Promise.resolve(memoryEncoder(world, [], { mlp: false, builtUntil: null })) }
            : all;
        };
        const served = (await createEngine(deps(open)).recall(query)).candidates.map(({ adId }) => adId);
        const now = {
          ...open,
          ads: open.ads.map((ad) => (ad.adId === served[2] ? { ...ad, endAt: query.asOf - 1 } : ad)),
        };
        const found = await compareServed(
          createEngine(deps(now)),
          query,
          { userId, at: query.asOf, list: served, scores: null, channels: null },
          () => '',
        );
        expect(causesOf(found)).toEqual([
          { type: 'not-eligible-then', reason: 'ended' },
          { type: 'not-eligible-then', reason: 'ended' },
        ]);
      }
    },
  );

  it('keeps the causes that are proved ad by ad, and calls the others unknown', async () => {
    const query = worldQuery('u1', { weights: behaviour });
    const open = {
      ...base,
      ads: base.ads.map((ad) => ({ ...ad, startAt: null, endAt: null, budgetLeft: null, targeting: null })),
    };
    const true_ = await listOf(open, query, {});
    const now = {
      ...open,
      ads: open.ads.map((ad) => (ad.adId === true_[2] ? { ...ad, endAt: query.asOf - hour } : ad)),
    };
    const found = await compared(
      now,
      query,
      true_.map((adId, i) => (i === 7 ? 'no-such-ad' : adId)),
      {},
    );
    const by = new Map(found.rows.map(({ adId, cause }) => [adId, cause?.type ?? null]));
    expect([by.get(true_[2] ?? ''), by.get('no-such-ad'), by.get(true_[7] ?? '')]).toEqual([
      'not-eligible-then',
      'unknown',
      'unknown',
    ]);
  });
});
