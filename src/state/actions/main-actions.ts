import type { Action } from './action.ts';
import { askLists, comparesUsers, openUser, stopComparing } from '../ask.ts';
import { dropFilter, hasFilter } from './filter-actions.ts';
import { giveUp, waitsFor } from '../requests.ts';
import { isCovered, overview, uncover } from '../detail.ts';
import { restorePosition, toggleBookmark } from '../position.ts';
import { emptyInput } from '../prompt/input.ts';
import { stopLines } from '../prompt/line.ts';
import { openPrompt } from '../prompt/open.ts';
import { resumeLostSession } from '../player/recording.ts';
import { only, andThen, type AppState, type Step } from '../state.ts';

/** Esc undoes the last thing opened: a running question, zoom, the answer in the detail pane, the panel. */
const back = (state: AppState): Step => {
  if (state.queue !== null) return stopLines(state);
  if (waitsFor(state, 'detail') && !isCovered(state))
    return andThen(giveUp(state, 'detail'), (s) =>
      only({ ...s, detail: overview, message: { text: 'cancelled', tone: 'plain' } }),
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

const hasList = (state: AppState): true | string => (state.query === null ? 'there is no list yet' : true);

const quit = (state: AppState): Step => [{ ...state, exit: 0 }, [{ type: 'exit', code: 0 }]];

const openFinder = (state: AppState): Step => only({ ...state, screen: 'finder' });

/** The user left open last time is opened in the list and with the panes it was left in. */
const reopen = (state: AppState, userId: string): Step => {
  const mode = state.lastPosition?.user?.userId === userId ? (state.lastPosition.mode ?? state.mode) : state.mode;
  return andThen(openUser({ ...state, mode }, userId), restorePosition);
};

const pickUser = (state: AppState): Step =>
  state.finder.selected === null ? only(state) : reopen(state, state.finder.selected);

export const mainActions: readonly Action[] = [
  {
    id: 'open-user',
    title: 'Open the selected user',
    short: 'open',
    keys: ['enter'],
    where: ['finder'],
    footer: 1,
    when: (s) => (s.finder.selected === null ? 'no user matches' : true),
    run: pickUser,
  },
  {
    id: 'resume',
    title: 'Go on with the session that was cut off',
    short: 'resume',
    keys: ['ctrl-r'],
    where: ['finder'],
    footer: 0,
    when: (s) => (s.lostSession === null ? 'no session of this workspace was cut off' : true),
    run: resumeLostSession,
  },
  {
    id: 'stop-comparing',
    title: 'Stop comparing users',
    short: 'cancel',
    keys: ['esc'],
    where: ['finder'],
    footer: 0,
    active: comparesUsers,
    run: stopComparing,
  },
  {
    id: 'leave-finder',
    title: 'Back to the open user',
    short: 'back',
    keys: ['esc'],
    where: ['finder'],
    footer: 2,
    when: (s) => (s.userId === null ? 'no user is open yet; ctrl-c quits' : true),
    run: (s) => only({ ...s, screen: 'main' }),
  },
  { id: 'quit-finder', title: 'Quit', short: 'quit', keys: ['ctrl-c'], where: ['finder'], footer: 3, run: quit },
  { id: 'quit-help', title: 'Quit', keys: ['ctrl-c'], where: ['help'], run: quit },
  {
    id: 'compare',
    title: 'Model and legacy side by side',
    short: 'compare',
    keys: ['x'],
    where: ['main'],
    footer: 25,
    when: hasList,
    run: (s) => askLists({ ...s, compare: !s.compare, focus: 'recall' }),
  },
  {
    id: 'ablate',
    command: 'compare',
    title: 'The list without one rule, channel or feature group, beside the list',
    short: 'without',
    keys: ['W'],
    where: ['main'],
    when: hasList,
    run: (s) => openPrompt(s, 'without'),
  },
  {
    id: 'open-detail',
    title: 'Look at the detail',
    keys: ['enter'],
    where: ['recall', 'behaviour'],
    run: (s) => only({ ...s, focus: 'detail' }),
  },
  { id: 'find-user', title: 'Find a user', short: 'user', keys: ['f'], where: ['main'], footer: 45, run: openFinder },
  {
    id: 'bookmark',
    title: 'Bookmark this user, or no longer',
    keys: ['B'],
    where: ['main'],
    when: (s) => (s.userId === null ? 'open a user first' : true),
    run: (s) => toggleBookmark(s, s.userId),
  },
  {
    id: 'prompt',
    title: 'Type a command',
    short: 'command',
    keys: [':'],
    where: ['main'],
    footer: 50,
    run: (s) => openPrompt(s, 'command'),
  },
  { id: 'back', title: 'Back: cancel, close what was opened last', keys: ['esc'], where: ['main'], run: back },
  {
    id: 'help',
    title: 'All keys of this place, and all commands',
    short: 'help',
    keys: ['?'],
    where: ['main'],
    footer: 90,
    run: (s) => only({ ...s, help: { scroll: 0, filter: emptyInput } }),
  },
  {
    id: 'suspend',
    title: 'Suspend; fg comes back',
    keys: ['ctrl-z'],
    where: ['main', 'finder', 'help', 'opening'],
    run: (s) => [s, [{ type: 'suspend' }]],
  },
  {
    id: 'quit',
    title: 'Quit',
    short: 'quit',
    keys: ['q', 'ctrl-c'],
    where: ['main', 'opening'],
    footer: 95,
    run: quit,
  },
];
