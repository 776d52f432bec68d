import { t } from '../../base/texts.ts';
import type { LossDetail } from '../../domain/losses.ts';
import type { VerdictName } from '../../domain/verdict.ts';

const verdicts: Readonly<Record<VerdictName, () => string>> = {
  recalled: () => t('in the list'),
  'unknown-ad': () => t('unknown ad'),
  ineligible: () => t('not eligible'),
  'merged-out': () => t('merged out'),
  'not-matched': () => t('matched by no channel'),
  quota: () => t('over the quota'),
  'not-indexed': () => t('not in the index'),
  'stale-vector': () => t('stale vector'),
  'below-cutoff': () => t('below the cutoff'),
  'ann-missed': () => t('missed by the index'),
  unreachable: () => t('unreachable in the index'),
  selected: () => t('selected'),
};

/** A reason in words, with its filter: `not eligible: targeting`. */
export const lossReasonText = ({
  reason,
  detail,
}: {
  readonly reason: VerdictName;
  readonly detail: LossDetail | null;
}): string => (detail === null ? verdicts[reason]() : t('{reason}: {detail}', { reason: verdicts[reason](), detail }));
