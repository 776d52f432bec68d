import { t } from '../../../base/texts.ts';
import type { Missed } from '../../../engine/counterfactual/types.ts';

/** Where the exact list differs from the one that the user gets, in a sentence; null where it does not. */
export const exactDiffers = (
  inList: boolean,
  { inExact, missed }: { readonly inExact: boolean; readonly missed: Missed | null },
): string | null => {
  if (missed !== null) {
    const rank = missed.rank ?? 0;
    return missed.ef === null
      ? t('{verdict}: by exact retrieval it is at rank {rank}, in the list.', { verdict: missed.verdict, rank })
      : t('{verdict}: by exact retrieval it is at rank {rank}, in the list; ef {ef} finds it.', {
          verdict: missed.verdict,
          rank,
          ef: missed.ef.to,
        });
  }
  return inList && !inExact
    ? t('By exact retrieval it is not in the list: it is here because the index missed other ads.')
    : null;
};
