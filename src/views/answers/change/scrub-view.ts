import type { ScrubData } from '../../../answers/change.ts';
import { utc } from '../../text/figures.ts';
import { fitLines, type Line, type ViewOptions } from '../../text/line.ts';
import { sentence } from '../../text/sentences.ts';

export const scrubView = (
  { stop, asOf, step }: ScrubData,
  width: number,
  _options: ViewOptions = {},
  height?: number,
): Line[] => {
  if (stop === null)
    return sentence(`Nothing further that way (${step}): as-of stays ${utc(asOf, true)} UTC.`, width, 'bold');
  const seen =
    stop.event === null
      ? 'no behaviour before it'
      : `the newest behaviour is ${stop.event.kind} ${stop.event.eventId} of ${utc(stop.event.at, true)}`;
  return fitLines(sentence(`As-of ${utc(asOf, true)} UTC (${asOf}): ${seen}.`, width, 'bold'), width, height);
};
