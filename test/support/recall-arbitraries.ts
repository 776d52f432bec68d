import fc from 'fast-check';
import type { EligibilityRules } from '../../src/domain/ads.ts';
import { noEligibilityRules } from '../../src/domain/ads.ts';
import { channelNames, modes, ruleNames } from '../../src/domain/query.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import { seededRandom } from '../../src/domain/random.ts';
import type { EngineDeps } from '../../src/engine/deps.ts';
import { makeEvent, makeWorld, worldDeps, worldEnd, worldGroups, worldQuery, worldStart } from './memory-world.ts';
import type { DepsOptions, MemoryWorld } from './memory-world.ts';

/** A world, the options of its ports and a query about it. */
export interface Case {
  readonly world: MemoryWorld;
  readonly options: DepsOptions;
  readonly query: RecallQuery;
}

const quota = <K extends string>(names: readonly K[]) =>
  fc.tuple(...names.map(() => fc.nat(6))).map(
    (counts) =>
      (name: K): number =>
        counts[names.indexOf(name)] ?? 0,
  );

const eligibility: fc.Arbitrary<EligibilityRules> = fc.record({
  dates: fc.boolean(),
  budget: fc.boolean(),
  targeting: fc.boolean(),
  alreadyBought: fc.option(fc.constant({ kinds: ['purchase'] })),
  frequencyCap: fc.option(
    fc.record({
      kinds: fc.constant(['view', 'impression']),
      max: fc.integer({ min: 1, max: 2 }),
      windowMs: fc.constant(20 * 86_400_000),
    }),
  ),
  blocklist: fc.constant([...noEligibilityRules.blocklist, 'ad-0014', 'no-such-ad']),
});

const queryParts = fc.record({
  mode: fc.constantFrom(...modes),
  user: fc.nat(5),
  k: fc.integer({ min: 1, max: 40 }),
  ef: fc.integer({ min: 1, max: 80 }),
  asOf: fc.integer({ min: worldStart, max: worldEnd }),
  eligibility: fc.boolean(),
  weights: fc.array(fc.double({ min: 0, max: 4, noNaN: true }), { minLength: 6, maxLength: 6 }),
  context: fc.dictionary(fc.constantFrom('device', 'promo', 'city'), fc.constantFrom('a', 'b', '618')),
  mergeOrder: fc.shuffledSubarray([...channelNames], { minLength: 1 }),
  mergeQuota: quota(channelNames),
  ruleOrder: fc.shuffledSubarray([...ruleNames], { minLength: 1 }),
  ruleQuota: quota(ruleNames),
  knockOut: fc.nat(3),
  whatIf: fc.nat(2),
  seed: fc.integer({ min: 1, max: 1000 }),
});
type Parts = typeof queryParts extends fc.Arbitrary<infer P> ? P : never;

const toQuery = (world: MemoryWorld, p: Parts): RecallQuery => {
  const userId = `u${p.user}`;
  const random = seededRandom(p.seed);
  const before = world.events.filter((event) => event.userId === userId && event.at < p.asOf);
  const base = worldQuery(userId);
  return {
    ...base,
    mode: p.mode,
    k: p.k,
    ef: p.ef,
    asOf: p.asOf,
    eligibility: p.eligibility,
    context: p.context,
    weights: Object.fromEntries(worldGroups.map((group, i) => [group.name, p.weights[i] ?? 1])),
    excludedEvents: before.slice(0, p.knockOut).map((event) => event.eventId),
    extraEvents: Array.from({ length: p.whatIf }, () => {
      const { kind, at, adId, query } = makeEvent(random, '', userId, world.ads, p.asOf - 1 - random.below(1_000_000));
      return { kind, at, ...(adId === null ? {} : { adId }), ...(query === null ? {} : { query }) };
    }),
    rules: {
      ...base.rules,
      order: p.ruleOrder,
      quota: {
        keyword: p.ruleQuota('keyword'),
        'recent-category': p.ruleQuota('recent-category'),
        'frequent-category': p.ruleQuota('frequent-category'),
        priority: p.ruleQuota('priority'),
        popular: p.ruleQuota('popular'),
      },
    },
    merge: { order: p.mergeOrder, quota: Object.fromEntries(channelNames.map((name) => [name, p.mergeQuota(name)])) },
  };
};

/** Random worlds, filters and queries in every mode. */
export const cases: fc.Arbitrary<Case> = fc
  .record({
    seed: fc.integer({ min: 1, max: 10_000 }),
    index: fc.constantFrom('exact' as const, 'lossy' as const),
    rules: eligibility,
    tightFilter: fc.constantFrom(0, 0.5),
    parts: queryParts,
  })
  .map(({ seed, index, rules, tightFilter, parts }) => {
    const world = makeWorld({ seed, users: 6, ads: 50 });
    return { world, options: { index, settings: { eligibility: rules, tightFilter } }, query: toQuery(world, parts) };
  });

export const depsOf = ({ world, options }: Case): EngineDeps => worldDeps(world, options);
