import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance } from '../../../src/base/edit-distance.ts';
import { createSample, openSample } from '../../../src/adapters/sqlite/sample.ts';
import type { BehaviourEvent } from '../../../src/domain/events.ts';
import type { OpenedSample } from '../../../src/engine/ports/artefacts.ts';
import { anAd, anEvent, withDir } from './world.ts';

const adIds = ['a0', 'a1', 'a2', 'a3', 'a4', 'a5'];
const userIds = ['u0', 'u1', 'u2'];
const kinds = ['view', 'click', 'purchase'];
const categoryOf = (ad: string): string => `c${Number(ad.slice(1)) % 3}`;

const eventsArbitrary = fc
  .array(
    fc.record({
      user: fc.constantFrom(...userIds),
      kind: fc.constantFrom(...kinds),
      at: fc.integer({ min: 0, max: 20 }),
      ad: fc.option(fc.constantFrom(...adIds)),
    }),
    { maxLength: 60 },
  )
  .map((rows) =>
    rows.map((row, i) => anEvent(`e${(i * 37) % 101}-${i}`, row.user, row.at, { kind: row.kind, adId: row.ad })),
  );

const withEvents = (path: string, events: readonly BehaviourEvent[], run: (sample: OpenedSample) => void): void => {
  const writer = createSample(path);
  for (const userId of userIds) writer.addUser({ userId, attributes: {} });
  for (const id of adIds) writer.addAd(anAd(id, { category: categoryOf(id) }));
  for (const event of events) writer.addEvent(event);
  writer.finish();
  const sample = openSample(path);
  try {
    run(sample);
  } finally {
    sample.close();
  }
};

/** The reference order: newest first, ties by event id in code-unit order. */
const newestFirst = (events: readonly BehaviourEvent[]): BehaviourEvent[] =>
  [...events].sort((a, b) => b.at - a.at || (a.eventId < b.eventId ? -1 : 1));

describe('the user store', () => {
  it('reads events as a plain filter and sort of all events would', () =>
    withDir((dir) => {
      let run = 0;
      fc.assert(
        fc.property(
          eventsArbitrary,
          fc.integer({ min: 0, max: 21 }),
          fc.option(fc.integer({ min: 0, max: 21 }), { nil: undefined }),
          fc.option(fc.subarray(kinds), { nil: undefined }),
          fc.option(fc.integer({ min: 0, max: 8 }), { nil: undefined }),
          (events, before, from, wanted, limit) => {
            withEvents(join(dir, `e${run++}.sqlite`), events, ({ store }) => {
              const reference = newestFirst(events).filter(
                (event) =>
                  event.at < before &&
                  event.at >= (from ?? -1) &&
                  (wanted === undefined || wanted.includes(event.kind)),
              );
              const options = {
                before,
                ...(from === undefined ? {} : { from }),
                ...(wanted === undefined ? {} : { kinds: wanted }),
                ...(limit === undefined ? {} : { limit }),
              };
              expect(store.eventsOf(userIds, options)).toEqual(reference.slice(0, limit));
              for (const user of userIds)
                expect(store.events(user, options)).toEqual(
                  reference.filter((event) => event.userId === user).slice(0, limit),
                );
              for (const event of events) expect(store.event(event.eventId)).toEqual(event);
            });
          },
        ),
        { numRuns: 40 },
      );
    }));

  it('counts by ad, category and user as a plain loop would', () =>
    withDir((dir) => {
      let run = 0;
      fc.assert(
        fc.property(
          eventsArbitrary,
          fc.integer({ min: 0, max: 21 }),
          fc.integer({ min: 0, max: 21 }),
          fc.integer({ min: 1, max: 10 }),
          fc.subarray(kinds),
          (events, from, before, windowMs, wanted) => {
            withEvents(join(dir, `c${run++}.sqlite`), events, ({ store }) => {
              const inRange = (event: BehaviourEvent, low: number, high: number): boolean =>
                event.at >= low && event.at < high && event.adId !== null;
              expect([...store.adCounts({ from, before, kinds: wanted })]).toEqual(
                adIds.map(
                  (ad) =>
                    events.filter(
                      (event) => event.adId === ad && inRange(event, from, before) && wanted.includes(event.kind),
                    ).length,
                ),
              );
              const count = (category: string, low: number, high: number): number =>
                events.filter(
                  (event) => inRange(event, low, high) && event.adId !== null && categoryOf(event.adId) === category,
                ).length;
              expect(store.categoryCounts({ before, windowMs })).toEqual(
                ['c0', 'c1', 'c2']
                  .map((category) => ({
                    category,
                    recent: count(category, before - windowMs, before),
                    previous: count(category, before - 2 * windowMs, before - windowMs),
                  }))
                  .filter(({ recent, previous }) => recent + previous > 0),
              );
              for (const user of store.listUsers({ limit: 9 })) {
                const own = events.filter((event) => event.userId === user.userId);
                expect([user.events, user.lastAt]).toEqual([
                  own.length,
                  own.length === 0 ? null : Math.max(...own.map((event) => event.at)),
                ]);
                expect(store.lastEventAt(user.userId)).toBe(user.lastAt);
              }
              for (const user of store.listUsers({ limit: 9, before })) {
                const own = events.filter((event) => event.userId === user.userId && event.at < before);
                expect([user.events, user.lastAt]).toEqual([
                  own.length,
                  own.length === 0 ? null : Math.max(...own.map((event) => event.at)),
                ]);
              }
            });
          },
        ),
        { numRuns: 40 },
      );
    }));

  it('tells the counts of open and closed ranges apart', () =>
    withDir((dir) => {
      withEvents(join(dir, 's.sqlite'), [anEvent('e', 'u0', 5, { adId: 'a0' })], ({ store }) => {
        expect(store.adCounts({ from: -Infinity, before: Infinity, kinds: ['click'] })[0]).toBe(1);
        expect(store.adCounts({ from: Infinity, before: Infinity, kinds: ['click'] })[0]).toBe(0);
      });
    }));

  it('takes the first engagement with each ad from as-of on, and none before', () =>
    withDir((dir) => {
      const events = [
        anEvent('e1', 'u0', 4, { adId: 'a0' }),
        anEvent('e2', 'u0', 5, { adId: 'a1' }),
        anEvent('e3', 'u0', 9, { adId: 'a1' }),
        anEvent('e4', 'u0', 7, { adId: 'a2' }),
        anEvent('e5', 'u0', 8, { kind: 'view', adId: 'a3' }),
      ];
      withEvents(join(dir, 's.sqlite'), events, ({ store }) => {
        expect(store.engaged('u0', { from: 5, until: null, kinds: ['click'] })).toEqual([
          { adId: 'a2', kind: 'click', at: 7 },
          { adId: 'a1', kind: 'click', at: 5 },
        ]);
        expect(store.engaged('u0', { from: 5, until: 7, kinds: ['click'] })).toEqual([
          { adId: 'a1', kind: 'click', at: 5 },
        ]);
      });
    }));

  it('knows friends from the instant after they became friends, undated ones always', () =>
    withDir((dir) => {
      const writer = createSample(join(dir, 's.sqlite'));
      writer.addUser({ userId: 'u', attributes: {} });
      writer.addFriend('u', 'z', null);
      writer.addFriend('u', 'b', 10);
      writer.addFriend('u', 'Ｚ', 3);
      writer.addFriend('u', '😀', 3);
      writer.finish();
      const { store, close } = openSample(join(dir, 's.sqlite'));
      expect(store.friends('u', 10)).toEqual(['z', '😀', 'Ｚ']);
      expect(store.friends('u', 11)).toEqual(['b', 'z', '😀', 'Ｚ']);
      close();
    }));

  it('finds users by id or attribute, and suggests the nearest id', () =>
    withDir((dir) => {
      const writer = createSample(join(dir, 's.sqlite'));
      for (let i = 0; i < 3_000; i++)
        writer.addUser({ userId: `user-${i}`, attributes: { city: i === 7 ? 'Shanghai' : 'Beijing' } });
      writer.finish();
      const { store, close } = openSample(join(dir, 's.sqlite'));
      expect(store.listUsers({ words: ['shangh'], limit: 5 }).map((user) => user.userId)).toEqual(['user-7']);
      expect(store.listUsers({ words: ['user-299'], limit: 3, offset: 1 }).map((user) => user.userId)).toEqual([
        'user-2990',
        'user-2991',
        'user-2992',
      ]);
      expect(store.suggestUsers('usr-1234', 1)).toEqual(['user-1234']);
      expect(store.suggestUsers('user-1243x', 1)).toEqual(['user-1243']);
      expect(store.user('nobody')).toBeNull();
      close();
    }));
});

describe('edit distance', () => {
  it('counts insertions, deletions, substitutions and swapped neighbours', () => {
    expect([
      editDistance('', 'abc'),
      editDistance('kitten', 'sitting'),
      editDistance('ab', 'ba'),
      editDistance('广告1', '广告2'),
      editDistance('ca', 'abc'),
    ]).toEqual([3, 3, 1, 1, 3]);
  });
  it('is symmetric, and 0 only between equal texts', () => {
    const text = fc.string({ maxLength: 8 });
    fc.assert(
      fc.property(
        text,
        text,
        (a, b) => editDistance(a, b) === editDistance(b, a) && (editDistance(a, b) === 0) === (a === b),
      ),
    );
  });
});
