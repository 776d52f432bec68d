import type { ArgValues } from '../../console/command.ts';
import type { Action } from './action.ts';
import { askDetail } from '../ask.ts';
import { changeQuery } from '../changes.ts';
import { openPrompt } from '../prompt/open.ts';
import { only, type AppState, type Step } from '../state.ts';
import { adInQuestion, offeredQuery } from '../select.ts';

const aboutAd =
  (command: string, title: string, adOf: (state: AppState) => string | null, follows = false) =>
  (state: AppState): Step => {
    const ad = adOf(state);
    if (state.userId === null || ad === null) return only(state);
    return askDetail(state, command, { user: state.userId, ad }, { title, follows });
  };

const aboutUser =
  (command: string, title: string, more: ArgValues = {}) =>
  (state: AppState): Step =>
    state.userId === null ? only(state) : askDetail(state, command, { user: state.userId, ...more }, { title });

const needsAd = (state: AppState): true | string => (adInQuestion(state) === null ? 'choose an ad first' : true);
const needsSelected = (state: AppState): true | string =>
  state.selectedAd === null ? 'the list is empty: there is no ad to explain' : true;

const apply = (state: AppState): Step => {
  const query = offeredQuery(state);
  if (query === null) return only(state);
  // The ad it was about is the one to look at: it is in the list once the answer is there.
  const [next, effects] = changeQuery({ ...state, selectedAd: adInQuestion(state) }, { ...query, mode: state.mode });
  return [{ ...next, message: { text: 'applied; u undoes it', tone: 'plain' } }, effects];
};

/** The questions, each a command of the table asked for the ad under the cursor. */
export const commandActions: readonly Action[] = [
  {
    id: 'explain',
    command: 'explain',
    title: 'Why this ad',
    short: 'why',
    keys: ['e'],
    where: ['main'],
    footer: 10,
    when: needsSelected,
    run: aboutAd('explain', 'why', (s) => s.selectedAd, true),
  },
  {
    id: 'why-not',
    command: 'why-not',
    title: 'Why not that ad: by id or words',
    short: 'why not…',
    keys: ['n'],
    where: ['main'],
    footer: 11,
    when: (s) => (s.userId === null ? 'open a user first' : true),
    run: (s) => openPrompt(s, 'why-not'),
  },
  {
    id: 'search-path',
    command: 'search-path',
    title: 'The path of the search to this ad',
    short: 'path',
    keys: ['p'],
    where: ['main'],
    footer: 12,
    when: needsAd,
    run: aboutAd('search-path', 'search path', adInQuestion),
  },
  {
    id: 'counterfactual',
    command: 'counterfactual',
    title: 'What would bring this ad in or out',
    short: 'counterfactual',
    keys: ['c'],
    where: ['main'],
    footer: 13,
    when: needsAd,
    run: aboutAd('counterfactual', 'counterfactual', adInQuestion),
  },
  {
    id: 'inputs',
    command: 'inputs',
    title: 'Every input as the model sees it',
    short: 'inputs',
    keys: ['i'],
    where: ['main'],
    footer: 35,
    run: aboutUser('inputs', 'inputs'),
  },
  {
    id: 'ad',
    command: 'ad',
    title: 'The ad: eligibility, vector, neighbours',
    short: 'ad',
    keys: ['d'],
    where: ['main'],
    footer: 36,
    when: needsAd,
    run: aboutAd('ad', 'ad', adInQuestion),
  },
  {
    id: 'scores',
    command: 'scores',
    title: 'Scores of all ads, and where the list ends',
    keys: ['D'],
    where: ['main'],
    run: aboutUser('scores', 'scores of all ads'),
  },
  {
    id: 'ef-curve',
    command: 'ef-curve',
    title: 'What a broader search would find: recall against ef',
    keys: ['F'],
    where: ['main'],
    run: aboutUser('ef-curve', 'recall against ef'),
  },
  {
    id: 'check-ann',
    command: 'recall',
    title: 'Check this list against the exact scan',
    keys: ['A'],
    where: ['main'],
    run: aboutUser('recall', 'index against exact scan', { 'check-ann': true }),
  },
  {
    id: 'apply',
    title: 'Apply the change on offer',
    short: 'apply',
    keys: ['a'],
    where: ['main'],
    footer: 5,
    when: (s) =>
      offeredQuery(s) === null ? 'the detail offers no change: ask n (why not) or c (counterfactual) first' : true,
    run: apply,
  },
];
