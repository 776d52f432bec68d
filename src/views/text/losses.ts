import { t } from '../../base/texts.ts';
import type { LossReason, Spread } from '../../domain/loss-reasons.ts';
import type { Loss } from '../../domain/losses.ts';
import { count, figure } from './figures.ts';

/** What became of an ad, in few words; `one`: its verdict and detail. */
export const lossText = ({ verdict, detail }: Pick<Loss, 'verdict' | 'detail'>): string => {
  switch (verdict) {
    case 'unknown-ad':
      return t('unknown ad');
    case 'ineligible':
      return detail === null ? t('not eligible') : t('not eligible: {filter}', { filter: detail });
    case 'not-matched':
      return t('no channel matches it');
    case 'not-indexed':
      return detail === 'deleted' ? t('deleted from the index') : t('not in the index');
    case 'stale-vector':
      return t('stale vector in the index');
    case 'unreachable':
      return t('unreachable in the index');
    case 'ann-missed':
      return t('missed by the index');
    case 'below-cutoff':
      return t('below the cutoff');
    case 'quota':
      return t('over the quota');
    case 'merged-out':
    case 'selected':
      return t('merged out');
    case 'recalled':
      return t('in the list');
  }
};

/** The stages of the funnel that remain after its losses, as the waterfall names them. */
export const stageText = (stage: LossReason['stage']): string => {
  switch (stage) {
    case 'sample':
      return t('known');
    case 'eligible':
      return t('eligible');
    case 'channels':
      return t('ranked by a channel');
    case 'cutoff':
      return t('selected by a channel');
    case 'merge':
    case 'list':
      return t('in the list');
  }
};

/** `ranks missing p10 12 · p50 803 · p90 9,102` */
export const spreadText = ({ p10, p50, p90 }: Spread, digits: number): string => {
  const shown = (value: number): string => (digits === 0 ? count(Math.round(value)) : figure(value, digits));
  return t('p10 {low} · p50 {middle} · p90 {high}', { low: shown(p10), middle: shown(p50), high: shown(p90) });
};
