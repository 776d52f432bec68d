import type { RecordData } from '../../../answers/session.ts';
import { t } from '../../../base/texts.ts';
import { plural } from '../../text/figures.ts';
import type { Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

/** Whether a recording began or ended, and its file. */
export const recordView = ({ session, recording, steps }: RecordData, width: number): Line[] =>
  recording
    ? sentence(t('Recording to {session}; record without a file ends it.', { session: session ?? '' }), width, 'bold')
    : sentence(
        session === null
          ? t('Recorded {steps}.', { steps: plural(steps, 'step') })
          : t('Recorded {steps} to {session}.', { steps: plural(steps, 'step'), session }),
        width,
        'bold',
      );
