import type { Counterfactual, CounterfactualData } from '../../../answers/why.ts';
import { maxWeight, minWeight } from '../../../domain/query.ts';
import type { EventCounterfactual, GroupIntervals } from '../../../engine/counterfactual/types.ts';
import { cellWidth, fitCells } from '../../text/cells.ts';
import { figure, plural, utcShort } from '../../text/figures.ts';
import { span, text, truncateLine, type Line, blank, fitLines, type ViewOptions } from '../../text/line.ts';
import { type Names, namesFrom } from '../../text/names.ts';
import { sentence } from '../../text/sentences.ts';

const eventName = (change: EventCounterfactual['changes'][number], names: Names): string => {
  const known = names.event(change.eventId);
  return `${change.kind} ${known?.query ?? known?.title ?? change.eventId}${change.at === null ? '' : ` ${utcShort(change.at)}`}`;
};

const changesText = (data: Counterfactual, names: Names): string =>
  data.by === 'weights'
    ? data.changes.map((c) => `${c.group} ${figure(c.from, 3)} → ${figure(c.to, 3)}`).join(', ')
    : `without ${data.changes.map((c) => eventName(c, names)).join(', ')}`;

/** The answer in words: the smallest change, its effect, and whether it was run. */
export const counterfactualSentence = (data: Counterfactual, names: Names): string => {
  const goal = data.goal === 'in' ? 'bring it in' : 'take it out';
  if (data.changes.length === 0)
    return `No change of ${data.by === 'weights' ? 'weights within 0 and 4' : 'her behaviours'} would ${goal}.`;
  const effect =
    data.goal === 'in'
      ? `→ rank ${data.rank ?? 0}, displaces ${plural(data.displaced.length, 'ad')}`
      : '→ out of the list';
  return `To ${goal}: ${changesText(data, names)} ${effect}${data.verified ? ' (run, works)' : ' (not confirmed by the index at this ef)'}.`;
};

/** `0 ──████──┃── 4`: where on the scale of weights the ad is in the list, and where the weight stands. */
const track = (g: GroupIntervals, width: number, ascii: boolean): string => {
  const at = (w: number): number =>
    Math.max(0, Math.min(width - 1, Math.round(((w - minWeight) / (maxWeight - minWeight)) * (width - 1))));
  const cells = Array.from({ length: width }, (): string => (ascii ? '.' : '─'));
  for (const { from, to } of g.intervals) for (let i = at(from); i <= at(to); i++) cells[i] = ascii ? '#' : '█';
  cells[at(g.weight)] = ascii ? '|' : '┃';
  return cells.join('');
};

const said = (g: GroupIntervals): string => {
  if (!g.present) return 'nothing to read: its weight changes nothing';
  if (g.intervals.length === 0) return 'not in the list at any weight';
  return `in at ${g.intervals.map((i) => `${figure(i.from, 2)} to ${figure(i.to, 2)}`).join(' and ')}`;
};

const intervalLines = (data: Extract<Counterfactual, { by: 'weights' }>, width: number, ascii: boolean): Line[] => {
  const labels = Math.min(14, Math.max(8, ...data.intervals.map((g) => cellWidth(g.group))));
  const size = Math.max(10, Math.min(41, width - labels - 34));
  return data.intervals.map((g) =>
    truncateLine(
      [
        span(fitCells(g.group, labels)),
        span(` ${minWeight} `, 'dim'),
        span(track(g, size, ascii), 'accent'),
        span(` ${maxWeight}  `, 'dim'),
        span(`${g.weight.toFixed(2)} `),
        span(said(g), 'dim'),
      ],
      width,
    ),
  );
};

const searchText = (data: Counterfactual): string => {
  if (data.by === 'weights')
    return data.search.method === 'one-group'
      ? 'One group suffices; every weight of each group was looked at.'
      : `Several groups: a bounded search over ${plural(data.search.evaluated, 'weight vector')}, the smallest found.`;
  const { method, strongest, events } = data.search;
  return method === 'exhaustive'
    ? `No smaller set among her ${strongest} strongest of ${plural(events, 'behaviour')} does it.`
    : `Built up greedily: no set of up to three of the ${strongest} strongest does it.`;
};

/** What would bring the ad in or out, verified, and along each weight where it is in the list. */
export const counterfactualLines = (data: Counterfactual, names: Names, width: number, ascii: boolean): Line[] => [
  ...sentence(counterfactualSentence(data, names), width, 'bold'),
  ...(data.applied === null || !data.verified ? [] : [text('a applies it; u undoes', 'dim')]),
  ...sentence(searchText(data), width, 'dim'),
  [],
  ...(data.by === 'weights'
    ? [text('Where it is in the list, each weight alone (█ in, ┃ now)', 'bold'), ...intervalLines(data, width, ascii)]
    : []),
  ...(data.displaced.length === 0 ? [] : [[], text(data.goal === 'in' ? 'Displaced' : 'Leaving the list', 'bold')]),
  ...data.displaced
    .slice(0, 12)
    .map((adId): Line => truncateLine([span(`  ${names.ad(adId)}`), span(`  ${adId}`, 'dim')], width)),
];

/** The smallest change, its proof, the intervals, and the command that applies it. */
export const counterfactualView = (
  data: CounterfactualData,
  width: number,
  options: ViewOptions = {},
  height?: number,
): Line[] =>
  fitLines(
    [
      ...sentence(`${data.adId} ${data.title}`, width),
      // Without `applied` the lines leave out the keys of the screen; here the command stands instead.
      ...counterfactualLines({ ...data, applied: null }, namesFrom(data.titles), width, options.ascii === true),
      ...(data.command === null ? [] : [blank, text(`  ${data.command}`, 'accent')]),
    ],
    width,
    height,
  );
