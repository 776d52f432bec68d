import { t, tn } from '../../../base/texts.ts';
import { byCodeUnit } from '../../../base/order.ts';
import type { TimelineData } from '../../../answers/change.ts';
import type { Crossing, ProbeReason, TimelinePoint } from '../../../engine/timeline.ts';
import { count, figure, plural, utc, utcShort } from '../../text/figures.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { and, sentence } from '../../text/sentences.ts';
import { plotLines } from '../../text/plot.ts';

const crossingText = ({ kind, at, carriedBy, causes }: Crossing): string => {
  const [cause] = causes;
  const time = utc(at);
  const crossing = kind === 'enters' ? t('enters at {time}', { time }) : t('leaves at {time}', { time });
  const why =
    cause === undefined
      ? crossing
      : t('{crossing}: {group} {delta}', { crossing, group: cause.group, delta: figure(cause.delta, 4, true) });
  return carriedBy === null ? why : t('{crossing}, carried by {group}', { crossing: why, group: carriedBy });
};

const units: ReadonlyArray<readonly [number, string]> = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** A step in the largest unit that it is a whole number of: `90 min`, `12 h`. */
const stepText = (ms: number): string => {
  const [size, name] = units.find(([unit]) => ms % unit === 0) ?? [1, 'ms'];
  return `${ms / size} ${name}`;
};

/** The probed times: `every 12 h, as-of, after 4 behaviours and at 2 edges`. */
const probedText = ({ points, stepMs }: TimelineData): string => {
  const of = (by: ProbeReason): number => points.filter((point) => point.by === by).length;
  return and([
    t('every {step}', { step: stepText(stepMs) }),
    ...(of('as-of') === 0 ? [] : [t('as-of')]),
    ...(of('event') === 0 ? [] : [tn(of('event'), 'after {n} behaviour', 'after {n} behaviours')]),
    ...(of('edge') === 0 ? [] : [tn(of('edge'), 'at {n} edge', 'at {n} edges')]),
  ]);
};

const headline = (data: TimelineData): string => {
  const { title, adId, points, crossings } = data;
  const ad = title === '' ? adId : title;
  const inside = points.filter((p) => p.listRank !== null).length;
  const probed = probedText(data);
  const best = points.reduce<number | null>(
    (top, { listRank }) => (listRank !== null && (top === null || listRank < top) ? listRank : top),
    null,
  );
  const n = count(points.length);
  if (best === null) return t('{ad}: not in the list at any of {n} probed times ({probed}).', { ad, n, probed });
  const where = { ad, n, probed, inside: count(inside), best };
  const list = t('{ad}: in the list at {inside} of {n} probed times ({probed}), best rank {best}.', where);
  return crossings.length === 0
    ? list
    : `${list} ${tn(crossings.length, 'It entered or left once.', 'It entered or left {n} times.')}`;
};

const carriers = (points: readonly TimelinePoint[]): string => {
  const counts = new Map<string, number>();
  for (const { carriedBy, listRank } of points)
    if (carriedBy !== null && listRank !== null) counts.set(carriedBy, (counts.get(carriedBy) ?? 0) + 1);
  return and([...counts].sort(([a, x], [b, y]) => y - x || byCodeUnit(a, b)).map(([group, n]) => `${group} ${n}×`));
};

/** Rank and score over time, the promotion's band beneath, and each crossing in words. Times are UTC. */
export const timelineView = (data: TimelineData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const { points, bands, crossings, events, eventsTotal } = data;
  const inList = carriers(points);
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...(inList === '' ? [] : sentence(t('Groups that carry it in the list: {groups}.', { groups: inList }), width)),
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
                  .map((b) =>
                    t('{context} from {from} until {until}', {
                      context: `${b.field}=${b.value}`,
                      from: utcShort(b.from),
                      until: utcShort(b.until),
                    }),
                  )
                  .join(' · '),
                'dim',
              ),
            ],
          ]),
      ...(events.length < eventsTotal
        ? sentence(
            t('Probed after {n} of the {total} in the window.', {
              n: count(events.length),
              total: plural(eventsTotal, 'behaviour'),
            }),
            width,
            'dim',
          )
        : []),
      ...(points.length === 0 ? [text(t('No probed times.'), 'dim')] : []),
    ],
    width,
    height,
  );
};
