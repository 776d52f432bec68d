import type { EventRow, ListedAd, RecallAnswer } from './data.ts';
import { adFilterable, eventFilterable, filtered, termsOf } from './filtering.ts';
import { baselineFor, currentList } from './select.ts';
import { sorted } from './sorting.ts';
import type { AppState } from './state.ts';

type ReadAds = Pick<AppState, 'filters' | 'sort' | 'baseline'>;

const adsCache = new WeakMap<
  RecallAnswer,
  {
    readonly baseline: RecallAnswer | null;
    readonly filters: AppState['filters'];
    readonly sort: AppState['sort'];
    readonly ads: readonly ListedAd[];
  }
>();

const computed = (state: ReadAds, answer: RecallAnswer): readonly ListedAd[] => {
  const baseline = baselineFor(state.baseline, answer);
  const before = baseline === null ? null : new Map(baseline.ads.map((ad) => [ad.adId, ad.rank]));
  const kept = filtered(answer.ads, termsOf(state, 'recall'), (ad) =>
    adFilterable(ad, before !== null && !before.has(ad.adId)),
  );
  return sorted(kept, state.sort, before);
};

/** The rows of an answer as they are shown: filtered and sorted. Ranks stay the list's own. */
export const shownAds = (state: ReadAds, answer: RecallAnswer): readonly ListedAd[] => {
  if (state.filters.recall === undefined && state.sort === null) return answer.ads;
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
export const currentAds = (state: ReadAds & Pick<AppState, 'lists' | 'mode'>): readonly ListedAd[] => {
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
  filtered(state.behaviour?.events ?? [], termsOf(state, 'behaviour'), eventFilterable);
