import { t } from '../../../base/texts.ts';
import type { RecallQuery } from '../../../domain/query.ts';
import type { Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

/** Where something else places the ads: what is shown explains the model's score, not the rank. */
export const placedOtherwise = (query: RecallQuery | null | undefined, width: number): Line[] =>
  query == null || query.mode === 'model'
    ? []
    : sentence(
        t('The parts explain the model score; in mode {mode} the list is not ordered by it.', { mode: query.mode }),
        width,
        'dim',
      );
