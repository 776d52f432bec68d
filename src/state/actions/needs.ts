import { t } from '../../base/texts.ts';
import type { AppState } from '../state.ts';

/** true, or what an action needs. */
type Need = (state: AppState) => true | string;

export const needsUser: Need = ({ userId }) => (userId === null ? t('needs an open user (f)') : true);
export const needsList: Need = ({ query }) => (query === null ? t('needs a list') : true);
export const needsAd: Need = ({ selectedAd }) => (selectedAd === null ? t('needs a selected ad') : true);
