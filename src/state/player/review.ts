import { t } from '../../base/texts.ts';
import type { ReviewData } from '../../answers/session.ts';
import { askDetail } from '../ask.ts';
import { only, type AppState, type Step } from '../state.ts';

type Read = Pick<AppState, 'detail'>;

/** The review in the detail; null: something else is there. */
export const reviewOf = ({ detail }: Read): ReviewData | null =>
  detail.kind === 'answer' && detail.result?.schema === 'review' ? detail.result.data : null;

/** The step to decide on: the first that is left behind those decided just now, else the first; null: none is left. */
export const nextUndecided = ({ pending, decided }: ReviewData): number | null => {
  const last = Math.max(0, ...decided.map(({ step }) => step));
  return (pending.find(({ step }) => step > last) ?? pending[0])?.step ?? null;
};

export const undecidedStep = (state: Read): number | null => {
  const review = reviewOf(state);
  return review === null ? null : nextUndecided(review);
};

/** The keys that decide, for the actions and for the view that names them. */
export const reviewKeys = { accept: 'a', reject: 'r', play: 'enter' } as const;

/** Writes the decision on the next undecided step into the session, and shows what is left. */
export const decideStep = (state: AppState, verb: 'accept' | 'reject', why: string): Step => {
  const [review, step] = [reviewOf(state), undecidedStep(state)];
  if (review === null || step === null) return only(state);
  const { file } = review;
  return askDetail(
    state,
    'review',
    { session: file, [verb]: [String(step)], ...(why === '' ? {} : { why }) },
    { title: t('review {file}', { file }) },
  );
};
