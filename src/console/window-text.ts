import { t } from '../base/texts.ts';

const day = 86_400_000;

/** Why a group of behaviours has nothing to read: how far back it looks, ms; null = any age. */
export const noEventText = (windowMs: number | null): string => {
  if (windowMs === null) return t('no event to read');
  return windowMs < day
    ? t('no event in its window ({hours} h)', { hours: Math.round(windowMs / 3_600_000) })
    : t('no event in its window ({days} d)', { days: Math.round(windowMs / day) });
};
