import { modelCan } from '../../console/abilities.ts';
import type { ArgValues } from '../../console/command.ts';
import type { ScrubStep } from '../../engine/scrub.ts';
import type { Action } from './action.ts';
import { askDetail } from '../ask.ts';
import { choose, hasChoice, openPresets, openTrials } from '../chosen-lists.ts';
import { openPrompt } from '../prompt/open.ts';
import { stopRecording } from '../player/recording.ts';
import { factsOf, sameQuery } from '../select.ts';
import { only, type AppState, type Step } from '../state.ts';
import { scrub } from '../time-travel.ts';
import { clearWhatIf, hasWhatIf, toggleEvent } from '../changes.ts';

const hasList = (state: AppState): true | string => (state.query === null ? 'there is no list yet' : true);

const steps: ReadonlyArray<readonly [ScrubStep, string, string, number?]> = [
  ['previous-event', '[', 'As-of to the behaviour before', 47],
  ['next-event', ']', 'As-of to the next behaviour', 48],
  ['previous-day', '{', 'As-of a day earlier'],
  ['next-day', '}', 'As-of a day later'],
];

/** What the change is measured against: the pinned query, else the one the user was opened with; none where they say the same. */
const against = ({ baseline, openedQuery, query, mode }: AppState): ArgValues => {
  const before = baseline !== null && baseline.query.mode === mode ? baseline.query : openedQuery;
  return before === null || query === null || sameQuery(before, query)
    ? {}
    : { against: JSON.stringify({ ...before, mode }) };
};

const blast = (state: AppState): Step =>
  state.userId === null
    ? only(state)
    : askDetail(state, 'blast', { user: state.userId, ...against(state) }, { title: 'blast radius' });

const overTime = (state: AppState): Step =>
  state.userId === null || state.selectedAd === null
    ? only(state)
    : askDetail(state, 'timeline', { user: state.userId, ad: state.selectedAd }, { title: 'over time' });

/** A list of the rules alone follows hypothetical behaviours without any model. */
const canChangeBehaviour = (state: AppState): true | string => {
  if (state.query === null) return hasList(state);
  return state.workspace?.model == null || state.mode === 'legacy' || state.mode === 'i2i'
    ? true
    : modelCan(factsOf(state), 'events');
};

const hasEvent = (state: AppState): true | string =>
  (state.behaviour?.data.events.length ?? 0) === 0 ? 'there is no behaviour to knock out' : canChangeBehaviour(state);

/** Everything that changes the query, or asks what a change would do. */
export const changeActions: readonly Action[] = [
  {
    id: 'choose',
    title:
      'Back to what was tried; lay the preset over the query; the users or sessions an answer names, then the one chosen',
    short: 'choose',
    keys: ['enter'],
    where: ['detail'],
    footer: 1,
    when: hasChoice,
    run: choose,
  },
  {
    id: 'trials',
    title: 'What was tried, and its effect',
    short: 'tried',
    keys: ['v'],
    where: ['main'],
    footer: 33,
    when: hasList,
    run: openTrials,
  },
  {
    id: 'presets',
    title: 'Presets: saved weights, context and quotas',
    short: 'presets',
    keys: ['P'],
    where: ['main'],
    footer: 21,
    when: hasList,
    run: openPresets,
  },
  {
    id: 'save-preset',
    title: 'Save these settings as a preset',
    keys: ['S'],
    where: ['main'],
    when: hasList,
    run: (s) => openPrompt(s, 'preset'),
  },
  ...steps.map(([step, key, title, footer]): Action => ({
    id: `scrub-${step}`,
    title,
    short: step,
    keys: [key],
    where: ['main'],
    ...(footer === undefined ? {} : { footer }),
    when: hasList,
    run: (s) => scrub(s, step),
  })),
  {
    id: 'time',
    title: 'Type the as-of',
    short: 'time',
    keys: ['t'],
    where: ['main'],
    footer: 46,
    when: hasList,
    run: (s) => openPrompt(s, 'time'),
  },
  {
    id: 'timeline',
    command: 'timeline',
    title: 'The selected ad over the promotion: rank, score, who carries it',
    short: 'over time',
    keys: ['T'],
    where: ['main'],
    footer: 14,
    when: (s) => (s.selectedAd === null ? 'choose an ad first' : true),
    run: overTime,
  },
  {
    id: 'context',
    title: 'Change the context: device, hour, promotion',
    short: 'context',
    keys: ['C'],
    where: ['main'],
    footer: 22,
    when: hasList,
    run: (s) => openPrompt(s, 'context'),
  },
  {
    id: 'blast',
    command: 'blast',
    title: 'Blast radius of the change over 2,000 users',
    short: 'blast',
    keys: ['b'],
    where: ['main'],
    footer: 23,
    when: hasList,
    run: blast,
  },
  {
    id: 'knock-out',
    title: 'Knock this behaviour out, or bring it back',
    short: 'knock out',
    keys: [' ', '-'],
    where: ['behaviour'],
    footer: 1,
    when: hasEvent,
    run: toggleEvent,
  },
  {
    id: 'knock-out-filter',
    title: 'Knock out by kind, category, platform, time…',
    short: 'knock out…',
    keys: ['X'],
    where: ['main'],
    footer: 26,
    when: canChangeBehaviour,
    run: (s) => openPrompt(s, 'knock-out'),
  },
  {
    id: 'what-if-search',
    title: 'What if the user had just searched…',
    short: 'what if search…',
    keys: ['s'],
    where: ['main'],
    footer: 24,
    when: canChangeBehaviour,
    run: (s) => openPrompt(s, 'search'),
  },
  {
    id: 'what-if-clear',
    title: 'The behaviour as it was',
    short: 'as it was',
    keys: ['r'],
    where: ['behaviour'],
    footer: 2,
    when: (s) => (hasWhatIf(s) ? true : 'nothing is knocked out or added'),
    run: clearWhatIf,
  },
  {
    id: 'record',
    title: 'Record a session; again: end it',
    short: 'record',
    keys: ['R'],
    where: ['main'],
    footer: 32,
    when: hasList,
    run: (s) => (s.recording === null ? openPrompt(s, 'record') : stopRecording(s)),
  },
];
