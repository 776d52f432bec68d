import type { EventRow } from '../../answers/look.ts';

/** What a view says of an event that the reader has before them. */
export type NamedEvent = Pick<EventRow, 'kind' | 'at' | 'title' | 'query'>;

/** Ids by the names a reader knows them by. */
export interface Names {
  readonly ad: (adId: string) => string;
  /** null: the reader has not seen it. */
  readonly event: (eventId: string) => NamedEvent | null;
}

/** Names from an answer's own `titles`, for front ends that have nothing else on the screen. */
export const namesFrom = (titles: Readonly<Record<string, string>> | undefined): Names => ({
  ad: (adId) => (titles !== undefined && Object.hasOwn(titles, adId) ? titles[adId] || adId : adId),
  event: () => null,
});
