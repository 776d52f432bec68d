import { describe, expect, it } from 'vitest';
import { isReason, summariseLosses } from '../../src/domain/loss-reasons.ts';
import { furthest, stageOf } from '../../src/domain/losses.ts';
import type { Loss, UserLosses } from '../../src/domain/losses.ts';
import type { Mode } from '../../src/domain/query.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { Engine } from '../../src/engine/engine.ts';
import { lossRows } from '../../src/engine/losses.ts';
import { whyNot } from '../../src/engine/why-not/why-not.ts';
import { makeWorld, worldDeps, worldQuery } from '../support/memory-world.ts';

const users = Array.from({ length: 8 }, (_, i) => `u${i}`);
const world = makeWorld({ seed: 3, ads: 60 });
const adIds = [...world.ads.filter((_, i) => i % 3 === 0).map((ad) => ad.adId), 'ad-of-nothing'];

const rowsIn = async (engine: Engine, mode: Mode): Promise<UserLosses[]> =>
  lossRows(
    engine,
    users.map((userId) => ({ query: worldQuery(userId, { mode, k: 12, ef: 12 }), adIds })),
  );

const loss = (more: Partial<Loss>): Loss => ({
  userId: 'u',
  adId: 'a',
  verdict: 'below-cutoff',
  detail: null,
  channel: 'model',
  margin: null,
  rankMargin: null,
  rank: null,
  ef: null,
  by: {},
  crowding: 0,
  ...more,
});

describe('the losses of many users', () => {
  it('equal the headlines of why-not pair by pair, and their reasons add up to the pairs', async () => {
    for (const mode of ['model', 'merged', 'legacy'] as const) {
      const engine = createEngine(worldDeps(world, { index: 'lossy' }));
      const rows = await rowsIn(engine, mode);
      const counts = new Map<string, number>();
      for (const [u, userId] of users.entries())
        for (const [a, adId] of adIds.entries()) {
          const query = worldQuery(userId, { mode, k: 12, ef: 12 });
          const verdict = await whyNot(engine, query, adId, { repair: false });
          const spoken = verdict.channels.find((one) => one.channel === verdict.channel);
          expect(rows[u]?.losses[a]).toMatchObject({
            userId,
            adId,
            verdict: verdict.verdict,
            channel: verdict.channel,
            margin: spoken?.margin ?? null,
            rankMargin: spoken?.rankMargin ?? null,
          });
          if (verdict.reason !== null) expect(rows[u]?.losses[a]?.detail).toBe(verdict.reason);
          const key = `${verdict.verdict} ${rows[u]?.losses[a]?.detail ?? ''}`;
          counts.set(key, (counts.get(key) ?? 0) + 1);
        }
      const reasons = summariseLosses(rows);
      expect(new Map(reasons.map((one) => [`${one.reason} ${one.detail ?? ''}`, one.pairs]))).toEqual(counts);
      expect(reasons.reduce((sum, { pairs }) => sum + pairs, 0)).toBe(users.length * adIds.length);
      expect(reasons.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
      for (const { reason, stage } of reasons) expect(stage).toBe(stageOf[reason]);
    }
  });

  it('name the segments of the users that a filter drops an ad for, with their share of all pairs', () => {
    const row = (userId: string, city: string, dropped: number): UserLosses => ({
      userId,
      failed: null,
      segments: [['city', city]],
      losses: [0, 1].map((i) =>
        i < dropped ? loss({ userId, verdict: 'ineligible', detail: 'targeting' }) : loss({ userId }),
      ),
    });
    const reasons = summariseLosses([row('a', 'tier-1', 0), row('b', 'tier-4', 2), row('c', 'tier-4', 1)]);
    expect(reasons.map(({ reason, users: n, pairs }) => [reason, n, pairs])).toEqual([
      ['below-cutoff', 2, 3],
      ['ineligible', 2, 3],
    ]);
    expect(reasons[1]?.segments).toEqual([{ field: 'city', value: 'tier-4', pairs: 3, of: 4, share: 3 / 4 }]);
    expect(isReason({ verdict: 'ineligible', detail: 'targeting' }, 'targeting')).toBe(true);
    expect(isReason({ verdict: 'ineligible', detail: 'targeting' }, 'ended')).toBe(false);
  });

  it('give the quantiles of the margins that there are', () => {
    const losses = [1, 2, 3, null].map((rankMargin) => loss({ rankMargin, margin: null }));
    expect(summariseLosses([{ userId: 'u', failed: null, segments: [], losses }])[0]?.margins).toEqual({
      score: null,
      rank: { pairs: 3, min: 1, p10: 1.2, p50: 2, p90: 2.8, max: 3, bins: [1, 0, 0, 0, 0, 1, 0, 0, 0, 1] },
      ef: null,
    });
  });

  it('put a user under the ad that came furthest: the list, the merge, then the nearest of the channels', () => {
    const far = loss({ adId: 'b', rankMargin: 9 });
    const near = loss({ adId: 'c', rankMargin: 2 });
    expect(furthest([far, near, loss({ verdict: 'ineligible', detail: 'ended' })])).toBe(near);
    const merged = loss({ adId: 'd', verdict: 'merged-out' });
    expect(furthest([near, merged])).toBe(merged);
    expect(furthest([merged, loss({ verdict: 'recalled', rank: 3 })])?.verdict).toBe('recalled');
    expect(furthest([])).toBeNull();
  });
});
