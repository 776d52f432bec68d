import type { RecordData } from '../../../answers/session.ts';
import { plural } from '../../text/figures.ts';
import type { Line } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

/** Whether a recording began or ended, and its file. */
export const recordView = ({ session, recording, steps }: RecordData, width: number): Line[] =>
  recording
    ? sentence(`Recording to ${session ?? ''}; record without a file ends it.`, width, 'bold')
    : sentence(`Recorded ${plural(steps, 'step')}${session === null ? '' : ` to ${session}`}.`, width, 'bold');
