import { t } from '../../../base/texts.ts';
import type { Counterfactual, CounterfactualData } from '../../../answers/why.ts';
import { maxWeight, minWeight } from '../../../domain/query.ts';
import type { EventCounterfactual, GroupIntervals } from '../../../engine/counterfactual/types.ts';
import { cellWidth, fitCells } from '../../text/cells.ts';
import { count, figure, plural, utcShort } from '../../text/figures.ts';
import { span, text, truncateLine, type Line, blank, fitLines, type ViewOptions } from '../../text/line.ts';
import { type Names, namesFrom } from '../../text/names.ts';
import { and, sentence } from '../../text/sentences.ts';
import { weightText } from '../../text/weight.ts';
import { exactDiffers } from './exact-differs.ts';

const eventName = (change: EventCounterfactual['changes'][number], names: Names): string => {
  const known = names.event(change.eventId);
  return `${change.kind} ${known?.query ?? known?.title ?? change.eventId}${change.at === null ? '' : ` ${utcShort(change.at)}`}`;
};

const changesText = (data: Counterfactual, names: Names): string =>
  data.by === 'weights'
    ? data.changes.map((c) => `${c.group} ${weightText(c.from)} → ${weightText(c.to)}`).join(', ')
    : t('without {behaviours}', { behaviours: data.changes.map((c) => eventName(c, names)).join(', ') });

/** The change in words; where the index missed the ad that is the answer, and its ef. */
const answerOf = (data: Counterfactual, names: Names): string | null => {
  const ef = data.missed?.ef ?? null;
  if (ef !== null)
    return !data.verified ? null : t('ef {from} → {to} (the index missed it)', { from: ef.from, to: ef.to });
  return data.changes.length === 0 ? null : changesText(data, names);
};

/** The answer in words: the smallest change, its effect, and that it was run. */
export const counterfactualSentence = (data: Counterfactual, names: Names): string => {
  const change = answerOf(data, names);
  if (change === null) return noneText(data);
  return data.goal === 'in'
    ? t('To bring it in: {change}, then rank {rank}, displaces {ads} (run, works).', {
        change,
        rank: data.rank ?? 0,
        ads: plural(data.displaced.length, 'ad'),
      })
    : t('To take it out: {change}, then out of the list (run, works).', { change });
};

/** "No change" only where there is none; else the count of tries. */
const noneText = ({ by, goal, search }: Counterfactual): string => {
  const tries = count(search.evaluated);
  if (by === 'weights') {
    if (search.complete)
      return goal === 'in'
        ? t('No change of weights brings it in: no group has an input.')
        : t('No change of weights takes it out: no group has an input.');
    const range = { tries, least: minWeight, most: maxWeight };
    return goal === 'in'
      ? t('To bring it in: no change found in {tries} runs of weights from {least} to {most}.', range)
      : t('To take it out: no change found in {tries} runs of weights from {least} to {most}.', range);
  }
  if (search.complete)
    return goal === 'in'
      ? t('No set of behaviours brings it in when removed: every set was run.')
      : t('No set of behaviours takes it out when removed: every set was run.');
  return goal === 'in'
    ? t('To bring it in: no change found in {tries} sets of behaviours.', { tries })
    : t('To take it out: no change found in {tries} sets of behaviours.', { tries });
};

const rangesText = (intervals: GroupIntervals['intervals']): string =>
  and(intervals.map((i) => t('{from} to {to}', { from: weightText(i.from, 'up'), to: weightText(i.to, 'down') })));

/** `0 ──████──┃── 4`: where on the scale of weights the ad is in the list, and where the weight stands. */
const track = (g: GroupIntervals, width: number, ascii: boolean): string => {
  const at = (w: number): number =>
    Math.max(0, Math.min(width - 1, Math.round(((w - minWeight) / (maxWeight - minWeight)) * (width - 1))));
  const cells = Array.from({ length: width }, (): string => (ascii ? '.' : '─'));
  for (const { from, to } of g.intervals) for (let i = at(from); i <= at(to); i++) cells[i] = ascii ? '#' : '█';
  cells[at(g.weight)] = ascii ? '|' : '┃';
  return cells.join('');
};

const intervalsText = ({ present, intervals, exact }: GroupIntervals): string => {
  if (!present) return t('no input: its weight changes nothing');
  const [native, certified] = [rangesText(intervals), rangesText(exact)];
  const here =
    intervals.length === 0 ? t('not in the list at any weight that was run') : t('in at {ranges}', { ranges: native });
  if (native === certified) return here;
  return exact.length === 0
    ? t('{here}; by exact retrieval at none', { here })
    : t('{here}; by exact retrieval {ranges}', { here, ranges: certified });
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
        span(intervalsText(g), 'dim'),
      ],
      width,
    ),
  );
};

const searchText = (data: Counterfactual): string | null => {
  if (data.changes.length === 0) return null;
  if (data.by === 'weights') {
    const { method, evaluated, step, within } = data.search;
    return method === 'one-group'
      ? t('No smaller change of one weight does it: every thousandth was run.')
      : t(
          'This is the smallest change found in {runs} runs: each weight alone in steps of {step}, in thousandths within ±{within}, and pairs.',
          { runs: count(evaluated), step: figure(step, 3), within: figure(within, 3) },
        );
  }
  const { method, strongest, events } = data.search;
  return method === 'exhaustive'
    ? t('No smaller set among the {strongest} strongest of {behaviours} does it.', {
        strongest,
        behaviours: plural(events, 'behaviour'),
      })
    : t('The set was built greedily. No set of up to three of the {strongest} strongest does it.', { strongest });
};

/** What would bring the ad in or out, verified, and along each weight where it is in the list. */
export const counterfactualLines = (data: Counterfactual, names: Names, width: number, ascii: boolean): Line[] => [
  ...sentence(counterfactualSentence(data, names), width, 'bold'),
  ...(data.applied === null || !data.verified ? [] : [text(t('a applies it · u undoes'), 'dim')]),
  ...[exactDiffers(data.goal === 'out', data), searchText(data)].flatMap((one) =>
    one === null ? [] : sentence(one, width, 'dim'),
  ),
  [],
  ...(data.by === 'weights'
    ? [
        text(
          ascii
            ? t('In the list at these weights, each alone (# in, | now)')
            : t('In the list at these weights, each alone (█ in, ┃ now)'),
          'bold',
        ),
        ...intervalLines(data, width, ascii),
      ]
    : []),
  ...(data.displaced.length === 0
    ? []
    : [[], text(data.goal === 'in' ? t('Displaced') : t('Leaves the list'), 'bold')]),
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
