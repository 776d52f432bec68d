import type { BehaviourEvent } from '../domain/events.ts';
import { placeBefore } from '../domain/inputs.ts';
import type { UserStore } from './ports/ports.ts';

/** Events read at first: all of an ordinary user's. Of a longer history more is read as it is looked at. */
export const firstRead = 512;
const growth = 8;
/** Newer events that are read to go on from a part of a history; beyond them the log begins again. */
const mostNewer = 4096;

/** Events newest first; those of the asker begin at `from`. `whole`: there are no older ones. */
export interface LogView {
  readonly events: readonly BehaviourEvent[];
  readonly from: number;
  readonly whole: boolean;
}

/** What a user did, for any as-of, as far back as somebody has looked: one copy of each event, whatever is asked. */
export interface UserLog {
  /** The events before `asOf`, at least `atLeast` of them if there are so many. An array once given never changes. */
  view(asOf: number, atLeast: number): LogView;
  readonly size: number;
}

export const openLog = (
  store: Pick<UserStore, 'events'>,
  userId: string,
  { first, newest }: { readonly first: number; readonly newest: number } = { first: firstRead, newest: mostNewer },
): UserLog => {
  let events: readonly BehaviourEvent[] = [];
  /** All events before this instant that are not older than the last one read. */
  let upTo = Number.NEGATIVE_INFINITY;
  let whole = false;
  const begin = (asOf: number, limit: number): void => {
    events = store.events(userId, { before: asOf, ...(Number.isFinite(limit) ? { limit } : {}) });
    whole = events.length < limit;
    upTo = asOf;
  };
  const goOn = (asOf: number): void => {
    const newer = store.events(userId, { before: asOf, from: upTo, ...(whole ? {} : { limit: newest }) });
    if (!whole && newer.length === newest) return begin(asOf, newest);
    if (newer.length > 0) events = [...newer, ...events];
    upTo = asOf;
  };
  return {
    view: (asOf, atLeast) => {
      if (upTo === Number.NEGATIVE_INFINITY) begin(asOf, first);
      else if (asOf > upTo) goOn(asOf);
      let from = placeBefore(events, asOf);
      // Further back than anybody has looked.
      if (from === events.length && !whole) {
        begin(asOf, first);
        from = 0;
      }
      while (!whole && events.length - from < atLeast) {
        begin(upTo, Number.isFinite(atLeast) ? Math.max(first, events.length) * growth : atLeast);
        from = placeBefore(events, asOf);
      }
      return { events, from, whole };
    },
    get size() {
      return events.length;
    },
  };
};
