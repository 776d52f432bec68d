import type Database from 'better-sqlite3';
import { lazy } from '../../base/lazy.ts';
import { byCodeUnit } from '../../base/order.ts';
import type { UsersWho } from '../../engine/ports/ports.ts';
import { firstAt, type EventColumns } from './event-counts.ts';
import type { TableNames } from './schema.ts';

const folded = (words: readonly string[]): string[] => words.map((word) => word.normalize('NFKC').toLowerCase());

/** `wanted[i]` = 1: event kind i counts. */
const wantedKinds = (events: EventColumns, kinds: readonly string[] | undefined): Uint8Array =>
  Uint8Array.from(events.kinds, (kind) => (kinds === undefined || kinds.includes(kind) ? 1 : 0));

/** Places in the order of time of the events with one of these ads; they are the events' `seq`. */
const seqsWith = (events: EventColumns, isAd: Uint8Array, { kinds, from, before }: UsersWho): number[] => {
  const wanted = wantedKinds(events, kinds);
  const end = firstAt(events.at, before);
  const seqs: number[] = [];
  for (let i = firstAt(events.at, from ?? -Infinity); i < end; i++) {
    const ad = events.ad[i] ?? -1;
    if (ad >= 0 && isAd[ad] === 1 && wanted[events.kind[i] ?? 0] === 1) seqs.push(i);
  }
  return seqs;
};

/**
 * Users by what they did: the packed columns say which events have such an ad, and only their users are
 * read; queries are read through, as no index holds them.
 */
export const openUsersWho = (
  db: Database.Database,
  names: TableNames,
  ads: number,
  events: () => EventColumns,
): ((who: UsersWho) => string[]) => {
  const adsWith = lazy(() =>
    db
      .prepare<[string], number>(
        `SELECT a.ordinal FROM ${names.ads} AS a WHERE NOT EXISTS (SELECT 1 FROM json_each(?) w
    WHERE instr(lower(a.title || ' ' || a.category || ' ' || a.brand || ' ' || a.id), w.value) = 0)`,
      )
      .pluck(),
  );
  const usersOf = lazy(() =>
    db
      .prepare<[string], string>(
        `SELECT DISTINCT user_id FROM ${names.events} WHERE seq IN (SELECT value FROM json_each(?))`,
      )
      .pluck(),
  );
  const searched = lazy(() =>
    db
      .prepare<[{ before: number; from: number; kinds: string | null; words: string }], string>(
        `SELECT DISTINCT user_id FROM ${names.events} AS e
    WHERE query IS NOT NULL AND at < @before AND at >= @from AND (@kinds IS NULL OR kind IN (SELECT value FROM json_each(@kinds)))
    AND NOT EXISTS (SELECT 1 FROM json_each(@words) w WHERE instr(lower(e.query), w.value) = 0)`,
      )
      .pluck(),
  );
  const withQuery = ({ kinds, words, from, before }: UsersWho): string[] =>
    searched().all({
      before: Math.min(before, Number.MAX_SAFE_INTEGER),
      from: from ?? -Number.MAX_SAFE_INTEGER,
      kinds: kinds === undefined ? null : JSON.stringify(kinds),
      words: JSON.stringify(folded(words)),
    });
  const withAd = (who: UsersWho): string[] => {
    const isAd = new Uint8Array(ads);
    for (const ordinal of adsWith().all(JSON.stringify(folded(who.words)))) isAd[ordinal] = 1;
    const seqs = seqsWith(events(), isAd, who);
    return seqs.length === 0 ? [] : usersOf().all(JSON.stringify(seqs));
  };
  return (who) => (who.of === 'query' ? withQuery(who) : withAd(who)).sort(byCodeUnit);
};
