import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BehaviourEvent } from '../../src/domain/events.ts';
import { newestFirst } from '../../src/domain/inputs.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { countTo, createHistory, firstOf } from '../../src/engine/history.ts';
import { nearestBehaviours } from '../../src/engine/explain/nearest.ts';
import { timeline } from '../../src/engine/timeline.ts';
import { openLog } from '../../src/engine/user-log.ts';
import type { ReadEvents } from '../../src/engine/ports/ports.ts';
import { hour, makeWorld, worldDeps, worldEnd, worldQuery, worldStart } from '../support/memory-world.ts';

const event = (i: number, at: number): BehaviourEvent => ({
  eventId: `e${String(i).padStart(6, '0')}`,
  userId: 'u',
  kind: i % 3 === 0 ? 'click' : 'view',
  at,
  platform: null,
  adId: `ad${i % 7}`,
  query: null,
  peerId: null,
});

/** A store of one user that counts the events it hands out. */
const countingStore = (events: readonly BehaviourEvent[]) => {
  const sorted = [...events].sort(newestFirst);
  const reads = { events: 0 };
  return {
    reads,
    events: (_: string, { before, from = -Infinity, limit }: ReadEvents): BehaviourEvent[] => {
      const read = sorted.filter(({ at }) => at < before && at >= from).slice(0, limit);
      reads.events += read.length;
      return read;
    },
  };
};

const query = (asOf: number) => ({ ...worldQuery('u'), userId: 'u', asOf, extraEvents: [], excludedEvents: [] });

describe('the log of a user', () => {
  it('gives at any instants, in any order and however deep, what a filter of all events gives', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 60 }),
        fc.array(fc.tuple(fc.integer({ min: -1, max: 42 }), fc.constantFrom(0, 1, 3, 10, Infinity)), { maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        (times, questions, first) => {
          const events = times.map((at, i) => event(i, at));
          const log = openLog(countingStore(events), 'u', { first, newest: first });
          for (const [asOf, atLeast] of questions) {
            const { events: known, from, whole } = log.view(asOf, atLeast);
            const all = events.filter(({ at }) => at < asOf).sort(newestFirst);
            const found = known.slice(from);
            expect(found).toEqual(all.slice(0, found.length));
            expect(found.length).toBeGreaterThanOrEqual(Math.min(atLeast, all.length));
            if (whole) expect(found).toEqual(all);
          }
        },
      ),
    );
  });

  it('is read as far as it is looked at, once for all instants: of 20,000 events under 2,000 for 200 instants of a week', () => {
    const events = Array.from({ length: 20_000 }, (_, i) => event(i, i * 1000));
    const store = countingStore(events);
    const history = createHistory({ store: { ...worldDeps(makeWorld({})).store, ...store } });
    const end = 20_000_000;
    for (let i = 0; i < 200; i += 1) {
      const newest = history.newest(query(end - 300_000 + i * 1500));
      expect(countTo(newest, 50)).toBe(50);
      expect(firstOf(newest, ({ kind }) => kind === 'click')?.kind).toBe('click');
    }
    expect(store.reads.events).toBeLessThan(2000);
    // The whole of it is one copy, whatever is asked.
    const before = store.reads.events;
    for (let i = 0; i < 50; i += 1)
      expect(history.recorded(query(end - 300_000 + i * 1500)).length).toBeGreaterThan(19_000);
    expect(store.reads.events - before).toBeLessThan(45_000);
  });
});

describe('a user with 20,000 events', () => {
  const world = makeWorld({ seed: 3 });
  const span = worldEnd - worldStart;
  const adIds = world.ads.map(({ adId }) => adId);
  for (let i = 0; i < 20_000; i += 1)
    world.events.push({
      ...event(i, worldStart + Math.floor((i * span) / 20_000)),
      eventId: `h${String(i).padStart(6, '0')}`,
      userId: 'u1',
      adId: adIds[i % adIds.length] ?? null,
    });
  const counted = (): { engine: ReturnType<typeof createEngine>; reads: { events: number } } => {
    const deps = worldDeps(world);
    const own = countingStore(world.events.filter(({ userId }) => userId === 'u1'));
    const events = (userId: string, options: ReadEvents): BehaviourEvent[] =>
      userId === 'u1' ? own.events(userId, options) : deps.store.events(userId, options);
    // What is counted over all users is not what is asked about here, and slow in memory.
    const store = { ...deps.store, events, adCounts: () => new Uint32Array(adIds.length), categoryCounts: () => [] };
    return { engine: createEngine({ ...deps, store }), reads: own.reads };
  };
  const asked = (mode: 'model' | 'merged') => ({ ...worldQuery('u1', { k: 10, mode }), asOf: worldEnd });

  it('has a timeline whose behaviours are counted, and probed at 200 of them; their history is read once', async () => {
    for (const mode of ['model', 'merged'] as const) {
      const { engine, reads } = counted();
      const found = await timeline(engine, asked(mode), adIds[3] ?? '', {
        from: worldEnd - 10 * 24 * hour,
        to: worldEnd,
        stepMs: 24 * hour,
      });
      const inWindow = world.events.filter(({ userId, at }) => userId === 'u1' && at >= worldEnd - 10 * 24 * hour);
      expect([found.eventsTotal, found.events.length]).toEqual([inWindow.length, 200]);
      expect(found.points.filter(({ by }) => by === 'event').length).toBeGreaterThan(150);
      expect(reads.events).toBeLessThan(60_000);
      // The same point as from a fresh engine, whose log begins at that instant.
      const point = found.points[57];
      const fresh = await counted().engine.recall({ ...asked(mode), asOf: point?.at ?? 0 });
      expect(fresh.candidates.find(({ adId }) => adId === adIds[3])?.rank ?? null).toBe(point?.listRank);
    }
  });

  it('has as nearest behaviours those that a comparison of each one finds', () => {
    const { engine } = counted();
    const { core } = engine;
    const [ordinal, limit] = [5, 9];
    const row = (i: number): Float32Array => world.vectors.subarray(i * world.dim, (i + 1) * world.dim);
    const target = row(ordinal);
    const cosine = (i: number): number => row(i).reduce((sum, x, d) => sum + x * (target[d] ?? 0), 0);
    const ordinals = new Map(adIds.map((adId, i) => [adId, i]));
    const all = core
      .history(asked('model'))
      .flatMap(({ eventId, adId, at }) => {
        const other = adId === null ? undefined : ordinals.get(adId);
        return other === undefined ? [] : [{ eventId, at, cosine: cosine(other) }];
      })
      .sort((a, b) => (Math.abs(a.cosine - b.cosine) > 1e-6 ? b.cosine - a.cosine : b.at - a.at));
    expect(nearestBehaviours(core, asked('model'), ordinal, limit).map(({ eventId }) => eventId)).toEqual(
      all.slice(0, limit).map(({ eventId }) => eventId),
    );
  });
});
