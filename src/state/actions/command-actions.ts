import { t } from '../../base/texts.ts';
import type { ArgValues } from '../../console/command.ts';
import type { ActionRecord } from './action.ts';
import { askDetail } from '../ask.ts';
import { changeQuery } from '../changes.ts';
import { openPrompt } from '../prompt/open.ts';
import { needsAd } from './needs.ts';
import { only, type AppState, type Step } from '../state.ts';
import { adInQuestion, offeredQuery } from '../select.ts';
import { lacksAd, lacksModel } from '../../console/needs.ts';

const aboutAd =
  (command: string, title: () => string, adOf: (state: AppState) => string | null, follows = false) =>
  (state: AppState): Step => {
    const ad = adOf(state);
    if (state.userId === null || ad === null) return only(state);
    return askDetail(state, command, { user: state.userId, ad }, { title: title(), follows });
  };

const aboutUser =
  (command: string, title: () => string, more: ArgValues = {}) =>
  (state: AppState): Step =>
    state.userId === null
      ? only(state)
      : askDetail(state, command, { user: state.userId, ...more }, { title: title() });

const needsAdInQuestion = (state: AppState): true | string => (adInQuestion(state) === null ? lacksAd() : true);

/** Only the model channel searches the index. */
const searchesIndex = ({ mode, workspace }: AppState): true | string => {
  if (workspace?.model === null) return lacksModel();
  return mode === 'model' || mode === 'merged'
    ? true
    : t('needs mode model or merged; {mode} does not search the index', { mode });
};

const apply = (state: AppState): Step => {
  const query = offeredQuery(state);
  if (query === null) return only(state);
  // The ad it was about is the one to look at: it is in the list once the answer is there.
  const [next, effects] = changeQuery({ ...state, selectedAd: adInQuestion(state) }, { ...query, mode: state.mode });
  return [{ ...next, message: { text: t('change applied; u undoes it'), tone: 'plain' } }, effects];
};

/** The funnel of the ad; of its campaign where that of the ad is shown. */
const funnel = (state: AppState): Step => {
  const { detail } = state;
  const shown = detail.kind === 'answer' && detail.result?.schema === 'funnel' ? detail.result.data.subject : null;
  const ad = adInQuestion(state);
  const campaign = shown?.kind === 'ad' && shown.name === ad ? shown.campaign : null;
  const ads = campaign === null ? ad : `campaign:${campaign}`;
  return ads === null ? only(state) : askDetail(state, 'funnel', { ads }, { title: t('funnel') });
};

/** The questions, each a command of the table for the ad under the cursor. */
export const commandActions: readonly ActionRecord[] = [
  {
    id: 'explain',
    command: 'explain',
    short: () => t('why'),
    keysOf: 'explain',
    where: ['main'],
    footer: 10,
    when: needsAd,
    run: aboutAd(
      'explain',
      () => t('why'),
      (s) => s.selectedAd,
      true,
    ),
  },
  {
    id: 'why-not',
    command: 'why-not',
    short: () => t('why not…'),
    keysOf: 'why-not',
    where: ['main'],
    footer: 11,
    run: (s) => openPrompt(s, 'why-not'),
  },
  {
    id: 'search-path',
    command: 'search-path',
    short: () => t('path'),
    keysOf: 'search-path',
    where: ['main'],
    footer: 12,
    when: needsAdInQuestion,
    run: aboutAd('search-path', () => t('search path'), adInQuestion),
  },
  {
    id: 'counterfactual',
    command: 'counterfactual',
    short: () => t('counterfactual'),
    keysOf: 'counterfactual',
    where: ['main'],
    footer: 13,
    when: needsAdInQuestion,
    run: aboutAd('counterfactual', () => t('counterfactual'), adInQuestion),
  },
  {
    id: 'inputs',
    command: 'inputs',
    short: () => t('inputs'),
    keysOf: 'inputs',
    where: ['main'],
    footer: 35,
    run: aboutUser('inputs', () => t('inputs')),
  },
  {
    id: 'ad',
    command: 'ad',
    short: () => t('ad'),
    keysOf: 'ad',
    where: ['main'],
    footer: 36,
    when: needsAdInQuestion,
    run: aboutAd('ad', () => t('ad'), adInQuestion),
  },
  {
    id: 'funnel',
    command: 'funnel',
    title: () => t('Find where this ad is lost over many users; again: where its campaign is'),
    short: () => t('funnel'),
    keysOf: 'funnel',
    where: ['main'],
    footer: 15,
    when: needsAdInQuestion,
    run: funnel,
  },
  {
    id: 'scores',
    command: 'scores',
    keysOf: 'scores',
    where: ['main'],
    run: aboutUser('scores', () => t('scores of all ads')),
  },
  {
    id: 'ef-curve',
    command: 'ef-curve',
    keysOf: 'ef-curve',
    where: ['main'],
    run: aboutUser('ef-curve', () => t('recall against ef')),
  },
  {
    id: 'check-ann',
    command: 'recall',
    title: () => t('Compare this list with the exact scan'),
    keys: ['A'],
    where: ['main'],
    when: searchesIndex,
    run: aboutUser('recall', () => t('index against exact scan'), { 'check-ann': true }),
  },
  {
    id: 'apply',
    title: () => t('Apply the change that the answer offers'),
    short: () => t('apply'),
    keys: ['a'],
    where: ['main'],
    footer: 5,
    when: (s) =>
      offeredQuery(s) === null
        ? t('needs an answer with a change: n (why not), c (counterfactual) or V (funnel)')
        : true,
    run: apply,
  },
];
