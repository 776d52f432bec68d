import { adFilterable, eventFilterable, filtered, termsOf } from './filtering.ts';
import { sorted } from './sorting.ts';
import type { EventRow } from '../answers/look.ts';
import type { CommandFacts } from '../console/command.ts';
import type { Mode, RecallQuery } from '../domain/query.ts';
import type { Result } from '../answers/answers.ts';
import type { RecallRow } from '../answers/recall.ts';
import { waitsFor } from './requests.ts';
import type { AppState } from './state.ts';
import type { AnswerDetail, RecallAnswer, Place, CommandInfo } from './types.ts';

/** Where the next key goes. */
export const placeOf = (state: AppState): Place => {
  if (state.fatal !== null && state.exit === null) return 'crash';
  if (state.screen === 'opening') return 'opening';
  if (state.help !== null) return 'help';
  if (state.palette !== null) return 'palette';
  if (state.copying !== null) return 'copy';
  if (state.prompt !== null) return 'prompt';
  return state.screen === 'finder' ? 'finder' : state.focus;
};

/** The list that an answer is; null where it is none. */
export const listIn = (result: Result): RecallAnswer | null =>
  result.schema === 'recall' && result.query !== undefined ? { ...result, query: result.query } : null;

export const currentList = (state: Pick<AppState, 'lists' | 'mode'>): RecallAnswer | null =>
  state.lists[state.mode] ?? null;

/** The list beside the current one: the rules beside the model, the model (i2i where there is none) beside anything else. */
export const otherMode = ({ mode, workspace }: Pick<AppState, 'mode' | 'workspace'>): Mode => {
  const best: Mode = workspace === null || workspace.model !== null ? 'model' : 'i2i';
  return mode === best ? 'legacy' : best;
};

export const selectedAd = (state: Pick<AppState, 'lists' | 'mode' | 'selectedAd'>): RecallRow | null =>
  currentList(state)?.data.candidates.find((ad) => ad.adId === state.selectedAd) ?? null;

/** Equal but for the mode, which is how one looks. */
export const sameQuery = (a: RecallQuery, b: RecallQuery): boolean =>
  a === b || JSON.stringify({ ...a, mode: '' }) === JSON.stringify({ ...b, mode: '' });

/** The pinned list where it answers another query of the same user in the same mode than `answer`: what movement is shown against. */
export const baselineFor = (baseline: RecallAnswer | null, answer: RecallAnswer): RecallAnswer | null =>
  baseline !== null &&
  baseline !== answer &&
  baseline.query.mode === answer.query.mode &&
  !sameQuery(baseline.query, answer.query)
    ? baseline
    : null;

export const factsOf = (state: AppState): CommandFacts => ({
  hasModel: state.workspace !== null && state.workspace.model !== null,
  abilities: state.workspace?.abilities ?? null,
  hasIndex: state.workspace?.hasIndex ?? false,
  hasI2i: state.workspace?.hasI2i ?? false,
  userId: state.userId,
  adId: adInQuestion(state),
});

export const commandOf = (state: AppState, id: string): CommandInfo | null =>
  state.table.find((c) => c.id === id) ?? null;

/** The detail pane answers for a query that is no longer the current one. */
export const isDetailStale = ({ detail, query }: AppState): boolean => {
  const asked = detail.kind === 'answer' && detail.result !== null ? detail.asked : null;
  return asked !== null && query !== null && asked.userId === query.userId && !sameQuery(asked, query);
};

/** The answer shown is not yet that of the query asked. */
export const isListStale = (state: AppState): boolean => waitsFor(state, `recall:${state.mode}`);

/** The ad a question is about: that of the answer in the detail pane, else the one under the cursor. */
export const adInQuestion = (state: AppState): string | null => {
  const { detail } = state;
  const asked = detail.kind === 'answer' && !detail.follows ? (detail.args['ad'] ?? funnelAd(detail)) : undefined;
  return typeof asked === 'string' ? asked : state.selectedAd;
};

/** The one ad of a funnel. */
const funnelAd = ({ result }: AnswerDetail): string | undefined =>
  result?.schema === 'funnel' && result.data.subject.kind === 'ad' ? result.data.subject.name : undefined;

/** The change that an answer has seen to work: a why-not's repair, a counterfactual's, a funnel's best; null: there is none. */
const changeIn = (result: Result): RecallQuery | null => {
  switch (result.schema) {
    case 'why-not':
      return result.data.repair?.query ?? null;
    case 'funnel':
      return result.data.best?.query ?? null;
    case 'counterfactual':
      return result.data.verified ? result.data.applied : null;
    default:
      return null;
  }
};

/** The changed query on offer in the detail pane; null where there is none. */
export const offeredQuery = ({ detail, query }: AppState): RecallQuery | null => {
  const offered = detail.kind === 'answer' && detail.result !== null ? changeIn(detail.result) : null;
  if (offered === null || query === null || offered.userId !== query.userId) return null;
  return JSON.stringify({ ...offered, mode: query.mode }) === JSON.stringify(query) ? null : offered;
};

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
