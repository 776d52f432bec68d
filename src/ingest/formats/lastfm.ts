import { createHash } from 'node:crypto';
import { byCodeUnit } from '../../base/order.ts';
import { endOfDay } from '../../base/time.ts';
import { plainAd, plainEvent, type Format, type ImportRun } from './format.ts';
import { eventsGroup, socialGroup } from './groups.ts';
import { syntheticTime } from './times.ts';

const t0 = Date.UTC(2011, 5, 1);
const tabs = { delimiter: '\t', quotes: false, header: true } as const;
const heldOut = 0.2;
/** Last.fm took tags from 2005 on; earlier dates are dirt. */
const firstYear = 2005;
const categoryTags = 100;

interface Listen {
  readonly artist: string;
  readonly weight: number;
}

interface Tags {
  readonly names: Map<string, string>;
  /** tag → rows; artist → tag → rows */
  readonly total: Map<string, number>;
  readonly byArtist: Map<string, Map<string, number>>;
  /** user and artist of every kept tag row */
  readonly pairs: Set<string>;
}

const count = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};
const byCount = ([a, n]: readonly [string, number], [b, m]: readonly [string, number]): number =>
  m - n || byCodeUnit(a, b);
const hash = (user: string, artist: string): string => createHash('sha256').update(`${user}\n${artist}`).digest('hex');

/** The artist's most used tag among the 100 most used of all; '' where it has none of them. */
const categories = ({ total, byArtist, names }: Tags): ((artist: string) => string) => {
  const common = new Set(
    [...total]
      .sort(byCount)
      .slice(0, categoryTags)
      .map(([tag]) => tag),
  );
  return (artist) =>
    names.get([...(byArtist.get(artist) ?? [])].filter(([tag]) => common.has(tag)).sort(byCount)[0]?.[0] ?? '') ?? '';
};

const lastDayOf = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

interface TagRow {
  readonly user: string;
  readonly artist: string;
  readonly tag: string;
  readonly at: number;
}

const readTags = async (
  run: ImportRun,
  artists: ReadonlySet<string>,
  users: ReadonlySet<string>,
): Promise<{ tags: Tags; rows: TagRow[] }> => {
  const tags: Tags = { names: new Map(), total: new Map(), byArtist: new Map(), pairs: new Set() };
  const rows: TagRow[] = [];
  const ids = new Set<string>();
  await run.each(
    'tags.dat',
    { ...tabs, columns: ['tagID', 'tagValue'], encoding: 'latin-1' },
    ([id = '', name = '']) => (tags.names.has(id) ? 'duplicate-id' : (tags.names.set(id, name), null)),
  );
  await run.each(
    'user_taggedartists.dat',
    { ...tabs, columns: ['userID', 'artistID', 'tagID', 'day', 'month', 'year'], encoding: 'latin-1' },
    ([user = '', artist = '', tag = '', , month = '', year = '']) => {
      const at = endOfDay(Number(year), Number(month), lastDayOf(Number(year), Number(month)));
      if (at === null) return 'bad-date';
      if (Number(year) < firstYear || at >= t0) return 'implausible-date';
      if (!users.has(user)) return 'unknown-user';
      if (!artists.has(artist)) return 'unknown-ad';
      if (!tags.names.has(tag)) return 'unknown-tag';
      const id = `${user}:${artist}:${tag}`;
      if (ids.has(id)) return 'duplicate-id';
      ids.add(id);
      rows.push({ user, artist, tag, at });
      count(tags.total, tag);
      const ofArtist = tags.byArtist.get(artist) ?? new Map<string, number>();
      tags.byArtist.set(artist, ofArtist);
      count(ofArtist, tag);
      tags.pairs.add(`${user}:${artist}`);
      return null;
    },
  );
  return { tags, rows };
};

const addListens = (
  run: ImportRun,
  listens: ReadonlyMap<string, readonly Listen[]>,
  tagged: ReadonlySet<string>,
): void => {
  const add = (user: string, artist: string, at: number): void => {
    run.addEvent(plainEvent(`listen:${user}:${artist}`, user, 'listen', at, { adId: artist }));
  };
  for (const [user, all] of listens) {
    const shuffled = all
      .filter(({ artist }) => !tagged.has(`${user}:${artist}`))
      .map((listen) => ({ ...listen, key: hash(user, listen.artist) }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const hidden = new Set(shuffled.slice(0, Math.floor(all.length * heldOut)).map(({ artist }) => artist));
    const visible = all
      .filter(({ artist }) => !hidden.has(artist))
      .sort((a, b) => b.weight - a.weight || (a.artist < b.artist ? -1 : 1));
    [...hidden].forEach((artist, i) => add(user, artist, syntheticTime(t0, -i)));
    visible.forEach(({ artist }, i) => add(user, artist, syntheticTime(t0, i + 1)));
  }
};

/** Last.fm (HetRec 2011): artists are the ads; listens, tags and friends. */
export const lastfm: Format = {
  id: 'lastfm',
  title: 'Last.fm, HetRec 2011 (listens, tags, friends)',
  name: 'lastfm',
  read: async (run) => {
    const artists = new Map<string, string>();
    await run.each('artists.dat', { ...tabs, columns: ['id', 'name', 'url', 'pictureURL'] }, ([id = '', name = '']) =>
      artists.has(id) ? 'duplicate-id' : (artists.set(id, name), null),
    );
    const listens = new Map<string, Listen[]>();
    const pairs = new Set<string>();
    await run.each(
      'user_artists.dat',
      { ...tabs, columns: ['userID', 'artistID', 'weight'] },
      ([user = '', artist = '', weight = '']) => {
        if (!artists.has(artist)) return 'unknown-ad';
        if (!/^[1-9]\d{0,11}$/.test(weight)) return 'bad-weight';
        if (pairs.has(`${user}:${artist}`)) return 'duplicate-id';
        pairs.add(`${user}:${artist}`);
        const ofUser = listens.get(user) ?? [];
        listens.set(user, ofUser);
        ofUser.push({ artist, weight: Number(weight) });
        return null;
      },
    );
    for (const user of listens.keys()) run.addUser({ userId: user, attributes: {} });
    const { tags, rows } = await readTags(run, new Set(artists.keys()), run.seen.users);
    const categoryOf = categories(tags);
    for (const [artist, title] of artists) run.addAd(plainAd(artist, { title, category: categoryOf(artist) }));
    for (const { user, artist, tag, at } of rows)
      run.addEvent(
        plainEvent(`tag:${user}:${artist}:${tag}`, user, 'tag', at, {
          adId: artist,
          query: tags.names.get(tag) ?? null,
        }),
      );
    addListens(run, listens, tags.pairs);
    await run.each('user_friends.dat', { ...tabs, columns: ['userID', 'friendID'] }, ([user = '', friend = '']) => {
      if (!run.seen.users.has(user) || !run.seen.users.has(friend)) return 'unknown-user';
      return run.addFriend(user, friend, null) ? null : 'duplicate-id';
    });
    return {
      groups: [
        eventsGroup('browse', ['listen'], { maxItems: 50 }),
        eventsGroup('tag', ['tag'], { maxItems: 30 }),
        socialGroup(['listen']),
      ],
      engagementKinds: ['listen'],
      syntheticTimes: true,
      tzOffsetMinutes: 0,
      asOf: t0,
      trainUntil: t0,
      decisions: [
        "Listens have a weight and no time. A fifth of each user's artists, drawn by hash of user and artist, is placed at and after 2011-06-01T00:00Z (T0, held out); the others go before T0, one hour apart, the most played last, so that recency stands for weight.",
        'Held-out artists are drawn among those the user never tagged: a tag would give them away.',
        'Tags are dated by month: a tag counts from the last millisecond of its month. Tags before 2005 are rejected, and tags on artists that artists.dat does not have.',
        "The text of a tag is the event's query: the keyword rule reads tags as searches. Category of an artist: its most used tag among the 100 most used. Friends have no date: they always were.",
      ],
    };
  },
};
