import type { PathHop, SearchPathData } from '../../../answers/why.ts';
import { t, tn } from '../../../base/texts.ts';
import { bar } from '../../text/bars.ts';
import { fitCells } from '../../text/cells.ts';
import { count, figure, plural } from '../../text/figures.ts';
import { span, text, truncateLine, type Line, fitLines, type ViewOptions } from '../../text/line.ts';
import { type Names, namesFrom } from '../../text/names.ts';
import { sentence } from '../../text/sentences.ts';

/** Inner-product distance is 1 − score. */
const score = (hop: PathHop): string => figure(1 - hop.distance);

/** The answer in words: found at which rank, or where the search stopped short and what would have found it. */
export const pathSentence = (data: SearchPathData): string => {
  if (data.rank !== null)
    return t('FOUND at rank {rank}: the search visited {ads} at ef {ef}.', {
      rank: data.rank,
      ads: plural(data.visited, 'ad'),
      ef: data.effectiveEf,
    });
  const ef = data.smallestEf;
  const certificate =
    ef === null
      ? (data.why ?? '')
      : ef.notFoundAt === null
        ? t('Smallest sufficient ef: {found}.', { found: ef.foundAt })
        : t('Smallest sufficient ef: {found} (not found at {notFound}).', {
            found: ef.foundAt,
            notFound: ef.notFoundAt,
          });
  const at = { ef: data.effectiveEf };
  const why = data.inBeam
    ? t('NOT FOUND at ef {ef}: it was in the beam, but other ads were nearer.', at)
    : data.met
      ? t('NOT FOUND at ef {ef}: its distance was computed, but the beam was full of nearer ads.', at)
      : t('NOT FOUND at ef {ef}: the search never reached it.', at);
  return `${why} ${certificate}`;
};

const named = (adId: string, names: Names): Line =>
  names.ad(adId) === adId ? [span(adId)] : [span(names.ad(adId)), span(`  ${adId}`, 'dim')];

const hopLine = (hop: PathHop, mark: string, names: Names, best: number, width: number, ascii: boolean): Line => {
  const track = bar(1 - hop.distance, best, 12, ascii);
  return truncateLine(
    [
      span(`${mark} `),
      span(`L${hop.level} `, 'dim'),
      span(`${score(hop).padStart(7)} `),
      span(fitCells(track, 13), 'accent'),
      ...named(hop.adId, names),
    ],
    width,
  );
};

/** Every step of the descent, then the nodes of the bottom level that came nearer than any before. */
const pathHops = (data: SearchPathData): Array<readonly [string, PathHop]> => {
  const upper = data.hops.filter((h) => h.level > 0);
  let nearest = Number.POSITIVE_INFINITY;
  const nearer = data.hops
    .filter((h) => h.level === 0)
    .filter((h) => {
      const improves = h.distance < nearest;
      if (improves) nearest = h.distance;
      return improves;
    });
  return [...upper.map((h) => ['↓', h] as const), ...nearer.map((h) => ['→', h] as const)];
};

/** The search as a path: entry, greedy descent, the beam's progress, where it stopped, the links that lead to the ad. */
export const pathLines = (data: SearchPathData, names: Names, width: number, ascii: boolean): Line[] => {
  const hops = pathHops(data);
  const best = Math.max(1e-9, 1 - data.distance, ...hops.map(([, h]) => 1 - h.distance));
  const expanded = data.hops.filter((h) => h.level === 0).length;
  const missed = data.inNeighbours.filter((n) => !n.expanded);
  return [
    ...sentence(pathSentence(data), width, 'bold'),
    ...(data.nativeAgrees
      ? []
      : sentence(t('This path is not the native search: the native index returned another list.'), width, 'bad')),
    [],
    hopLine(data.entry, '●', names, best, width, ascii),
    ...hops
      .filter(([, h]) => h.node !== data.entry.node || h.level !== data.entry.level)
      .map(([mark, h]) => hopLine(h, mark, names, best, width, ascii)),
    truncateLine(
      [
        span(
          `  ${t('Bottom level: {nodes} expanded, {visited} visited; only those that came nearer are shown.', {
            nodes: plural(expanded, 'node'),
            visited: count(data.visited),
          })}`,
          'dim',
        ),
      ],
      width,
    ),
    ...(data.stoppedAt === null
      ? []
      : [
          truncateLine(
            [
              span('■ ', 'warn'),
              span(
                t(
                  "stopped: the nearest remaining candidate ({score}, {ad}) is farther than the beam's worst ({worst})",
                  {
                    score: score(data.stoppedAt.candidate),
                    ad: names.ad(data.stoppedAt.candidate.adId),
                    worst: figure(1 - data.stoppedAt.bound),
                  },
                ),
              ),
            ],
            width,
          ),
        ]),
    truncateLine(
      [
        span('◎ ', 'accent'),
        span('L0 ', 'dim'),
        span(`${figure(1 - data.distance).padStart(7)} `),
        span(fitCells(bar(1 - data.distance, best, 12, ascii), 13), 'accent'),
        span(data.title === '' ? data.adId : data.title, 'bold'),
        span(`  ${t('the ad')}`, 'dim'),
      ],
      width,
    ),
    [],
    text(
      tn(
        data.inNeighbours.length,
        '{n} ad links to it; the search expanded {expanded}',
        '{ads} ads link to it; the search expanded {expanded} of them',
        { ads: count(data.inNeighbours.length), expanded: count(data.inNeighbours.length - missed.length) },
      ),
      'bold',
    ),
    ...data.inNeighbours
      .slice(0, 12)
      .map((n): Line =>
        truncateLine([span(n.expanded ? '  ✓ ' : '  ✗ ', n.expanded ? 'good' : 'dim'), ...named(n.adId, names)], width),
      ),
    ...(data.reachable
      ? []
      : sentence(
          t('Unreachable: no chain of links leads to it from the entry of this search, at any ef.'),
          width,
          'bad',
        )),
  ];
};

/** Hops are named by id here: the id that would follow the name is dropped. */
const onceNamed = (line: Line): Line => line.filter((s, i) => i === 0 || s.text !== `  ${line[i - 1]?.text ?? ''}`);

/** The search replayed, step by step; hops are told by id. */
export const searchPathView = (
  data: SearchPathData,
  width: number,
  options: ViewOptions = {},
  height?: number,
): Line[] =>
  fitLines(
    [
      ...sentence(`${data.adId} ${data.title}`, width),
      ...pathLines(data, namesFrom(undefined), width, options.ascii === true).map(onceNamed),
    ],
    width,
    height,
  );
