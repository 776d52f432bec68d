import { t } from '../../base/texts.ts';
import type { ActionRecord } from './action.ts';
import { askLists, askUsers, comparesUsers, openUser, stopComparing } from '../ask.ts';
import { dropFilter, hasFilter } from './filter-actions.ts';
import { giveUp, waitsFor } from '../requests.ts';
import { isCovered, overview, uncover } from '../detail.ts';
import { restorePosition, toggleBookmark } from '../position.ts';
import { emptyInput } from '../prompt/input.ts';
import { stopLines } from '../prompt/line.ts';
import { openPrompt } from '../prompt/open.ts';
import { resumeLostSession } from '../player/recording.ts';
import { needsList, needsUser } from './needs.ts';
import { only, andThen, type AppState, type Step } from '../state.ts';

/** Esc undoes the last thing opened: a running question, zoom, the answer in the detail pane, the panel. */
const back = (state: AppState): Step => {
  if (state.queue !== null) return stopLines(state);
  if (waitsFor(state, 'detail') && !isCovered(state))
    return andThen(giveUp(state, 'detail'), (s) =>
      only({ ...s, detail: overview, message: { text: t('question cancelled'), tone: 'plain' } }),
    );
  if (hasFilter(state)) return dropFilter(state);
  if (state.zoom) return only({ ...state, zoom: false });
  if (isCovered(state))
    return andThen(uncover(state), (s) => only({ ...s, focus: s.focus === 'detail' ? 'recall' : s.focus }));
  if (state.detail.kind === 'answer')
    return only({ ...state, detail: overview, focus: state.focus === 'detail' ? 'recall' : state.focus });
  if (state.weightsOpen) return only({ ...state, weightsOpen: false, focus: 'recall' });
  if (state.compare) return only({ ...state, compare: false });
  return only({ ...state, focus: 'recall' });
};

const quit = (state: AppState): Step => [{ ...state, exit: 0 }, [{ type: 'exit', code: 0 }]];

/** The finder starts with an empty line and all users; the cursor stays on its user. */
const openFinder = (state: AppState): Step => {
  const opened: AppState = { ...state, screen: 'finder', finder: { ...state.finder, input: emptyInput, issue: null } };
  return state.finder.input.value === '' ? only(opened) : askUsers(opened);
};

/** The user left open last time is opened in the list and with the panes it was left in. */
const reopen = (state: AppState, userId: string): Step => {
  const mode = state.lastPosition?.user?.userId === userId ? (state.lastPosition.mode ?? state.mode) : state.mode;
  return andThen(openUser({ ...state, mode }, userId), restorePosition);
};

const pickUser = (state: AppState): Step =>
  state.finder.selected === null ? only(state) : reopen(state, state.finder.selected);

export const mainActions: readonly ActionRecord[] = [
  {
    id: 'open-user',
    title: () => t('Open the selected user'),
    short: () => t('open'),
    keys: ['enter'],
    where: ['finder'],
    footer: 1,
    when: (s) => (s.finder.selected === null ? t('needs a matching user') : true),
    run: pickUser,
  },
  {
    id: 'resume',
    title: () => t('Resume the session that was cut off'),
    short: () => t('resume'),
    keys: ['ctrl-r'],
    where: ['finder'],
    footer: 0,
    when: (s) => (s.lostSession === null ? t('needs a session that was cut off') : true),
    run: resumeLostSession,
  },
  {
    id: 'stop-comparing',
    title: () => t('Stop comparing users'),
    short: () => t('cancel'),
    keys: ['esc'],
    where: ['finder'],
    footer: 0,
    active: comparesUsers,
    run: stopComparing,
  },
  {
    id: 'leave-finder',
    title: () => t('Back to the open user'),
    short: () => t('back'),
    keys: ['esc'],
    where: ['finder'],
    footer: 2,
    active: (s) => !comparesUsers(s),
    when: (s) => (s.userId === null ? t('needs an open user; ctrl-c quits') : true),
    run: (s) => only({ ...s, screen: 'main' }),
  },
  {
    id: 'quit-finder',
    title: () => t('Quit'),
    short: () => t('quit'),
    keys: ['ctrl-c'],
    where: ['finder'],
    footer: 3,
    run: quit,
  },
  { id: 'quit-help', title: () => t('Quit'), keys: ['ctrl-c'], where: ['help'], run: quit },
  {
    id: 'compare',
    title: () => t('Model and legacy side by side'),
    short: () => t('compare'),
    keysOf: 'compare',
    where: ['main'],
    footer: 25,
    when: needsList,
    run: (s) => askLists({ ...s, compare: !s.compare, focus: 'recall' }),
  },
  {
    id: 'ablate',
    command: 'compare',
    title: () => t('Compare the list with the list without one rule, channel or feature group'),
    short: () => t('without'),
    keys: ['W'],
    where: ['main'],
    when: needsList,
    run: (s) => openPrompt(s, 'without'),
  },
  {
    id: 'open-detail',
    title: () => t('Move to the detail'),
    keys: ['enter'],
    where: ['recall', 'behaviour'],
    run: (s) => only({ ...s, focus: 'detail' }),
  },
  {
    id: 'find-user',
    title: () => t('Find a user'),
    short: () => t('user'),
    keysOf: 'users',
    where: ['main'],
    footer: 45,
    run: openFinder,
  },
  {
    id: 'bookmark',
    title: () => t('Bookmark this user, or remove the bookmark'),
    keys: ['B'],
    where: ['main'],
    when: needsUser,
    run: (s) => toggleBookmark(s, s.userId),
  },
  {
    id: 'prompt',
    title: () => t('Type a command'),
    short: () => t('command'),
    keys: [':'],
    where: ['main'],
    footer: 50,
    run: (s) => openPrompt(s, 'command'),
  },
  {
    id: 'back',
    title: () => t('Back: cancel the question or close the last pane'),
    keys: ['esc'],
    where: ['main'],
    run: back,
  },
  {
    id: 'help',
    title: () => t('Keys of this place, and all commands'),
    short: () => t('help'),
    keys: ['?'],
    where: ['main'],
    footer: 90,
    run: (s) => only({ ...s, help: { scroll: 0, filter: emptyInput } }),
  },
  {
    id: 'suspend',
    title: () => t('Suspend; fg in the shell resumes'),
    keys: ['ctrl-z'],
    where: ['main', 'finder', 'help', 'opening'],
    run: (s) => [s, [{ type: 'suspend' }]],
  },
  {
    id: 'quit',
    title: () => t('Quit'),
    short: () => t('quit'),
    keys: ['q', 'ctrl-c'],
    where: ['main', 'opening'],
    footer: 95,
    run: quit,
  },
];
