import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { risingCategories, trendBefore } from '../../src/domain/trend.ts';
import { loadWorld } from '../../src/training/world.ts';
import type { World } from '../../src/training/world.ts';
import { hour, toyAds, toyGroups, toyStore, toyWorld } from './toy.ts';
import type { ToyWorld } from './toy.ts';

const ordinals = new Map(toyAds.map((ad, i) => [ad.adId, i]));
const load = (world: ToyWorld, until = 1000 * hour, mostOfUser?: number): World =>
  loadWorld(toyStore(world), {
    ...(mostOfUser === undefined ? {} : { mostOfUser }),
    settings: { groups: toyGroups, syntheticTimes: false, tzOffsetMinutes: 0 },
    engagementKinds: ['view', 'purchase'],
    until,
    ordinalOf: (adId) => ordinals.get(adId) ?? null,
    categoryOf: (ordinal) => toyAds[ordinal]?.category ?? '',
  });
const world = toyWorld(5, 60, 14);

describe('the training world', () => {
  it("shows a user at t nothing at or after t: not their own events, not their friends', not the trend", () => {
    const whole = load(world);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 59 }), fc.integer({ min: 1, max: 130 * hour }), (u, t) => {
        const past = load({
          events: world.events.filter((e) => e.at < t),
          friends: world.friends.filter((f) => f.since === null || f.since < t),
        });
        expect(whole.inputsAt(`u${u}`, t, 'ios')).toEqual(past.inputsAt(`u${u}`, t, 'ios'));
      }),
      { numRuns: 60 },
    );
  });

  it('reads the newest behaviours of a user with many, counts the others, and counts trends over all of them', () => {
    const [whole, windowed] = [load(world), load(world, 1000 * hour, 5)];
    expect(windowed.eventsOf('u1')).toEqual(whole.eventsOf('u1').slice(0, 5));
    expect([whole.windowed, windowed.windowed]).toEqual([
      { users: 0, events: 0 },
      { users: 60, events: 60 * (14 - 5) },
    ]);
    for (const asOf of [30, 50.5, 77, 110].map((h) => h * hour))
      expect(windowed.inputsAt('u1', asOf, null).groups[3]).toEqual(whole.inputsAt('u1', asOf, null).groups[3]);
  });

  it("sees a dated friend's purchases only once the friendship has begun", () => {
    const social = (t: number): number =>
      load(world)
        .inputsAt('u1', t, null)
        .groups[1]?.items.filter((i) => i.peerId === 'u7').length ?? 0;
    expect(social(40 * hour)).toBe(0);
    expect(social(40 * hour + 1)).toBeGreaterThan(0);
  });

  it('counts trends as a plain count over both windows does', () => {
    const window = 24 * hour;
    for (const asOf of [30, 50.5, 77, 110].map((h) => h * hour)) {
      const before = trendBefore(asOf);
      const counts = [...new Set(toyAds.map((ad) => ad.category))]
        .map((category) => {
          const within = (from: number, to: number): number =>
            world.events.filter(
              (e) => e.at >= from && e.at < to && toyAds[ordinals.get(e.adId ?? '') ?? -1]?.category === category,
            ).length;
          return {
            category,
            recent: within(before - window, before),
            previous: within(before - 2 * window, before - window),
          };
        })
        .filter((c) => c.recent + c.previous > 0);
      const items = load(world)
        .inputsAt('u0', asOf, null)
        .groups[3]?.items.map((i) => ({ category: i.value, lift: i.strength }));
      expect(items).toEqual(risingCategories(counts, 3));
    }
  });

  it('gives the device as context', () => {
    expect(
      load(world)
        .inputsAt('u0', 50 * hour, 'ios')
        .groups[2]?.items.map((i) => `${i.kind}=${i.value ?? ''}`),
    ).toEqual(['hour=2', 'weekday=6', 'device=ios']);
  });
});
