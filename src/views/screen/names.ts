import type { AppState } from '../../state/state.ts';
import type { Names } from '../text/names.ts';

/** Titles of the ads and events that are on the screen already; `more`: those that came with an answer. */
export const namesOf = (
  state: Pick<AppState, 'behaviour' | 'lists'>,
  more: Readonly<Record<string, string>> | undefined,
): Names => {
  const titles = new Map(Object.entries(more ?? {}));
  for (const event of state.behaviour?.data.events ?? [])
    if (event.adId !== null && event.title !== null && event.title !== '') titles.set(event.adId, event.title);
  for (const list of Object.values(state.lists))
    for (const ad of list.data.candidates) if (ad.title !== '') titles.set(ad.adId, ad.title);
  const events = new Map((state.behaviour?.data.events ?? []).map((e) => [e.eventId, e]));
  return { ad: (adId) => titles.get(adId) ?? adId, event: (eventId) => events.get(eventId) ?? null };
};
