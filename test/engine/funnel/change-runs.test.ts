import { describe, expect, it } from 'vitest';
import { cosineOf } from '../../../src/domain/metric.ts';
import type { FunnelChange } from '../../../src/domain/funnel/changes.ts';
import { gainOf, joinBatches } from '../../../src/domain/funnel/gains.ts';
import type { RecallQuery } from '../../../src/domain/query.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import type { Engine } from '../../../src/engine/engine.ts';
import { changeRuns } from '../../../src/engine/funnel/change-runs.ts';
import { nearDuplicates } from '../../../src/engine/funnel/near-duplicates.ts';
import { engagementsOf } from '../../../src/engine/hydrate.ts';
import { makeWorld, worldDeps, worldQuery, worldSettings } from '../../support/memory-world.ts';
import type { MemoryWorld } from '../../support/memory-world.ts';

const world = makeWorld({ seed: 4, ads: 90, users: 10 });
const engine = createEngine(worldDeps(world, { index: 'lossy' }));
const adIds = world.ads.filter((_, i) => i % 9 === 0).map((ad) => ad.adId);
const queryOf = (userId: string, mode: RecallQuery['mode']): RecallQuery => worldQuery(userId, { mode, k: 14, ef: 14 });
const questions = (mode: RecallQuery['mode']): Array<{ query: RecallQuery; adIds: string[] }> =>
  world.users.map(({ userId }) => ({ query: queryOf(userId, mode), adIds }));

const listOf = async (one: Engine, query: RecallQuery): Promise<string[]> =>
  (await one.recall(query)).candidates.map(({ adId }) => adId);

/** The change made by hand: a query, and where the ads change, a world of its own. */
interface ByHand {
  readonly change: FunnelChange;
  readonly mode: RecallQuery['mode'];
  readonly query?: (query: RecallQuery) => RecallQuery;
  readonly engine?: Engine;
}

const withoutTargeting = (made: MemoryWorld): MemoryWorld => ({
  ...made,
  ads: made.ads.map((ad) => (adIds.includes(ad.adId) ? { ...ad, targeting: null } : ad)),
});

const blocked = world.ads.slice(3, 12).map((ad) => ad.adId);

const byHand: readonly ByHand[] = [
  { change: { type: 'ef', from: 14, to: 190 }, mode: 'model', query: (query) => ({ ...query, ef: 190 }) },
  { change: { type: 'k', from: 14, to: 28 }, mode: 'merged', query: (query) => ({ ...query, k: 28 }) },
  {
    change: { type: 'weight', group: 'search', from: 1, to: 3 },
    mode: 'model',
    query: (query) => ({ ...query, weights: { ...query.weights, search: 3 } }),
  },
  {
    change: { type: 'merge-quota', channel: 'i2i', from: 20, to: 2 },
    mode: 'merged',
    query: (query) => ({ ...query, merge: { ...query.merge, quota: { ...query.merge.quota, i2i: 2 } } }),
  },
  {
    change: { type: 'merge-order', channel: 'popular', from: 6, to: 0 },
    mode: 'merged',
    query: (query) => ({
      ...query,
      merge: { ...query.merge, order: ['popular', ...query.merge.order.filter((one) => one !== 'popular')] },
    }),
  },
  {
    change: { type: 'lift', filter: 'targeting' },
    mode: 'merged',
    engine: createEngine(worldDeps(withoutTargeting(world), { index: 'lossy' })),
  },
  {
    change: { type: 'without-duplicates', adIds: blocked },
    mode: 'merged',
    engine: createEngine(
      worldDeps(world, {
        index: 'lossy',
        settings: { eligibility: { ...worldSettings.eligibility, blocklist: blocked } },
      }),
    ),
  },
];

describe('a change that is run over many users', () => {
  it('regains, loses and displaces what the lists show that are made by hand under it', async () => {
    for (const { change, mode, query = (one: RecallQuery) => one, engine: other = engine } of byHand) {
      const batch = await changeRuns(engine, questions(mode), [change]);
      const gain = gainOf(joinBatches([batch], 1), 0, { top: 3, seed: 1 });
      let [regained, lost, before, after, displaced, places] = [0, 0, 0, 0, 0, 0];
      const engaged: Array<readonly [number, number]> = [];
      for (const { userId } of world.users) {
        const asked = queryOf(userId, mode);
        const was = await listOf(engine, asked);
        const is = await listOf(other, query(asked));
        const [had, has] = [was, is].map((list) => list.filter((adId) => adIds.includes(adId)).length);
        before += had ?? 0;
        after += has ?? 0;
        regained += had === 0 && (has ?? 0) > 0 ? 1 : 0;
        lost += (had ?? 0) > 0 && has === 0 ? 1 : 0;
        displaced += was.filter((adId) => !is.includes(adId)).length;
        places += was.length;
        const truth = [...engagementsOf(engine.core.deps, asked).keys()];
        const share = (list: readonly string[]): number =>
          truth.filter((adId) => list.includes(adId)).length / truth.length;
        if (truth.length > 0) engaged.push([share(was), share(is)]);
      }
      expect(gain, change.type).toMatchObject({
        regained,
        lost,
        pairs: { before, after },
        displaced: { places: displaced, share: displaced / places },
        failed: 0,
      });
      expect(gain.reached.after).toBe(gain.reached.before + regained - lost);
      const mean = (side: 0 | 1): number => engaged.reduce((sum, pair) => sum + pair[side], 0) / engaged.length;
      expect(gain.recall?.users).toBe(engaged.length);
      expect(gain.recall?.bootstrap.meanA).toBeCloseTo(mean(0), 12);
      expect(gain.recall?.bootstrap.meanB).toBeCloseTo(mean(1), 12);
      expect(before !== after || displaced > 0, `${change.type} changes nothing here`).toBe(true);
    }
  });

  it('is the same in batches of any size, and stops between two users', async () => {
    const changes = byHand.filter(({ mode }) => mode === 'merged').map(({ change }) => change);
    const all = questions('merged');
    const whole = joinBatches([await changeRuns(engine, all, changes)], changes.length);
    const parts = [];
    for (const question of all) parts.push(await changeRuns(engine, [question], changes));
    const joined = joinBatches(parts, changes.length);
    expect(joined.rows).toEqual(whole.rows);
    for (const c of changes.keys()) expect(new Map(joined.left[c])).toEqual(new Map(whole.left[c]));
    let asked = 0;
    await expect(changeRuns(engine, all, changes, () => (asked += 1) > 2)).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('the near-identical ads of a campaign', () => {
  it('share the campaign and have almost the same vector, but for the first of each kind', () => {
    const made = makeWorld({ seed: 5, ads: 120, twins: 0.5 });
    const { deps } = createEngine(worldDeps(made)).core;
    const all = made.ads.map((ad) => ad.ordinal);
    const duplicates = nearDuplicates(deps, all, all);
    const near = (a: number, b: number): boolean =>
      made.ads[a]?.campaign !== null &&
      made.ads[a]?.campaign === made.ads[b]?.campaign &&
      cosineOf(rowOf(a), rowOf(b)) >= 0.95 - 1e-7;
    const rowOf = (ordinal: number): Float32Array =>
      made.vectors.subarray(ordinal * made.dim, (ordinal + 1) * made.dim);
    expect(duplicates.length).toBeGreaterThan(1);
    const stays = all.filter((ordinal) => !duplicates.includes(ordinal));
    for (const ordinal of duplicates) expect(stays.some((other) => near(ordinal, other))).toBe(true);
    for (const a of stays) for (const b of stays) if (a < b) expect(near(a, b)).toBe(false);
  });
});
