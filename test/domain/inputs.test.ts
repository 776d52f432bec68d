import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assembleInputs, hypotheticalFriends, newestFirst } from '../../src/domain/inputs.ts';
import type { InputSettings, InputSources } from '../../src/domain/inputs.ts';
import type { BehaviourEvent } from '../../src/domain/events.ts';
import type { GroupSpec } from '../../src/domain/groups.ts';

const group = (name: string, source: GroupSpec['source'], more: Partial<GroupSpec> = {}): GroupSpec => ({
  name,
  source,
  kinds: [],
  ownKinds: [],
  maxItems: 3,
  windowMs: null,
  ...more,
});

const settings: InputSettings = {
  groups: [
    group('browse', 'events', { kinds: ['view', 'click'] }),
    group('social', 'social', { kinds: ['purchase'], ownKinds: ['share'] }),
    group('context', 'context', { maxItems: 9 }),
    group('trend', 'trend', { windowMs: 1000 }),
  ],
  syntheticTimes: false,
  tzOffsetMinutes: 480,
};

const event = (eventId: string, kind: string, at: number, more: Partial<BehaviourEvent> = {}): BehaviourEvent => ({
  eventId,
  userId: 'u',
  kind,
  at,
  platform: null,
  adId: `ad-${eventId}`,
  query: null,
  peerId: null,
  ...more,
});

const asOf = Date.UTC(2020, 5, 18, 20, 30);
const sources = (more: Partial<InputSources> = {}): InputSources => ({
  userId: 'u',
  asOf,
  ownEvents: [],
  friendEvents: [],
  context: {},
  rising: new Map(),
  excludedEvents: new Set(),
  extraEvents: [],
  ordinalOf: () => 7,
  ...more,
});
const idsOf = (s: InputSources, g: number, with_: InputSettings = settings): Array<string | null> =>
  assembleInputs(with_, s).groups[g]?.items.map((i) => i.eventId) ?? [];

describe('assembleInputs', () => {
  const own = [
    event('d', 'view', 40),
    event('s', 'share', 35),
    event('c', 'click', 30),
    event('b', 'view', 20),
    event('a', 'view', 10),
  ];

  it('reads the newest events of a group up to its slots', () => {
    expect(idsOf(sources({ ownEvents: own }), 0)).toEqual(['d', 'c', 'b']);
  });

  it('keeps the slot of an excluded event: nothing older moves up', () => {
    const items =
      assembleInputs(settings, sources({ ownEvents: own, excludedEvents: new Set(['c']) })).groups[0]?.items ?? [];
    expect(items.map((i) => [i.eventId, i.excluded])).toEqual([
      ['d', false],
      ['c', true],
      ['b', false],
    ]);
  });

  it('inserts hypothetical events by time under their own ids', () => {
    const extraEvents = [
      { kind: 'view', at: 25, adId: 'x' },
      { kind: 'view', at: 50, adId: 'y' },
    ];
    expect(idsOf(sources({ ownEvents: own, extraEvents }), 0)).toEqual(['what-if:1', 'd', 'c']);
  });

  it('refuses a hypothetical event at as-of', () => {
    expect(() => assembleInputs(settings, sources({ extraEvents: [{ kind: 'view', at: asOf }] }))).toThrow(
      /not before as-of/,
    );
  });

  it("merges own shares with friends' purchases, newest first, and names the friend", () => {
    const friendEvents = [
      event('p2', 'purchase', 38, { userId: 'f' }),
      event('v', 'view', 37, { userId: 'f' }),
      event('p1', 'purchase', 5, { userId: 'f' }),
    ];
    const items = assembleInputs(settings, sources({ ownEvents: own, friendEvents })).groups[1]?.items ?? [];
    expect(items.map((i) => [i.eventId, i.peerId])).toEqual([
      ['p2', 'f'],
      ['s', null],
      ['p1', 'f'],
    ]);
  });

  it("reads hour and weekday in the shop's local time, the calendar, and lets the query overrule both", () => {
    const calendar = [
      { field: 'promo', value: '618', from: asOf - 1, until: asOf + 1 },
      { field: 'promo', value: 'late', from: asOf + 1, until: asOf + 2 },
    ];
    const fields = (context: Record<string, string>): unknown =>
      assembleInputs({ ...settings, calendar }, sources({ context })).groups[2]?.items.map(
        (i) => `${i.kind}=${i.value ?? ''}`,
      );
    expect(fields({ device: 'ios' })).toEqual(['hour=4', 'weekday=5', 'device=ios', 'promo=618']);
    expect(fields({ promo: 'none', hour: '9' })).toEqual(['weekday=5', 'hour=9', 'promo=none']);
  });

  it('gives no ages, clock fields or trend where times are synthetic', () => {
    const rising = new Map([['trend', [{ category: 'Toys', lift: 2 }]]]);
    const timeless = { ...settings, syntheticTimes: true };
    const inputs = assembleInputs(timeless, sources({ ownEvents: own, rising }));
    expect(inputs.groups.map((g) => g.items.length)).toEqual([3, 1, 0, 0]);
    expect(inputs.groups[0]?.items.every((i) => i.ageMs === null)).toBe(true);
    expect(assembleInputs(settings, sources({ rising })).groups[3]?.items).toMatchObject([
      { kind: 'category', value: 'Toys', strength: 2 },
    ]);
  });

  it("drops what is older than the group's window", () => {
    const windowed = { ...settings, groups: [group('browse', 'events', { kinds: ['view'], windowMs: 100 })] };
    const ownEvents = [event('new', 'view', asOf - 100), event('old', 'view', asOf - 101)];
    expect(idsOf(sources({ ownEvents }), 0, windowed)).toEqual(['new']);
  });

  it('lets nothing at or after as-of in, whatever the caller hands over', () => {
    const anyEvent = fc.record({
      at: fc.integer({ min: 0, max: 100 }),
      kind: fc.constantFrom('view', 'share', 'purchase'),
      userId: fc.constantFrom('u', 'f'),
    });
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 30 }), fc.integer({ min: 0, max: 100 }), (raw, at) => {
        const events = raw.map((e, i) => event(`e${i}`, e.kind, e.at, { userId: e.userId })).sort(newestFirst);
        const past = events.filter((e) => e.at < at);
        const all = (list: readonly BehaviourEvent[]): unknown =>
          assembleInputs(
            settings,
            sources({
              asOf: at,
              ownEvents: list.filter((e) => e.userId === 'u'),
              friendEvents: list.filter((e) => e.userId === 'f'),
            }),
          );
        expect(all(events)).toEqual(all(past));
      }),
    );
  });

  it('finds the friends that a query adds', () => {
    expect(
      hypotheticalFriends([
        { kind: 'friend', at: 1, peerId: 'f' },
        { kind: 'view', at: 1, peerId: 'g' },
      ]),
    ).toEqual(['f']);
  });
});
