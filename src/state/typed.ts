import { t, tn } from '../base/texts.ts';
import type { Result } from '../answers/answers.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { ArgValues } from '../console/command.ts';
import { askInstead } from './requests.ts';
import { askLists, requery } from './ask.ts';
import { remembered } from './changes.ts';
import { listIn, sameQuery } from './select.ts';
import { only, andThen, type AppState, type Step } from './state.ts';
import { withEffect, withTrial } from './trials.ts';
import type { RecallAnswer } from './types.ts';

const selectedIn = (state: AppState, { data: { candidates } }: RecallAnswer): string | null =>
  candidates.some((ad) => ad.adId === state.selectedAd) ? state.selectedAd : (candidates[0]?.adId ?? null);

/** Another user's answer: everything of the last one is forgotten. */
const adoptUser = (state: AppState, answer: RecallAnswer): AppState => ({
  ...state,
  behaviour: null,
  changes: { past: [], future: [] },
  baseline: answer,
  openedQuery: answer.query,
  eventTimes: [],
  emptyGroups: null,
  trials: [{ from: answer.query, query: answer.query, knob: null, effect: null }],
});

const adoptChange = (state: AppState, answer: RecallAnswer): AppState => ({
  ...state,
  changes: remembered(state),
  trials: withTrial(state, answer.query, null),
  baseline: state.baseline ?? answer,
});

/** A `recall` typed at the prompt: its query becomes the current one. */
export const adoptAnswer = (state: AppState, result: Result): Step => {
  const answer = listIn(result);
  if (answer === null) return only(state);
  const { query } = answer;
  const known =
    query.userId === state.userId && state.query !== null ? adoptChange(state, answer) : adoptUser(state, answer);
  const next = withEffect(
    {
      ...known,
      query,
      userId: query.userId,
      mode: query.mode,
      screen: 'main',
      lists: { [query.mode]: answer },
      listErrors: {},
      focus: 'recall',
      selectedAd: selectedIn(state, answer),
      detail: { kind: 'overview', scroll: 0 },
      coveredDetail: null,
    },
    answer,
  );
  const asked = askInstead(next, {
    slot: 'events',
    command: 'events',
    args: { user: query.userId, limit: 500 },
    baseQuery: query,
  });
  return andThen(asked, askLists);
};

/** Why a preset or a knock-out changed nothing. */
const unchanged = (state: AppState, { preset, exclude }: ArgValues): string => {
  if (typeof preset === 'string') return t('The query already has the settings of {preset}.', { preset });
  const filter = Array.isArray(exclude) ? exclude.join(' ') : '';
  const out = state.query?.excludedEvents.length ?? 0;
  return out === 0
    ? t('No event matches {filter}.', { filter })
    : t('No event matches {filter} that is not knocked out already.', { filter });
};

/** How many behaviours a filter took out: on a small screen none of them is in sight. */
const knockedOut = (state: AppState, query: RecallQuery, { exclude }: ArgValues): AppState['message'] => {
  const n = query.excludedEvents.length - (state.query?.excludedEvents.length ?? 0);
  return exclude === undefined || n <= 0
    ? null
    : {
        text: tn(n, '{n} behaviour knocked out; u undoes it', '{n} behaviours knocked out; u undoes it'),
        tone: 'plain',
      };
};

/** The query the host made of a preset or a knock-out becomes the current one; selection and panes stay. */
export const adoptQuery = (state: AppState, result: Result, args: ArgValues): Step => {
  const answer = listIn(result);
  if (answer === null || state.query === null || answer.query.userId !== state.userId) return only(state);
  const { query } = answer;
  if (sameQuery(query, state.query) && query.mode === state.mode)
    return only({ ...state, message: { text: unchanged(state, args), tone: 'plain' } });
  const there: AppState = {
    ...adoptChange(state, answer),
    mode: query.mode,
    selectedAd: selectedIn(state, answer),
    message: knockedOut(state, query, args),
  };
  return andThen(requery(there, query), (s) =>
    only(withEffect({ ...s, lists: { ...s.lists, [query.mode]: answer } }, answer)),
  );
};
