import type { EventRow } from '../answers/look.ts';
import type { RecallRow } from '../answers/recall.ts';
import { adFilterable, eventFilterable, filtered, termsOf } from './filtering.ts';
import { baselineFor, currentList } from './select.ts';
import { sorted } from './sorting.ts';
import type { AppState } from './state.ts';
import type { RecallAnswer } from './types.ts';

type ReadAds = Pick<AppState, 'filters' | 'sort' | 'baseline'>;

const adsCache = new WeakMap<
  RecallAnswer,
  {
    readonly baseline: RecallAnswer | null;
    readonly filters: AppState['filters'];
    readonly sort: AppState['sort'];
    readonly ads: readonly RecallRow[];
  }
>();

const computed = (state: ReadAds, answer: RecallAnswer): readonly RecallRow[] => {
  const baseline = baselineFor(state.baseline, answer);
  const before = baseline === null ? null : new Map(baseline.data.candidates.map((ad) => [ad.adId, ad.rank]));
  const kept = filtered(answer.data.candidates, termsOf(state, 'recall'), (ad) =>
    adFilterable(ad, before !== null && !before.has(ad.adId)),
  );
  return sorted(kept, state.sort, before);
};

/** The rows of an answer as they are shown: filtered and sorted. Ranks stay the list's own. */
export const shownAds = (state: ReadAds, answer: RecallAnswer): readonly RecallRow[] => {
  if (state.filters.recall === undefined && state.sort === null) return answer.data.candidates;
  const known = adsCache.get(answer);
  if (
    known !== undefined &&
    known.baseline === state.baseline &&
    known.filters === state.filters &&
    known.sort === state.sort
  )
    return known.ads;
  const ads = computed(state, answer);
  adsCache.set(answer, { baseline: state.baseline, filters: state.filters, sort: state.sort, ads });
  return ads;
};

/** The rows of the current list as they are shown. */
export const currentAds = (state: ReadAds & Pick<AppState, 'lists' | 'mode'>): readonly RecallRow[] => {
  const answer = currentList(state);
  return answer === null ? [] : shownAds(state, answer);
};

/** The row of the selected ad among those shown; 0 when it is not there. */
export const selectedRow = (state: AppState): number =>
  Math.max(
    0,
    currentAds(state).findIndex((ad) => ad.adId === state.selectedAd),
  );

/** The behaviours shown. */
export const shownEvents = (state: Pick<AppState, 'behaviour' | 'filters'>): readonly EventRow[] =>
  filtered(state.behaviour?.data.events ?? [], termsOf(state, 'behaviour'), eventFilterable);
