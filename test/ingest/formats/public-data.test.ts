import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsIn, runImport, tools, withDir } from '../world.ts';

const data = resolve(process.env['RECALL_DATA'] ?? '../shared/data');

type Run = (source: string, out: string) => Promise<void>;

/** Runs on the public files where they are; says where it looked when they are not. */
const onData = (folder: string, title: string, run: Run, reason: string | null = null): void => {
  const source = resolve(data, folder);
  const why = reason ?? (existsSync(source) ? null : `no public data at ${source} (set RECALL_DATA)`);
  if (why !== null) console.log(`skipped, ${why}: ${title}`);
  it.skipIf(why !== null)(title, () => withDir((dir) => run(source, resolve(dir, 'ws'))), 300_000);
};

/** The same for the files of which one takes half a minute. */
const onLargeData = (folder: string, title: string, run: Run): void =>
  onData(folder, title, run, process.env['RECALL_LARGE'] === '1' ? null : 'it takes long (npm run test:large)');

const hour = 3_600_000;

describe('importing the public data gives the counts its publishers state', () => {
  onData(
    'completejourney',
    'Complete Journey: 75,000 transactions of which 74,778 join a product, 2,102 redemptions, 360,535 promotions, 801 demographics',
    async (source, out) => {
      const { rows, counts, manifest } = await runImport('completejourney', source, out);
      expect(rows.map(({ file, read, kept }) => [file, read, kept])).toEqual([
        ['demographics.csv', 801, 801],
        ['campaign_descriptions.csv', 27, 27],
        ['products.csv', 92_331, 92_331],
        ['coupons.csv', 116_204, 116_188],
        ['promotions_sample.csv', 360_535, 360_535],
        ['transactions_sample.csv', 75_000, 74_778],
        ['coupon_redemptions.csv', 2_102, 2_102],
        ['campaigns.csv', 6_589, 6_589],
      ]);
      expect(counts).toEqual({ users: 2_379, ads: 92_331, events: 74_778 + 2_102 + 6_589, friends: 0 });
      const events = eventsIn(out);
      expect(new Set(events.filter((event) => event.kind === 'redeem').map((event) => event.userId)).size).toBe(410);
      const purchases = events.filter((event) => event.kind === 'purchase');
      const after = purchases.filter((event) => event.at >= (manifest.asOf ?? 0)).length / purchases.length;
      expect(after).toBeGreaterThanOrEqual(0.05);
      expect(after).toBeLessThanOrEqual(0.2);
    },
  );

  onLargeData(
    'amazon-games-2018',
    'games: 16,859 items, 50,546 users, 440,264 interactions; as-of hides the target of everyone, trainUntil the last two',
    async (source, out) => {
      const { counts, manifest } = await runImport('games', source, out);
      expect(counts).toEqual({ users: 50_546, ads: 16_859, events: 440_264, friends: 0 });
      const { asOf, syntheticTimes } = manifest;
      expect([syntheticTimes, manifest.import?.trainUntil]).toEqual([true, (asOf ?? 0) - hour]);
      const hidden = (cut: number): Map<string, number> => {
        const perUser = new Map<string, number>();
        for (const event of events)
          if (event.at >= cut) perUser.set(event.userId, (perUser.get(event.userId) ?? 0) + 1);
        return perUser;
      };
      const events = eventsIn(out);
      expect(new Set(hidden(asOf ?? 0).values())).toEqual(new Set([1]));
      expect(new Set(hidden((asOf ?? 0) - hour).values())).toEqual(new Set([2]));
      expect(hidden((asOf ?? 0) - hour).size).toBe(50_546);
      const { store, catalog, close } = tools.openSample(resolve(out, 'sample.sqlite'));
      expect(
        store.engaged('0', { from: asOf ?? 0, until: null, kinds: ['purchase'] }).map((engagement) => engagement.adId),
      ).toEqual(['14']);
      expect(store.events('0', { before: asOf ?? 0 }).map((event) => event.adId)).toEqual([
        '13',
        '12',
        '11',
        '10',
        '9',
        '8',
        '7',
        '6',
        '5',
        '4',
        '3',
        '2',
        '1',
        '0',
      ]);
      expect(catalog.listAds({ limit: 20_000 }).filter((ad) => /&(amp|reg|quot|eacute|#39);/.test(ad.title))).toEqual(
        [],
      );
      close();
    },
  );

  onData('ml-100k', 'MovieLens 100k: 100,000 ratings, 943 users, 1,682 films', async (source, out) => {
    const { counts, manifest } = await runImport('movielens', source, out);
    expect(counts).toEqual({ users: 943, ads: 1_682, events: 100_000, friends: 0 });
    expect(manifest.syntheticTimes).toBe(false);
  });

  onLargeData(
    'ml-1m-pairs',
    'MovieLens 1M: 1,000,209 pairs of 6,040 users and 3,706 films, with synthetic times',
    async (source, out) => {
      const { counts, manifest } = await runImport('movielens', source, out);
      expect([counts.users, counts.events, manifest.syntheticTimes]).toEqual([6_040, 1_000_209, true]);
      const { store, close } = tools.openSample(resolve(out, 'sample.sqlite'));
      expect(store.adCounts({ from: 0, before: Infinity, kinds: ['view'] }).filter((count) => count > 0)).toHaveLength(
        3_706,
      );
      close();
    },
  );

  onData(
    'lastfm-hetrec2011',
    'Last.fm: 92,834 listens, 25,434 friend rows, 186,478 tag rows of which 5 are dated before 2005; a fifth of the listens held out, none of them tagged',
    async (source, out) => {
      const { rows, counts, manifest } = await runImport('lastfm', source, out);
      expect(rows.map(({ file, read }) => [file, read])).toEqual([
        ['artists.dat', 17_632],
        ['user_artists.dat', 92_834],
        ['tags.dat', 11_946],
        ['user_taggedartists.dat', 186_478],
        ['user_friends.dat', 25_434],
      ]);
      expect(rows[3]?.rejected).toEqual({ 'implausible-date': 5, 'unknown-ad': 1_538 });
      expect(counts).toMatchObject({ users: 1_892, ads: 17_632, friends: 25_434 });
      const events = eventsIn(out);
      const held = events.filter((event) => event.at >= (manifest.asOf ?? 0));
      expect(held.every((event) => event.kind === 'listen')).toBe(true);
      expect(held.length / 92_834).toBeGreaterThan(0.17);
      expect(held.length / 92_834).toBeLessThanOrEqual(0.2);
      const tagged = new Set(
        events.filter((event) => event.kind === 'tag').map((event) => `${event.userId}:${event.adId}`),
      );
      expect(held.filter((event) => tagged.has(`${event.userId}:${event.adId}`))).toEqual([]);
    },
  );

  onData(
    'tmall-2014',
    'Tmall: 182,880 rows, 174,539 clicks, 6,984 buys, 1,204 favourites, 153 carts, 884 users, 9,531 brands',
    async (source, out) => {
      const { counts } = await runImport('tmall', source, out);
      expect(counts).toEqual({ users: 884, ads: 9_531, events: 182_880, friends: 0 });
      const kinds = new Map<string, number>();
      for (const { kind } of eventsIn(out)) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      expect(Object.fromEntries(kinds)).toEqual({ click: 174_539, purchase: 6_984, favourite: 1_204, cart: 153 });
    },
  );

  onLargeData(
    'uci-online-retail',
    'Online Retail: 541,909 rows, after cleaning 396,337 of 4,334 users and 3,659 items',
    async (source, out) => {
      const { rows, counts } = await runImport('online-retail', source, out);
      expect(rows[0]).toMatchObject({ read: 541_909, kept: 396_337, rejected: { 'no-customer': 135_080 } });
      expect(counts).toEqual({ users: 4_334, ads: 3_659, events: 396_337, friends: 0 });
    },
  );
});
