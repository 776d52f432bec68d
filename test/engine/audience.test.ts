import { describe, expect, it } from 'vitest';
import { audienceRows, summariseAudience } from '../../src/engine/audience.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { makeWorld, worldDeps, worldQuery } from '../support/memory-world.ts';

describe('the audience of an ad', () => {
  const world = makeWorld({ seed: 6, users: 20 });
  const engine = createEngine(worldDeps(world));
  const queries = world.users.map(({ userId }) => worldQuery(userId, { mode: 'merged', k: 20 }));

  it('finds exactly the users whose own list holds the ad, with rank and channels, and counts their segments', async () => {
    let reached = 0;
    for (const { adId } of world.ads.slice(0, 12)) {
      const result = summariseAudience(adId, await audienceRows(engine, adId, queries));
      const expected = [];
      for (const query of queries) {
        const found = (await engine.recall(query)).candidates.find((candidate) => candidate.adId === adId);
        if (found !== undefined)
          expected.push({
            userId: query.userId,
            rank: found.rank,
            via: found.via,
            channels: found.channels.map((hit) => hit.channel),
          });
      }
      expect([...result.members].sort((a, b) => (a.userId < b.userId ? -1 : 1))).toEqual(
        expected.sort((a, b) => (a.userId < b.userId ? -1 : 1)),
      );
      expect(result).toMatchObject({ users: 20, reached: expected.length, share: expected.length / 20 });
      for (const field of ['gender', 'tier', 'history']) {
        const own = result.segments.filter((segment) => segment.field === field);
        expect(own.reduce((sum, segment) => sum + segment.users, 0)).toBe(20);
        expect(own.reduce((sum, segment) => sum + segment.reached, 0)).toBe(expected.length);
      }
      expect(result.channels.reduce((sum, channel) => sum + channel.placed, 0)).toBe(expected.length);
      reached += expected.length;
    }
    expect(reached).toBeGreaterThan(10);
  });

  it('stops between two users when it is cancelled', async () => {
    let asked = 0;
    await expect(audienceRows(engine, 'ad-0007', queries, () => (asked += 1) > 3)).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(asked).toBe(4);
  });
});
