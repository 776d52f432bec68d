import { t } from '../../base/texts.ts';
import { modelCan } from '../../console/abilities.ts';
import type { ArgValues } from '../../console/command.ts';
import type { ScrubStep } from '../../engine/scrub.ts';
import type { ActionRecord, Words } from './action.ts';
import { needsAd, needsList } from './needs.ts';
import { askDetail } from '../ask.ts';
import { choose, chooseKey, hasRow, hasRows, openPresets, openTrials } from '../chosen-lists.ts';
import { openPrompt } from '../prompt/open.ts';
import { reviewOf } from '../player/review.ts';
import { stopRecording } from '../player/recording.ts';
import { factsOf, sameQuery } from '../select.ts';
import { only, type AppState, type Step } from '../state.ts';
import type { DetailListName } from '../types.ts';
import { scrub } from '../time-travel.ts';
import { clearWhatIf, hasWhatIf, toggleEvent } from '../changes.ts';

interface TimeStep {
  readonly step: ScrubStep;
  readonly key: string;
  readonly title: Words;
  readonly short: Words;
  readonly footer?: number;
}

const steps: readonly TimeStep[] = [
  {
    step: 'previous-event',
    key: '[',
    title: () => t('Move as-of to the previous behaviour'),
    short: () => t('previous event'),
    footer: 47,
  },
  {
    step: 'next-event',
    key: ']',
    title: () => t('Move as-of to the next behaviour'),
    short: () => t('next event'),
    footer: 48,
  },
  { step: 'previous-day', key: '{', title: () => t('Move as-of a day back'), short: () => t('previous day') },
  { step: 'next-day', key: '}', title: () => t('Move as-of a day on'), short: () => t('next day') },
];

/** The query that a change is measured against: the pinned one, else the one the user was opened with; none where it is the same. */
const against = ({ baseline, openedQuery, query, mode }: AppState): ArgValues => {
  const before = baseline !== null && baseline.query.mode === mode ? baseline.query : openedQuery;
  return before === null || query === null || sameQuery(before, query)
    ? {}
    : { against: JSON.stringify({ ...before, mode }) };
};

const blast = (state: AppState): Step =>
  state.userId === null
    ? only(state)
    : askDetail(state, 'blast', { user: state.userId, ...against(state) }, { title: t('blast radius') });

const overTime = (state: AppState): Step =>
  state.userId === null || state.selectedAd === null
    ? only(state)
    : askDetail(state, 'timeline', { user: state.userId, ad: state.selectedAd }, { title: t('over time') });

/** A list of the rules alone follows hypothetical behaviours without any model. */
const canChangeBehaviour = (state: AppState): true | string => {
  if (state.query === null) return needsList(state);
  return state.workspace?.model == null || state.mode === 'legacy' || state.mode === 'i2i'
    ? true
    : modelCan(factsOf(state), 'events');
};

const hasEvent = (state: AppState): true | string =>
  (state.behaviour?.data.events.length ?? 0) === 0 ? t('needs a behaviour') : canChangeBehaviour(state);

/** What enter does with the row under the cursor, by the list it stands in. */
const choices: ReadonlyArray<{ readonly kind: DetailListName; readonly title: Words; readonly short: Words }> = [
  { kind: 'trials', title: () => t('Return to this trial'), short: () => t('return') },
  { kind: 'presets', title: () => t('Apply this preset to the query'), short: () => t('apply') },
  { kind: 'people', title: () => t('Open this user with both lists'), short: () => t('open') },
  { kind: 'reasons', title: () => t('List the users who are lost for this reason'), short: () => t('users') },
  { kind: 'losses', title: () => t('Open this user with the why-not of the ad'), short: () => t('why not') },
  { kind: 'recordings', title: () => t('Play this session'), short: () => t('play') },
];

/** Actions that change the query, or show the effect of a change. */
export const changeActions: readonly ActionRecord[] = [
  ...choices.map(({ kind, title, short }): ActionRecord => ({
    id: `choose-${kind}`,
    title,
    short,
    keys: [chooseKey],
    where: ['detail'],
    footer: 1,
    active: ({ detail }) => detail.kind === kind,
    when: hasRow,
    run: choose,
  })),
  {
    id: 'choose',
    title: () => t('List the users, sessions or reasons of this answer'),
    short: () => t('list'),
    keys: [chooseKey],
    where: ['detail'],
    footer: 1,
    active: (s) => s.detail.kind === 'overview' || (s.detail.kind === 'answer' && reviewOf(s) === null),
    when: hasRows,
    run: choose,
  },
  {
    id: 'trials',
    title: () => t('Trials of this user, with their effect'),
    short: () => t('trials'),
    keys: ['v'],
    where: ['main'],
    footer: 33,
    when: needsList,
    run: openTrials,
  },
  {
    id: 'presets',
    title: () => t('Presets: saved weights, context and quotas'),
    short: () => t('presets'),
    keysOf: 'presets',
    where: ['main'],
    footer: 21,
    when: needsList,
    run: openPresets,
  },
  {
    id: 'save-preset',
    title: () => t('Save the current settings as a preset'),
    keys: ['S'],
    where: ['main'],
    when: needsList,
    run: (s) => openPrompt(s, 'preset'),
  },
  ...steps.map(({ step, key, title, short, footer }): ActionRecord => ({
    id: `scrub-${step}`,
    title,
    short,
    keys: [key],
    where: ['main'],
    ...(footer === undefined ? {} : { footer }),
    when: needsList,
    run: (s) => scrub(s, step),
  })),
  {
    id: 'time',
    title: () => t('Enter the as-of'),
    short: () => t('time'),
    keys: ['t'],
    where: ['main'],
    footer: 46,
    when: needsList,
    run: (s) => openPrompt(s, 'time'),
  },
  {
    id: 'timeline',
    command: 'timeline',
    short: () => t('over time'),
    keysOf: 'timeline',
    where: ['main'],
    footer: 14,
    when: needsAd,
    run: overTime,
  },
  {
    id: 'context',
    title: () => t('Change the context: device, hour, promotion'),
    short: () => t('context'),
    keys: ['C'],
    where: ['main'],
    footer: 22,
    when: needsList,
    run: (s) => openPrompt(s, 'context'),
  },
  {
    id: 'blast',
    command: 'blast',
    short: () => t('blast'),
    keysOf: 'blast',
    where: ['main'],
    footer: 23,
    when: needsList,
    run: blast,
  },
  {
    id: 'misses',
    command: 'misses',
    short: () => t('misses'),
    keysOf: 'misses',
    where: ['main'],
    when: needsList,
    run: (s) => askDetail(s, 'misses', {}, { title: t('misses') }),
  },
  {
    id: 'knock-out',
    title: () => t('Knock out this behaviour, or restore it'),
    short: () => t('knock out'),
    keys: [' ', '-'],
    where: ['behaviour'],
    footer: 1,
    when: hasEvent,
    run: toggleEvent,
  },
  {
    id: 'knock-out-filter',
    title: () => t('Knock out behaviours by kind, category, platform, time…'),
    short: () => t('knock out…'),
    keys: ['X'],
    where: ['main'],
    footer: 26,
    when: canChangeBehaviour,
    run: (s) => openPrompt(s, 'knock-out'),
  },
  {
    id: 'what-if-search',
    title: () => t('Add a search to the behaviour: what if…'),
    short: () => t('what if search…'),
    keys: ['s'],
    where: ['main'],
    footer: 24,
    when: canChangeBehaviour,
    run: (s) => openPrompt(s, 'search'),
  },
  {
    id: 'what-if-clear',
    title: () => t('Restore the recorded behaviour'),
    short: () => t('restore'),
    keys: ['r'],
    where: ['behaviour'],
    footer: 2,
    when: (s) => (hasWhatIf(s) ? true : t('needs a knocked-out or added behaviour')),
    run: clearWhatIf,
  },
  {
    id: 'record',
    title: () => t('Record a session, or end the recording'),
    short: () => t('record'),
    keysOf: 'record',
    where: ['main'],
    footer: 32,
    when: needsList,
    run: (s) => (s.recording === null ? openPrompt(s, 'record') : stopRecording(s)),
  },
];
