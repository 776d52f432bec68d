import type { ScrubData } from '../../../answers/change.ts';
import { t } from '../../../base/texts.ts';
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
    return sentence(
      t('No further stop in this direction ({step}): as-of stays {asOf} UTC.', { step, asOf: utc(asOf, true) }),
      width,
      'bold',
    );
  const seen =
    stop.event === null
      ? t('As-of {asOf} UTC: no behaviour before it.', { asOf: utc(asOf, true) })
      : t('As-of {asOf} UTC: the newest behaviour is {kind} {event} at {time} UTC.', {
          asOf: utc(asOf, true),
          kind: stop.event.kind,
          event: stop.event.eventId,
          time: utc(stop.event.at, true),
        });
  return fitLines(sentence(seen, width, 'bold'), width, height);
};
