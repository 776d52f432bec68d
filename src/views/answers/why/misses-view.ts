import type { MissesData } from '../../../answers/misses.ts';
import { t } from '../../../base/texts.ts';
import type { MissReason } from '../../../domain/misses.ts';
import type { LossStage } from '../../../domain/losses.ts';
import { bar } from '../../text/bars.ts';
import { count, figure, instant, percent, plural } from '../../text/figures.ts';
import { blank, fitLines, span, type Line, type ViewOptions } from '../../text/line.ts';
import { reasonText } from './misses-reason.ts';
import { sentence } from '../../text/sentences.ts';
import { table } from '../../text/table.ts';
import { gainLines } from './misses-gains.ts';
import { partLines } from './misses-parts.ts';

const headline = (data: MissesData): string => {
  const { recalled, pairs, users, share, shareCi95, reasons } = data;
  const most = reasons.find(({ reason }) => reason !== 'recalled');
  const held = t('{recalled} of {pairs} of {users} are in the list: {share} ({low} to {high}).', {
    recalled: count(recalled),
    pairs: plural(pairs, 'engaged ad'),
    users: plural(users, 'user'),
    share: percent(share, { decimals: 1 }),
    low: percent(shareCi95.low, { decimals: 1 }),
    high: percent(shareCi95.high, { decimals: 1 }),
  });
  return most === undefined
    ? held
    : `${held} ${t('What the others are lost by most: {reason} ({share}).', {
        reason: reasonText(most),
        share: percent(most.pairs / Math.max(1, pairs - recalled)),
      })}`;
};

const about = ({ query, asOf, horizonMs, recall, recallCi95, sample, failed, a }: MissesData): string =>
  [
    t('Mode {mode}, k {k}, ef {ef}, as-of {asOf}; recall@{k}, mean over users, {recall} ({low} to {high}).', {
      mode: query.mode,
      k: query.k,
      ef: query.ef,
      asOf: asOf === null ? t('each user’s own') : instant(asOf),
      recall: figure(recall),
      low: figure(recallCi95.low),
      high: figure(recallCi95.high),
    }),
    ...(horizonMs === null ? [] : [t('Horizon {days} d.', { days: horizonMs / 86_400_000 })]),
    sample.sampled < sample.of
      ? t('Sample: {sampled} of {users}, seed {seed}.', {
          sampled: count(sample.sampled),
          users: plural(sample.of, 'user'),
          seed: sample.seed,
        })
      : t('All {users}.', { users: plural(sample.of, 'user') }),
    ...(sample.without === 0
      ? []
      : [t('{users} without an engaged ad after as-of.', { users: plural(sample.without, 'user') })]),
    ...(sample.missing === 0
      ? []
      : [t('{users} not in the second workspace.', { users: plural(sample.missing, 'user') })]),
    ...(failed + (a?.failed ?? 0) === 0
      ? []
      : [t('{users} could not be answered.', { users: plural(Math.max(failed, a?.failed ?? 0), 'user') })]),
  ].join(' ');

const stages: readonly LossStage[] = ['sample', 'eligible', 'channels', 'cutoff', 'merge', 'list'];

/** Scores of other channels do not compare with each other. */
const scored: ReadonlyArray<MissReason['reason']> = ['below-cutoff', 'stale-vector'];

/** Medians of what is missing to the cutoff. */
const marginText = ({ reason, margins: { score, rank } }: MissReason): string => {
  if (rank === null) return '';
  const ranks = t('{n} ranks short', { n: count(rank.p50) });
  return score === null || !scored.includes(reason) ? ranks : `${ranks}, ${figure(score.p50)}`;
};

interface Step {
  readonly label: string;
  readonly pairs: number;
  readonly reason: MissReason | null;
}

/** From all engaged ads down to those in the list, by stage of the funnel. */
const waterfall = ({ reasons, pairs }: MissesData, width: number, ascii: boolean): Line[] => {
  const ordered = [...reasons].sort((x, y) => stages.indexOf(x.stage) - stages.indexOf(y.stage) || y.pairs - x.pairs);
  const steps: Step[] = [
    { label: t('engaged'), pairs, reason: null },
    ...ordered.map((reason) => ({ label: reasonText(reason), pairs: reason.pairs, reason })),
  ];
  const room = Math.max(8, Math.min(40, Math.floor((width - 80) / 2)));
  return table<Step>(
    [
      {
        title: t('ads'),
        align: 'right',
        cell: ({ pairs: n, reason }) => (reason === null || reason.reason === 'recalled' ? count(n) : count(-n)),
      },
      { title: '', cell: ({ label, reason }) => span(label, reason?.reason === 'recalled' ? 'good' : undefined) },
      { title: t('share'), align: 'right', cell: (step) => percent(step.pairs / Math.max(1, pairs), { decimals: 1 }) },
      {
        title: t('95 %'),
        align: 'right',
        cell: ({ reason }) =>
          reason === null
            ? ''
            : span(
                t('{low} to {high}', {
                  low: percent(reason.ci95.low, { decimals: 1 }),
                  high: percent(reason.ci95.high, { decimals: 1 }),
                }),
                'dim',
              ),
      },
      {
        title: t('users'),
        align: 'right',
        drop: 3,
        cell: ({ reason }) => (reason === null ? '' : count(reason.users)),
      },
      { title: '', drop: 1, cell: (step) => span(bar(step.pairs, pairs, room, ascii), 'accent') },
      {
        title: t('missing (median)'),
        flex: 1,
        min: 16,
        drop: 2,
        cell: ({ reason }) => span(reason === null || reason.reason === 'recalled' ? '' : marginText(reason), 'dim'),
      },
    ],
    steps,
    width,
  );
};

const moveLines = ({ moves, a, name }: MissesData, width: number): Line[] =>
  moves === null || a === null
    ? []
    : [
        blank,
        ...sentence(
          t('From a ({a}) to b ({b}): {changed} of {pairs} have another reason.', {
            a: a.name,
            b: name,
            changed: count(moves.pairs - moves.same),
            pairs: plural(moves.pairs, 'engaged ad'),
          }),
          width,
          'bold',
        ),
        ...(moves.moves.length === 0
          ? []
          : table(
              [
                { title: t('ads'), align: 'right', cell: (move: (typeof moves.moves)[number]) => count(move.pairs) },
                { title: t('users'), align: 'right', cell: (move) => count(move.users) },
                { title: t('in a'), cell: ({ from }) => reasonText(from) },
                { title: t('in b'), cell: ({ to }) => reasonText(to) },
                {
                  title: t('for example'),
                  flex: 1,
                  min: 10,
                  drop: 1,
                  cell: ({ examples: [first] }) =>
                    span(first === undefined ? '' : `${first.userId} ${first.adId}`, 'dim'),
                },
              ],
              moves.moves,
              width,
            )),
      ];

export const missesView = (data: MissesData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const ascii = options.ascii === true;
  return fitLines(
    [
      ...sentence(headline(data), width, 'bold'),
      ...sentence(about(data), width, 'dim'),
      blank,
      ...waterfall(data, width, ascii),
      ...moveLines(data, width),
      ...gainLines(data, width, options),
      ...partLines(data.parts, width, ascii),
    ],
    width,
    height,
  );
};
