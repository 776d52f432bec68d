import type { MissPart } from '../../../domain/miss-parts.ts';
import { lossText } from '../../text/losses.ts';

/** A reason in the words of the funnel. */
export const reasonText = ({ reason, detail }: Pick<MissPart['reasons'][number], 'reason' | 'detail'>): string =>
  lossText({ verdict: reason, detail });
