import { t } from '../../base/texts.ts';
import { lacksAd, lacksUser } from '../../console/needs.ts';
import type { AppState } from '../state.ts';

/** true, or what an action needs. */
type Need = (state: AppState) => true | string;

export const needsUser: Need = ({ userId }) => (userId === null ? lacksUser() : true);
export const needsList: Need = ({ query }) => (query === null ? t('needs a list') : true);
export const needsAd: Need = ({ selectedAd }) => (selectedAd === null ? lacksAd() : true);
