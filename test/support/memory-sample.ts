import type { BehaviourEvent } from '../../src/domain/events.ts';
import { newestFirst } from '../../src/domain/inputs.ts';
import type {
  AdCatalog,
  CategoryCount,
  ReadEvents,
  TextHit,
  TextIndex,
  UserStore,
} from '../../src/engine/ports/ports.ts';
import { columnsOf } from './memory-world.ts';
import type { MemoryWorld } from './memory-world.ts';

const within = (event: BehaviourEvent, { before, from = Number.NEGATIVE_INFINITY, kinds }: ReadEvents): boolean =>
  event.at < before && event.at >= from && (kinds === undefined || kinds.includes(event.kind));

/** UserStore by linear search over the world's arrays: slow and plainly right. */
export const memoryStore = (world: MemoryWorld): UserStore => {
  const read = (users: ReadonlySet<string>, options: ReadEvents): BehaviourEvent[] =>
    world.events
      .filter((event) => users.has(event.userId) && within(event, options))
      .sort(newestFirst)
      .slice(0, options.limit);
  const lastEventAt = (userId: string, before = Infinity): number | null =>
    world.events
      .filter((e) => e.userId === userId && e.at < before)
      .reduce<number | null>((last, e) => Math.max(last ?? e.at, e.at), null);
  const ordinalOf = new Map(world.ads.map((ad) => [ad.adId, ad.ordinal]));
  return {
    userCount: world.users.length,
    eventCount: world.events.length,
    user: (userId) => world.users.find((user) => user.userId === userId) ?? null,
    suggestUsers: (userId, limit) =>
      world.users
        .map((user) => user.userId)
        .filter((id) => id[0] === userId[0])
        .slice(0, limit),
    usersWho: ({ of, kinds, words, before, from = -Infinity }) => {
      const ads = new Map(world.ads.map((ad) => [ad.adId, `${ad.title} ${ad.category} ${ad.brand} ${ad.adId}`]));
      const said = (e: BehaviourEvent): string | null =>
        of === 'query' ? e.query : e.adId === null ? null : (ads.get(e.adId) ?? null);
      const has = (e: BehaviourEvent): boolean =>
        e.at < before &&
        e.at >= from &&
        (kinds === undefined || kinds.includes(e.kind)) &&
        said(e) !== null &&
        words.every((word) => said(e)?.toLowerCase().includes(word.toLowerCase()) === true);
      return [...new Set(world.events.filter(has).map((e) => e.userId))].sort();
    },
    listUsers: ({ words = [], limit, offset = 0, among, before = Infinity }) =>
      world.users
        .filter(({ userId, attributes }) => {
          const texts = [userId, ...Object.entries(attributes).map((attribute) => attribute.join(' '))];
          return words.every((word) => texts.some((text) => text.toLowerCase().includes(word.toLowerCase())));
        })
        .filter((user) => among?.includes(user.userId) !== false)
        .slice(offset, offset + limit)
        .map((user) => ({
          ...user,
          events: world.events.filter((e) => e.userId === user.userId && e.at < before).length,
          lastAt: lastEventAt(user.userId, before),
        })),
    userIds: () => world.users.map((user) => user.userId).sort(),
    events: (userId, options) => read(new Set([userId]), options),
    countEvents: (userId, options) => {
      const counts = new Map<string, number>();
      for (const { kind } of read(new Set([userId]), options)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return counts;
    },
    event: (eventId) => world.events.find((event) => event.eventId === eventId) ?? null,
    lastEventAt: (userId) => lastEventAt(userId),
    friends: (userId, before) =>
      world.friends
        .filter((f) => f.userId === userId && (f.since === null || f.since < before))
        .map((f) => f.peerId)
        .sort(),
    eventsOf: (userIds, options) => read(new Set(userIds), options),
    engaged: (userId, { from, until, kinds }) =>
      read(new Set([userId]), { before: until ?? Number.POSITIVE_INFINITY, from, kinds }).flatMap(
        ({ adId, kind, at }) => (adId === null ? [] : [{ adId, kind, at }]),
      ),
    adCounts: ({ from, before, kinds }) => {
      const counts = new Uint32Array(world.ads.length);
      for (const event of world.events.filter((e) => within(e, { before, from, kinds }))) {
        const ordinal = event.adId === null ? undefined : ordinalOf.get(event.adId);
        if (ordinal !== undefined) counts[ordinal] = (counts[ordinal] ?? 0) + 1;
      }
      return counts;
    },
    categoryCounts: ({ before, windowMs }) => countCategories(world, ordinalOf, before, windowMs),
  };
};

const countCategories = (
  world: MemoryWorld,
  ordinalOf: ReadonlyMap<string, number>,
  before: number,
  windowMs: number,
): CategoryCount[] => {
  const counts = new Map<string, { category: string; recent: number; previous: number }>();
  for (const event of world.events.filter((e) => within(e, { before, from: before - 2 * windowMs }))) {
    const category = world.ads[ordinalOf.get(event.adId ?? '') ?? -1]?.category;
    if (category === undefined) continue;
    const count = counts.get(category) ?? { category, recent: 0, previous: 0 };
    counts.set(category, count);
    if (event.at >= before - windowMs) count.recent += 1;
    else count.previous += 1;
  }
  return [...counts.values()].sort((a, b) => (a.category < b.category ? -1 : 1));
};

export const memoryCatalog = (world: MemoryWorld): AdCatalog => {
  const { ads } = world;
  const ordinals = new Map(ads.map((ad) => [ad.adId, ad.ordinal]));
  const byCategory = new Map<string, number[]>();
  for (const ad of ads) byCategory.set(ad.category, [...(byCategory.get(ad.category) ?? []), ad.ordinal]);
  const at = (ordinal: number): (typeof ads)[number] => {
    const ad = ads[ordinal];
    if (ad === undefined) throw new RangeError(`no ad with ordinal ${ordinal}`);
    return ad;
  };
  return {
    adCount: ads.length,
    columns: columnsOf(ads),
    idOf: (ordinal) => at(ordinal).adId,
    ordinalOf: (adId) => ordinals.get(adId) ?? null,
    ads: (wanted) => Array.from(wanted, at),
    suggestAds: (adId, limit) =>
      ads
        .map((ad) => ad.adId)
        .filter((id) => id.slice(0, 4) === adId.slice(0, 4))
        .slice(0, limit),
    listAds: ({ match = '', limit, offset = 0 }) =>
      ads.filter((ad) => ad.adId.includes(match) || ad.title.includes(match)).slice(offset, offset + limit),
    inCategory: (category) => Int32Array.from(byCategory.get(category) ?? []),
    inCampaign: (campaign) => Int32Array.from(ads.filter((ad) => ad.campaign === campaign).map((ad) => ad.ordinal)),
    campaigns: () => [...new Set(ads.flatMap((ad) => ad.campaign ?? []))].sort(),
    categoryOf: (ordinal) => at(ordinal).category,
  };
};

/** BM25 (k1 = 1.2, b = 0) over space-separated words of title, category and brand. */
export const memoryText = (world: MemoryWorld): TextIndex => {
  const segment = (text: string): string[] =>
    text
      .toLowerCase()
      .split(/[\s>]+/)
      .filter((word) => word !== '');
  const documents = world.ads.map((ad) => segment(`${ad.title} ${ad.category} ${ad.brand}`));
  const documentsWith = new Map<string, number>();
  for (const words of documents)
    for (const word of new Set(words)) documentsWith.set(word, (documentsWith.get(word) ?? 0) + 1);
  const idf = (word: string): number =>
    Math.log(1 + (documents.length - (documentsWith.get(word) ?? 0) + 0.5) / ((documentsWith.get(word) ?? 0) + 0.5));
  const score = (words: readonly string[], query: readonly string[]): number =>
    query.reduce((sum, term) => {
      const frequency = words.filter((word) => word === term).length;
      return sum + (idf(term) * frequency * 2.2) / (frequency + 1.2);
    }, 0);
  return {
    segment,
    search: (query, limit): TextHit[] =>
      documents
        .map((words, ordinal) => ({ ordinal, bm25: score(words, segment(query)) }))
        .filter((hit) => hit.bm25 > 0)
        .sort((a, b) => b.bm25 - a.bm25 || a.ordinal - b.ordinal)
        .slice(0, limit),
  };
};
