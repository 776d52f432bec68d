import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.ts';
import { scrubStop } from '../../src/engine/scrub.ts';
import { pointAt, timeline } from '../../src/engine/timeline.ts';
import { queryAt } from '../../src/engine/what-if.ts';
import { makeWorld, worldDeps, worldEnd, worldQuery, worldStart, hour } from '../support/memory-world.ts';
import { cases, depsOf } from '../support/recall-arbitraries.ts';

const minute = 60_000;

describe('the timeline of an ad', () => {
  it('equals at each instant the answer of a fresh engine to the query with that as-of', async () => {
    await fc.assert(
      fc.asyncProperty(
        cases,
        fc.nat(49),
        fc.integer({ min: worldStart, max: worldEnd - 10 * hour }),
        async (one, ad, from) => {
          const adId = one.world.ads[ad]?.adId ?? '';
          const walking = createEngine(depsOf(one));
          const found = await timeline(walking, { ...one.query, excludedEvents: [], extraEvents: [] }, adId, {
            from,
            to: from + 8 * hour,
            stepMs: 2 * hour,
          }).catch((e: unknown) => e);
          if (found instanceof Error) return expect(found).toMatchObject({ code: 'unsupported' });
          if (typeof found !== 'object' || found === null || !('points' in found) || !Array.isArray(found.points))
            throw new Error('no timeline');
          expect(found.points.filter(({ by }) => by === 'step')).toHaveLength(5);
          for (const point of found.points) {
            const fresh = createEngine(depsOf(one));
            const { candidates } = await fresh.recall({
              ...one.query,
              excludedEvents: [],
              extraEvents: [],
              asOf: point.at,
            });
            const candidate = candidates.find((c) => c.adId === adId);
            expect(point.listRank).toBe(candidate?.rank ?? null);
            if (candidate !== undefined && candidate.modelScore !== null)
              expect(Math.abs(point.modelScore - candidate.modelScore)).toBeLessThan(1e-6);
          }
        },
      ),
      { numRuns: 25 },
    );
  });

  it('shows the ad enter to the minute when a promotion starts, carried by context, and leave when it ends', async () => {
    const world = makeWorld({ seed: 4 });
    const [from, until] = [worldStart + 30 * 24 * hour + 20 * hour + 7 * minute, worldStart + 31 * 24 * hour];
    const settings = { calendar: [{ field: 'promo', value: '618', from, until }] };
    const query = { ...worldQuery('u2', { k: 5, eligibility: false }), asOf: until };
    // The planted ad: one that points where the promotion moves the user vector.
    const probe = createEngine(worldDeps(world, { model: 'linear', settings }));
    const [before, after] = [
      await probe.core.userVector({ ...query, asOf: from - 1 }),
      await probe.core.userVector({ ...query, asOf: from + 1 }),
    ];
    if (before === null || after === null) throw new Error('the world has a model');
    const shift = Array.from(after, (x, d) => x - (before[d] ?? 0));
    const length = Math.hypot(...shift);
    expect(length).toBeGreaterThan(0.05);
    // Half towards u with the promotion, half along what it adds: only then is it ahead.
    const planted = shift.map((x, d) => x / length + 0.9 * (after[d] ?? 0));
    const norm = Math.hypot(...planted);
    planted.forEach((x, d) => {
      world.vectors[30 * world.dim + d] = x / norm;
    });
    const engine = createEngine(worldDeps(world, { model: 'linear', settings }));
    const adId = world.ads[30]?.adId ?? '';
    const rankAt = async (at: number): Promise<number> =>
      (await pointAt(engine, query, adId, at)).exactRank ?? Number.NaN;
    const k = Math.max(await rankAt(from), await rankAt(from + 50 * minute), await rankAt(until - 1));
    expect(Math.min(await rankAt(from - minute), await rankAt(until))).toBeGreaterThan(k);
    const around = (at: number) =>
      timeline(engine, { ...query, k }, adId, { from: at - 6 * minute, to: at + 44 * minute, stepMs: 10 * minute });
    const found = await around(from);
    for (const [line, kind, at] of [
      [found, 'enters', from],
      [await around(until), 'leaves', until],
    ] as const) {
      expect(line.crossings).toHaveLength(1);
      const [crossing] = line.crossings;
      expect(crossing).toMatchObject({ kind });
      expect(crossing?.at).toBeGreaterThanOrEqual(at);
      expect(crossing?.before).toBeLessThan(at);
      expect((crossing?.at ?? 0) - (crossing?.before ?? 0)).toBeLessThanOrEqual(minute);
      expect(crossing?.causes[0]?.group).toBe('context');
    }
    expect(found.bands).toEqual(settings.calendar);
  });

  it('probes as-of, each behaviour of the user’s and each edge, and has a crossing wherever two probes differ', async () => {
    let [visits, asked] = [0, 0];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const world = makeWorld({ seed });
      const [start, until] = [worldStart + 30 * 24 * hour + 7 * minute, worldStart + 30 * 24 * hour + 5 * hour];
      const settings = { calendar: [{ field: 'promo', value: '618', from: start, until }] };
      const engine = createEngine(worldDeps(world, { settings }));
      const asOf = worldStart + 31 * 24 * hour + 3 * minute;
      const query = { ...worldQuery(`u${seed}`, { k: 6, eligibility: false }), asOf };
      const [from, to] = [worldStart + 28 * 24 * hour, worldStart + 33 * 24 * hour];
      for (const ad of [3, 7, 11, 17, 30]) {
        const adId = world.ads[ad]?.adId ?? '';
        const { points, crossings } = await timeline(engine, query, adId, { from, to, stepMs: 24 * hour });
        const own = world.events.filter((e) => e.userId === query.userId && e.at >= from && e.at < to);
        for (const at of [asOf, start, start - 1, until, until - 1, ...own.map((e) => e.at + 1)]) {
          asked += 1;
          const point = points.find((one) => one.at === at);
          expect([at, point?.listRank]).toEqual([at, (await pointAt(engine, query, adId, at)).listRank]);
        }
        const differ = points.filter((p, i) => i > 0 && (p.listRank === null) !== (points[i - 1]?.listRank === null));
        expect(crossings).toHaveLength(differ.length);
        visits += points.some((p) => p.by !== 'step' && p.listRank !== null) ? 1 : 0;
        for (const { at, before, kind } of crossings) {
          expect((await pointAt(engine, query, adId, at)).listRank !== null).toBe(kind === 'enters');
          expect((await pointAt(engine, query, adId, before)).listRank !== null).toBe(kind === 'leaves');
        }
      }
    }
    expect(asked).toBeGreaterThan(90);
    expect(visits).toBeGreaterThan(2);
  });

  it('refuses a window without instants, one of too many, and an unknown ad', async () => {
    const engine = createEngine(worldDeps(makeWorld({ seed: 2 })));
    const run = (options: { from: number; to: number; stepMs: number }, adId = 'ad-0007') =>
      timeline(engine, worldQuery('u1'), adId, options);
    await expect(run({ from: 10, to: 0, stepMs: 1 })).rejects.toMatchObject({ code: 'usage' });
    await expect(run({ from: 0, to: 10, stepMs: 0 })).rejects.toMatchObject({ code: 'usage' });
    await expect(run({ from: 0, to: 1e9, stepMs: 1 })).rejects.toMatchObject({
      code: 'usage',
      todo: expect.stringContaining('--step'),
    });
    await expect(run({ from: worldStart, to: worldEnd, stepMs: 24 * hour }, 'no-ad')).rejects.toMatchObject({
      code: 'unknown-ad',
    });
  });
});

describe('a step through time', () => {
  it('visits by event each behaviour once, forwards and backwards the same, and sees it from 1 ms after', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), fc.nat(7), (seed, user) => {
        const world = makeWorld({ seed });
        const core = { deps: worldDeps(world) };
        const stops = [...new Set(world.events.filter((e) => e.userId === `u${user}`).map((e) => e.at + 1))].sort(
          (a, b) => a - b,
        );
        const walk = (asOf: number, step: 'next-event' | 'previous-event'): number[] => {
          const seen: number[] = [];
          for (
            let stop = scrubStop(core, { userId: `u${user}`, asOf }, step);
            stop !== null;
            stop = scrubStop(core, { userId: `u${user}`, asOf: stop.asOf }, step)
          ) {
            expect(stop.event?.at).toBe(stop.asOf - 1);
            seen.push(stop.asOf);
          }
          return seen;
        };
        expect(walk(0, 'next-event')).toEqual(stops);
        expect(walk(worldEnd + hour, 'previous-event')).toEqual(stops.reverse());
      }),
      { numRuns: 30 },
    );
  });

  it('leaves out later events, and lets knock-outs follow their hypothetical event', () => {
    const world = makeWorld({ seed: 5 });
    const core = { deps: worldDeps(world) };
    const own = world.events.filter((e) => e.userId === 'u1').sort((a, b) => a.at - b.at);
    const [early, late] = [own[0], own.at(-1)];
    if (early === undefined || late === undefined) throw new Error('no events');
    const query = worldQuery('u1', {
      asOf: worldEnd,
      excludedEvents: [early.eventId, late.eventId, 'what-if:0', 'what-if:1'],
      extraEvents: [
        { kind: 'search', at: late.at, query: 'late' },
        { kind: 'search', at: early.at, query: 'early' },
      ],
    });
    expect(queryAt(core, query, early.at + 1)).toMatchObject({
      excludedEvents: [early.eventId, 'what-if:0'],
      extraEvents: [{ query: 'early' }],
    });
    expect(queryAt(core, query, worldEnd)).toEqual(query);
  });
});
