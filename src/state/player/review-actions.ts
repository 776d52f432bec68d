import { t } from '../../base/texts.ts';
import type { ActionRecord } from '../actions/action.ts';
import { openPrompt } from '../prompt/open.ts';
import { only, type AppState } from '../state.ts';
import { playFile } from './player.ts';
import { decideStep, reviewKeys, reviewOf, undecidedStep } from './review.ts';

const reviewing = (state: AppState): boolean => reviewOf(state) !== null;
const hasUndecided = (state: AppState): true | string =>
  undecidedStep(state) === null ? t('needs an undecided step') : true;

/** The keys of a review in the detail's place. */
export const reviewActions: readonly ActionRecord[] = [
  {
    id: 'review-accept',
    title: () => t('Accept the present answer of the next undecided step, with a reason'),
    short: () => t('accept…'),
    keys: [reviewKeys.accept],
    where: ['detail'],
    footer: 1,
    active: reviewing,
    when: hasUndecided,
    run: (s) => openPrompt(s, 'accept'),
  },
  {
    id: 'review-reject',
    title: () => t('Reject it: the expectation of the step stays'),
    short: () => t('reject'),
    keys: [reviewKeys.reject],
    where: ['detail'],
    footer: 2,
    active: reviewing,
    when: hasUndecided,
    run: (s) => decideStep(s, 'reject', ''),
  },
  {
    id: 'review-play',
    title: () => t('Play the reviewed session'),
    short: () => t('play'),
    keys: [reviewKeys.play],
    where: ['detail'],
    footer: 3,
    active: reviewing,
    run: (s) => {
      const review = reviewOf(s);
      return review === null ? only(s) : playFile(s, review.file);
    },
  },
];
