import type { ImportData, InitData } from '../../../answers/build.ts';
import { t } from '../../../base/texts.ts';
import { instant } from '../../text/figures.ts';
import { and } from '../../text/sentences.ts';

/** Groups, kinds of engagement and as-of, as the mapping of the data sets them. */
export const mappingText = ({
  groups,
  engagementKinds,
  asOf,
}: Pick<ImportData | InitData, 'groups' | 'engagementKinds' | 'asOf'>): string =>
  t('Groups: {groups}. Engagement: {kinds}. As-of: {asOf}.', {
    groups: groups.map((g) => (g.kinds.length === 0 ? g.group : `${g.group} (${g.kinds.join(' ')})`)).join(', '),
    kinds: and(engagementKinds),
    asOf: asOf === null ? t('each user’s last event') : instant(asOf),
  });
