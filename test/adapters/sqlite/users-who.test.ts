import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { createSample, openSample } from '../../../src/adapters/sqlite/sample.ts';
import type { UsersWho } from '../../../src/engine/ports/ports.ts';
import { temporaryFolder } from '../../support/vectors.ts';

const titles = ['扫地机器人 X20', '智能音箱 Pro', 'Robot Vacuum', '耳机 蓝牙'];
const queries = ['智能家居', 'robot vacuum', '扫地 机器人', null];
const kinds = ['view', 'purchase', 'search'];

const events = Array.from({ length: 400 }, (_, i) => ({
  eventId: `e${i}`,
  userId: `u${(i * 7) % 23}`,
  kind: kinds[i % 3] ?? 'view',
  at: 1000 + ((i * 37) % 400),
  platform: null,
  adId: i % 5 === 0 ? null : `ad-${(i * 11) % 4}`,
  query: queries[(i * 3) % 4] ?? null,
  peerId: null,
}));

const opened = (): ReturnType<typeof openSample> => {
  const path = join(temporaryFolder('who'), 'sample.sqlite');
  const writer = createSample(path);
  titles.forEach((title, i) =>
    writer.addAd({
      adId: `ad-${i}`,
      title,
      category: i < 2 ? '家电 > 智能' : 'home',
      brand: 'B',
      price: 1,
      campaign: null,
      startAt: null,
      endAt: null,
      budgetLeft: null,
      targeting: null,
    }),
  );
  for (let u = 0; u < 23; u++) writer.addUser({ userId: `u${u}`, attributes: { city: `c${u % 3}` } });
  for (const event of events) writer.addEvent(event);
  writer.finish();
  return openSample(path);
};

describe('the search for users by their events', () => {
  it('finds the users that a walk over all events finds, for any conditions', () => {
    const { store, close } = opened();
    const text = (e: (typeof events)[number], of: UsersWho['of']): string | null => {
      const ad = Number(e.adId?.slice(3) ?? -1);
      return of === 'query'
        ? e.query
        : e.adId === null
          ? null
          : `${titles[ad] ?? ''} ${ad < 2 ? '家电 > 智能' : 'home'} B ${e.adId}`;
    };
    const asked = fc.record(
      {
        of: fc.constantFrom('ad' as const, 'query' as const),
        words: fc.array(fc.constantFrom('扫地', '机器人', 'robot', 'VACUUM', '智能', '家居', 'ad-2', 'ｐｒｏ', '无'), {
          maxLength: 2,
        }),
        before: fc.oneof(fc.integer({ min: 990, max: 1410 }), fc.constant(Infinity)),
      },
      { requiredKeys: ['of', 'words', 'before'] },
    );
    fc.assert(
      fc.property(
        asked,
        fc.option(fc.subarray(kinds), { nil: undefined }),
        fc.option(fc.integer({ min: 990, max: 1410 }), { nil: undefined }),
        (who, wanted, from) => {
          const found = store.usersWho({
            ...who,
            ...(wanted === undefined ? {} : { kinds: wanted }),
            ...(from === undefined ? {} : { from }),
          });
          const words = who.words.map((w) => w.normalize('NFKC').toLowerCase());
          const naive = events
            .filter((e) => e.at < who.before && e.at >= (from ?? -Infinity) && wanted?.includes(e.kind) !== false)
            .filter((e) => {
              const said = text(e, who.of)?.toLowerCase();
              return said !== undefined && words.every((w) => said.includes(w));
            });
          expect(found).toEqual([...new Set(naive.map((e) => e.userId))].sort());
        },
      ),
      { numRuns: 200 },
    );
    expect(store.listUsers({ among: ['u3', 'u1', 'nobody'], words: ['c1'], limit: 9 }).map((u) => u.userId)).toEqual([
      'u1',
    ]);
    close();
  });
});
