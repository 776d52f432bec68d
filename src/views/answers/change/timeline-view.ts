import { byCodeUnit } from '../../../base/order.ts';
import type { TimelineData } from '../../../answers/change.ts';
import type { Crossing, TimelinePoint } from '../../../engine/timeline.ts';
import { figure, plural, utc, utcShort } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { and, sentence } from '../../text/sentences.ts';
import { plotLines } from '../../text/plot.ts';

const crossingText = ({ kind, at, carriedBy, causes }: Crossing): string => {
  const [cause] = causes;
  const why = cause === undefined ? '' : `: ${cause.group} ${figure(cause.delta, 4, true)}`;
  return `${kind} at ${utc(at)}${why}${carriedBy === null ? '' : `, carried by ${carriedBy}`}`;
};

const headline = ({ title, adId, points, crossings, k }: TimelineData): string => {
  const inside = points.filter((p) => p.listRank !== null).length;
  const best = points.reduce<number | null>(
    (top, { listRank }) => (listRank !== null && (top === null || listRank < top) ? listRank : top),
    null,
  );
  const where =
    best === null
      ? `never among the first ${k}`
      : `in the list at ${inside} of ${plural(points.length, 'instant')}, best rank ${best}`;
  return `${title === '' ? adId : title}: ${where}${crossings.length === 0 ? '' : `, ${plural(crossings.length, 'crossing')}`}.`;
};

const carriers = (points: readonly TimelinePoint[]): string => {
  const counts = new Map<string, number>();
  for (const { carriedBy, listRank } of points)
    if (carriedBy !== null && listRank !== null) counts.set(carriedBy, (counts.get(carriedBy) ?? 0) + 1);
  return and([...counts].sort(([a, x], [b, y]) => y - x || byCodeUnit(a, b)).map(([group, n]) => `${group} ${n}×`));
};

/** Rank and score over time, the promotion's band beneath, and each crossing in words. Times are UTC. */
export const timelineView = (data: TimelineData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const { points, bands, crossings, events } = data;
  const inList = carriers(points);
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...(inList === '' ? [] : sentence(`In the list it is carried by ${inList}.`, width)),
      blank,
      ...plotLines({ points, bands, k: data.k, events: events.map((e) => e.at) }, width, options.ascii === true),
      blank,
      ...crossings.flatMap((c) => sentence(crossingText(c), width, c.kind === 'enters' ? 'good' : 'bad')),
      ...(bands.length === 0
        ? []
        : [
            [
              span(
                bands
                  .map((b) => `${b.field}=${b.value} from ${utcShort(b.from)} until ${utcShort(b.until)}`)
                  .join(' · '),
                'dim',
              ),
            ],
          ]),
      ...(points.length === 0 ? [text('No instants.', 'dim')] : []),
    ],
    width,
    height,
  );
};
