import { t } from '../base/texts.ts';
import { parseUserQuestion } from '../domain/filter/users.ts';
import type { ArgValues } from '../console/command.ts';
import type { Mode, RecallQuery } from '../domain/query.ts';
import { isShown } from './layout.ts';
import { askInstead, askLatest, giveUp, giveUpAll, waitsFor } from './requests.ts';
import { currentList, otherMode } from './select.ts';
import { only, andThen, type AppState, type Step } from './state.ts';
import type { AnswerDetail } from './types.ts';

/** The users the finder's line asks for. What cannot be read yet is said, and the list stays. */
export const askUsers = (state: AppState): Step => {
  const asked = parseUserQuestion(state.finder.input.value);
  if (!asked.ok) return only({ ...state, finder: { ...state.finder, issue: asked.message } });
  const next: AppState = { ...state, finder: { ...state.finder, issue: null } };
  // A long run whose line has changed since is given up.
  const ask = comparesUsers(state) ? askInstead : askLatest;
  return ask(next, {
    slot: 'users',
    command: 'users',
    args: { limit: 200, ...asked.args, ...(asked.bookmarked ? { only: state.bookmarks } : {}) },
    baseQuery: null,
  });
};

/** Users are being compared for the finder: that can take long. */
export const comparesUsers = ({ requests }: Pick<AppState, 'requests'>): boolean =>
  requests.slots['users']?.request.args['disagreement'] === true;

/** Gives it up: the users stay as they were, and the line says so. */
export const stopComparing = (state: AppState): Step =>
  andThen(giveUp(state, 'users'), (s) =>
    only({
      ...s,
      progress: null,
      finder: {
        ...s.finder,
        issue: t('comparison cancelled: the users are not sorted by disagreement; change the line to ask again'),
      },
    }),
  );

export const askRecall = (state: AppState, mode: Mode): Step => {
  const { userId, query } = state;
  if (userId === null) return only(state);
  const args: ArgValues = query === null ? { user: userId, mode } : { user: userId };
  return askLatest(state, {
    slot: `recall:${mode}`,
    command: 'recall',
    args,
    baseQuery: query === null ? null : { ...query, mode },
  });
};

/** Behaviours that are listed at first, twice as many with each move to the last, and at most. */
const eventsAtOnce = 500;
const mostEvents = 20_000;

const askEvents = (state: AppState, limit = eventsAtOnce): Step => {
  if (state.userId === null) return only(state);
  return askInstead(state, {
    slot: 'events',
    command: 'events',
    args: { user: state.userId, limit },
    baseQuery: state.query,
  });
};

/** The cursor has come to the last behaviour listed: older ones are asked for, where there are any. */
export const askOlderEvents = (state: AppState): Step => {
  const data = state.behaviour?.data;
  if (data === undefined || waitsFor(state, 'events')) return only(state);
  const listed = data.events.length;
  return listed < data.total && listed < mostEvents ? askEvents(state, Math.min(mostEvents, 2 * listed)) : only(state);
};

/** Which groups have nothing to read, where the panel that says so is open. */
export const askEmptyGroups = (state: AppState): Step => {
  if (state.userId === null || !state.weightsOpen || state.workspace?.model === null) return only(state);
  return askLatest(state, {
    slot: 'empty-groups',
    command: 'inputs',
    args: { user: state.userId },
    baseQuery: state.query,
  });
};

/** The panel of sliders, and what it says beside them. Movement needs a pinned list of the mode shown. */
export const openWeights = (state: AppState): Step => {
  const shown = currentList(state);
  const baseline = shown !== null && state.baseline?.query.mode !== state.mode ? shown : state.baseline;
  return askEmptyGroups({
    ...state,
    baseline,
    weightsOpen: true,
    focus: 'weights',
    detail: { kind: 'overview', scroll: 0 },
    coveredDetail: null,
  });
};

/** Any instant later than every behaviour. */
const endOfTime = Date.UTC(2200, 0, 1);

const askEventTimes = (state: AppState): Step => {
  if (state.userId === null) return only(state);
  return askInstead(state, {
    slot: 'event-times',
    command: 'events',
    args: { user: state.userId, limit: 2000, at: endOfTime },
    baseQuery: null,
  });
};

/** The lists on the screen that are missing or belong to another query. */
export const askLists = (state: AppState): Step => {
  const wanted = state.compare ? [state.mode, otherMode(state)] : [state.mode];
  return wanted.reduce<Step>(
    (step, mode) =>
      andThen(step, (s) =>
        s.lists[mode] === undefined && s.listErrors[mode] === undefined && !waitsFor(s, `recall:${mode}`)
          ? askRecall(s, mode)
          : only(s),
      ),
    only(state),
  );
};

/** Another user: everything of the last one is forgotten. */
export const openUser = (state: AppState, userId: string): Step => {
  const fresh: AppState = {
    ...state,
    userId,
    screen: 'main',
    query: null,
    lists: {},
    listErrors: {},
    behaviour: null,
    selectedAd: null,
    lastSelected: {},
    selectedEvent: null,
    detail: { kind: 'overview', scroll: 0 },
    coveredDetail: null,
    changes: { past: [], future: [] },
    baseline: null,
    openedQuery: null,
    trials: [],
    emptyGroups: null,
    eventTimes: [],
    scrubNext: null,
    message: null,
    focus: 'recall',
    weightsOpen: false,
    filters: {},
  };
  return [(s: AppState): Step => askRecall(s, s.mode), askEvents, askEventTimes].reduce(andThen, giveUpAll(fresh));
};

/** Only the model's weights differ: the rules' and i2i's lists stay as they are. */
const sameButWeights = (a: RecallQuery, b: RecallQuery): boolean =>
  JSON.stringify({ ...a, weights: {}, mode: '' }) === JSON.stringify({ ...b, weights: {}, mode: '' });

/** Knock-outs are marked in the same frame as the key; the host's own marks follow. */
const marked = (
  behaviour: AppState['behaviour'],
  before: RecallQuery | null,
  query: RecallQuery,
): AppState['behaviour'] => {
  if (behaviour === null || before?.excludedEvents === query.excludedEvents) return behaviour;
  const out = new Set(query.excludedEvents);
  const events = behaviour.data.events.map((event) =>
    event.excluded === out.has(event.eventId) ? event : { ...event, excluded: !event.excluded },
  );
  return { ...behaviour, data: { ...behaviour.data, events } };
};

/** Runs again what is on the screen for a changed query. The old list stays until the new one is there. */
export const requery = (state: AppState, query: RecallQuery): Step => {
  const weightsOnly = state.query !== null && sameButWeights(state.query, query);
  const fixed: readonly Mode[] = weightsOnly ? ['legacy', 'i2i'] : [];
  const shown = state.compare ? [state.mode, otherMode(state)] : [state.mode];
  const lists = Object.fromEntries(
    Object.entries(state.lists).filter(([mode]) => [...fixed, ...shown].some((m) => m === mode)),
  );
  const next: AppState = {
    ...state,
    query,
    lists,
    listErrors: {},
    behaviour: marked(state.behaviour, state.query, query),
  };
  const stale = shown.filter((mode) => !fixed.includes(mode) || lists[mode] === undefined);
  const asked = stale.reduce<Step>((step, mode) => andThen(step, (s) => askRecall(s, mode)), only(next));
  const moved =
    state.query?.asOf !== query.asOf ||
    state.query.excludedEvents !== query.excludedEvents ||
    state.query.extraEvents !== query.extraEvents;
  return andThen(asked, (s) => (moved && !weightsOnly ? andThen(askEvents(s), askEmptyGroups) : only(s)));
};

/** With one pane at a time, an answer comes with its pane. */
const seesDetail = (state: AppState): boolean => isShown(state, 'detail');

/** Asks a command for the detail pane. The answer shown stays until the new one is there if it is of the same command. */
export const askDetail = (
  state: AppState,
  command: string,
  args: ArgValues,
  options: { title: string; follows?: boolean; base?: RecallQuery | null },
): Step => {
  const before = state.detail.kind === 'answer' && state.detail.command === command ? state.detail : null;
  const detail: AnswerDetail = {
    kind: 'answer',
    command,
    args,
    title: options.title,
    follows: options.follows ?? false,
    scroll: 0,
    result: before !== null && options.follows === true ? before.result : null,
    asked: before?.asked ?? null,
    error: null,
    progress: null,
  };
  return askInstead(
    { ...state, detail, coveredDetail: null, message: null, focus: seesDetail(state) ? state.focus : 'detail' },
    { slot: 'detail', command, args, baseQuery: options.base === undefined ? state.query : options.base },
  );
};

/** The detail again: for the ad now selected where it follows the selection, or for the query as it is now. */
export const followDetail = (state: AppState): Step => {
  const { detail } = state;
  if (detail.kind !== 'answer' || !detail.follows) return only(state);
  const args: ArgValues = { ...detail.args, ...(state.selectedAd === null ? {} : { ad: state.selectedAd }) };
  return askLatest(
    { ...state, detail: { ...detail, args } },
    { slot: 'detail', command: detail.command, args, baseQuery: state.query },
  );
};
