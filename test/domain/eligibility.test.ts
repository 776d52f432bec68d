import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Ad, EligibilityRules } from '../../src/domain/ads.ts';
import { noEligibilityRules } from '../../src/domain/ads.ts';
import { dropCodes, dropReasons, maskOf, matchesTargeting, reasonOf } from '../../src/domain/eligibility.ts';
import type { BehaviourEvent } from '../../src/domain/events.ts';
import { columnsOf, makeWorld, worldEnd, worldStart } from '../support/memory-world.ts';

const blank: Ad = {
  adId: 'a',
  ordinal: 0,
  title: '',
  category: '',
  brand: '',
  price: null,
  campaign: null,
  startAt: null,
  endAt: null,
  budgetLeft: null,
  targeting: null,
};
const asOf = worldStart;

const reasonFor = (
  ad: Partial<Ad>,
  rules: Partial<EligibilityRules> = {},
  history: readonly BehaviourEvent[] = [],
  attributes = {},
) =>
  reasonOf(
    dropCodes({
      rules: { ...noEligibilityRules, ...rules },
      columns: columnsOf([{ ...blank, ...ad }]),
      adCount: 1,
      asOf,
      attributes,
      history,
      ordinalOf: (id) => (id === 'a' ? 0 : null),
    })[0],
  );
const event = (kind: string, at: number, eventId = `e${at}`): BehaviourEvent => ({
  eventId,
  userId: 'u',
  kind,
  at,
  platform: null,
  adId: 'a',
  query: null,
  peerId: null,
});

test('an ad is active from its start, inclusive, to its end, exclusive', () => {
  expect(reasonFor({ startAt: asOf })).toBeNull();
  expect(reasonFor({ startAt: asOf + 1 })).toBe('not-started');
  expect(reasonFor({ endAt: asOf + 1 })).toBeNull();
  expect(reasonFor({ endAt: asOf })).toBe('ended');
});

test('a budget that is not above zero is spent', () => {
  expect([0.01, 0, -5, null].map((budgetLeft) => reasonFor({ budgetLeft }))).toEqual([null, 'budget', 'budget', null]);
});

test('targeting needs every attribute, and a user without the attribute does not match', () => {
  const targeting = { gender: ['f'], tier: ['1', '2'] };
  expect(matchesTargeting(targeting, { gender: 'f', tier: '2' })).toBe(true);
  expect(matchesTargeting(targeting, { gender: 'f', tier: '3' })).toBe(false);
  expect(matchesTargeting(targeting, { gender: 'f' })).toBe(false);
  expect(matchesTargeting({ toString: ['x'] }, {})).toBe(false);
  expect(reasonFor({ targeting }, {}, [], { gender: 'm', tier: '1' })).toBe('targeting');
});

test('already bought, frequency cap and blocklist drop an ad only where the manifest declares them', () => {
  const history = [event('purchase', asOf - 10), event('impression', asOf - 20), event('impression', asOf - 30)];
  expect(reasonFor({}, {}, history)).toBeNull();
  expect(reasonFor({}, { alreadyBought: { kinds: ['purchase'] } }, history)).toBe('already-bought');
  expect(reasonFor({}, { frequencyCap: { kinds: ['impression'], max: 2, windowMs: 30 } }, history)).toBe(
    'frequency-cap',
  );
  expect(reasonFor({}, { frequencyCap: { kinds: ['impression'], max: 2, windowMs: 29 } }, history)).toBeNull();
  expect(reasonFor({}, { blocklist: ['b', 'a'] })).toBe('blocklist');
});

test('a filter that is switched off drops nothing', () => {
  expect(
    reasonFor(
      { startAt: asOf + 1, budgetLeft: 0, targeting: { x: ['y'] } },
      { dates: false, budget: false, targeting: false },
    ),
  ).toBeNull();
});

test('the mask counts every ad once: eligible, or dropped for one reason', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: worldStart, max: worldEnd }), (seed, at) => {
      const world = makeWorld({ seed, users: 2, ads: 40 });
      const mask = maskOf(
        dropCodes({
          rules: { ...noEligibilityRules, alreadyBought: { kinds: ['purchase', 'click'] } },
          columns: columnsOf(world.ads),
          adCount: world.ads.length,
          asOf: at,
          attributes: world.users[0]?.attributes ?? {},
          history: world.events.filter((e) => e.userId === 'u0' && e.at < at),
          ordinalOf: (id) => world.ads.findIndex((ad) => ad.adId === id),
        }),
      );
      const dropped = Object.values(mask.dropped).reduce((sum, n) => sum + n, 0);
      expect(mask.eligible + dropped).toBe(world.ads.length);
      expect(mask.bits.reduce((sum, bit) => sum + bit, 0)).toBe(mask.eligible);
      expect(Object.keys(mask.dropped).every((reason) => dropReasons.some((known) => known === reason))).toBe(true);
    }),
    { numRuns: 100 },
  );
});
