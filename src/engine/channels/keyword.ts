import type { Ad } from '../../domain/ads.ts';
import type { EventId, QueryText } from '../../domain/ids.ts';
import type { BehaviourEvent } from '../../domain/events.ts';
import { byScoreThenId } from '../../base/order.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { Evidence } from '../../domain/channels.ts';
import type { ChannelRun, Emitted, EngineCore } from '../core.ts';
import type { Channel, TrialChange } from './channel.ts';
import { collect, rankedRun, silentRun } from './collect.ts';

interface Search {
  readonly query: QueryText;
  readonly eventId: EventId;
  readonly position: number;
}
interface Match {
  readonly ordinal: number;
  readonly score: number;
  readonly bm25: number;
  readonly search: Search;
}

/** The latest distinct queries, newest first; position from 1. */
const latestSearches = (history: Iterable<BehaviourEvent>, count: number): Search[] => {
  const searches = new Map<string, Search>();
  for (const { query, eventId } of history) {
    if (searches.size === count) break;
    if (query !== null && query.trim() !== '' && !searches.has(query))
      searches.set(query, { query, eventId, position: searches.size + 1 });
  }
  return [...searches.values()];
};

/**
 * Full-text recall of the latest `keywordQueries` distinct queries.
 * score(ad) = max over the queries of bm25(query, ad) ÷ √position, position 1 = the newest; ties by id.
 */
const run = (core: EngineCore, query: RecallQuery, limit: number): ChannelRun => {
  const searches = latestSearches(core.newest(query), query.rules.keywordQueries);
  if (searches.length === 0) return silentRun('keyword', 'no searches before as-of');
  const codes = core.dropCodes(query);
  const best = new Map<number, Match>();
  for (const search of searches) {
    for (const { ordinal, bm25 } of enoughEligible(core, codes, search.query, limit)) {
      const score = bm25 / Math.sqrt(search.position);
      if (score > (best.get(ordinal)?.score ?? Number.NEGATIVE_INFINITY))
        best.set(ordinal, { ordinal, score, bm25, search });
    }
  }
  if (best.size === 0) return silentRun('keyword', `no ad contains a word of the latest ${searches.length} queries`);
  const ranked = [...best.values()].sort(byScoreThenId);
  const collected = collect(
    ranked.map((match) => match.ordinal),
    codes,
    limit,
  );
  return rankedRun(
    'keyword',
    collected,
    collected.positions.flatMap((i) => ranked[i] ?? []).map((match) => withTerms(core, match)),
  );
};

/** Text hits deep enough to hold `limit` eligible ads, where there are so many. */
const enoughEligible = (
  core: EngineCore,
  codes: Uint8Array | null,
  text: string,
  limit: number,
): Array<{ ordinal: number; bm25: number }> => {
  const all = core.deps.catalog.adCount;
  for (let depth = Math.min(all, Math.max(200, 2 * limit)); ; depth = Math.min(all, depth * 8)) {
    const hits = core.deps.text.search(text, depth);
    const eligible = codes === null ? hits.length : hits.filter((hit) => codes[hit.ordinal] === 0).length;
    if (eligible >= limit || hits.length < depth || depth >= all) return hits;
  }
};

/**
 * Evidence names the words of the query that the ad really contains. It is read when somebody asks: most of what a
 * channel emits is never shown, and work over many users asks for none.
 */
const withTerms = (core: EngineCore, { ordinal, score, bm25, search }: Match): Emitted => ({
  ordinal,
  score,
  get evidence(): Evidence {
    return {
      type: 'matched-query',
      query: search.query,
      eventId: search.eventId,
      terms: termsOf(core, ordinal, search.query),
      bm25,
      position: search.position,
    };
  },
});

const termsOf = ({ deps: { catalog, text } }: EngineCore, ordinal: number, query: string): string[] => {
  const [ad] = catalog.ads([ordinal]);
  const words = new Set(ad === undefined ? [] : text.segment(`${ad.title} ${ad.category} ${ad.brand}`));
  return [...new Set(text.segment(query))].filter((word) => words.has(word));
};

/** A search for the ad's own title just before as-of. */
const repairs = (query: RecallQuery, { title }: Ad): TrialChange[] =>
  title.trim() === ''
    ? []
    : [
        {
          change: { type: 'search', query: title },
          cost: 0.9,
          query: {
            ...query,
            extraEvents: [...query.extraEvents, { kind: 'search', at: query.asOf - 1, query: title }],
          },
        },
      ];

export const keyword: Channel = { run, repairs };
