import type { PathHop, SearchPathData } from '../../../answers/why.ts';
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
    return `FOUND at rank ${data.rank} after visiting ${count(data.visited)} ads at ef ${data.effectiveEf}.`;
  const ef = data.smallestEf;
  const certificate =
    ef === null
      ? (data.why ?? '')
      : `Smallest sufficient ef: ${ef.foundAt}${ef.notFoundAt === null ? '' : ` (at ${ef.notFoundAt} it is not found)`}.`;
  const met = data.inBeam
    ? 'it was in the beam, others were nearer'
    : data.met
      ? 'its distance was computed, the beam had no place'
      : 'the search never came to it';
  return `NOT FOUND at ef ${data.effectiveEf}: ${met}. ${certificate}`;
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
      : sentence('The native index gave another list: this replay is not to be trusted.', width, 'bad')),
    [],
    hopLine(data.entry, '●', names, best, width, ascii),
    ...hops
      .filter(([, h]) => h.node !== data.entry.node || h.level !== data.entry.level)
      .map(([mark, h]) => hopLine(h, mark, names, best, width, ascii)),
    truncateLine(
      [
        span(
          `  ${plural(expanded, 'node')} expanded on the bottom level, ${count(data.visited)} visited; shown are those that came nearer`,
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
                `stopped: the nearest candidate left (${score(data.stoppedAt.candidate)}, ${names.ad(data.stoppedAt.candidate.adId)}) was farther than the beam's worst (${figure(1 - data.stoppedAt.bound)})`,
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
        span('  the ad', 'dim'),
      ],
      width,
    ),
    [],
    text(
      `${plural(data.inNeighbours.length, 'ad links', 'ads link')} to it; the search expanded ${count(data.inNeighbours.length - missed.length)} of them`,
      'bold',
    ),
    ...data.inNeighbours
      .slice(0, 12)
      .map((n): Line =>
        truncateLine([span(n.expanded ? '  ✓ ' : '  ✗ ', n.expanded ? 'good' : 'dim'), ...named(n.adId, names)], width),
      ),
    ...(data.reachable
      ? []
      : sentence('No chain of links leads to it from where this search lands: no ef helps.', width, 'bad')),
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
