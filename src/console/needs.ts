import { t } from '../base/texts.ts';

/** What a command or a key lacks, in one style: a disabled one shows it behind its key (`e: needs a selected ad`). */
export const lacksUser = (): string => t('needs an open user (f)');
export const lacksAd = (): string => t('needs a selected ad');
export const lacksModel = (): string => t('needs a model; this workspace has none');
export const lacksIndex = (): string => t('needs an index; this workspace has none');
