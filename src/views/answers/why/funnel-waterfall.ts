import type { FunnelData } from '../../../answers/funnel.ts';
import { t } from '../../../base/texts.ts';
import type { LossReason } from '../../../domain/loss-reasons.ts';
import type { LossStage } from '../../../domain/losses.ts';
import { bar } from '../../text/bars.ts';
import { fitPercent } from '../../../base/percent.ts';
import { cellWidth, fitCells } from '../../text/cells.ts';
import { count, figure, percent, plural } from '../../text/figures.ts';
import { blank, span, text, type Line } from '../../text/line.ts';
import { lossText, spreadText, stageText } from '../../text/losses.ts';
import { hanging, sentence } from '../../text/sentences.ts';
import { sparkline } from '../../text/sparkline.ts';
import { table } from '../../text/table.ts';

const stages: readonly LossStage[] = ['sample', 'eligible', 'channels', 'cutoff', 'merge'];
const mostSegments = 3;
const labelCells = 26;

/** The pairs that are left after each stage, as bars, and below each the reasons for which it loses some. */
export const waterfallLines = (data: FunnelData, width: number, ascii: boolean): Line[] => {
  const { pairs, reasons, subject } = data;
  const unit = subject.ads === 1 ? plural(pairs, 'user') : plural(pairs, 'pair of user and ad', 'pairs of user and ad');
  const room = Math.max(10, Math.min(60, width - 38));
  const numbers = Math.max(9, count(pairs).length + 3);
  const rest = (left: number, label: string): Line => [
    span(`${count(left).padStart(numbers)} `, 'bold'),
    span(`${label.padEnd(labelCells)} `),
    span(bar(left, pairs, room, ascii), 'accent'),
  ];
  const lines: Line[] = [[span(`${unit} `, 'bold'), span(t('asked'), 'dim')]];
  const recalled = reasons.find(({ reason }) => reason === 'recalled')?.pairs ?? 0;
  let left = pairs;
  for (const stage of stages) {
    const lost = reasons.filter((one) => one.stage === stage && one.reason !== 'recalled');
    for (const reason of lost) {
      left -= reason.pairs;
      lines.push(...reasonLines(data, reason, { width, numbers, ascii }));
    }
    if (lost.length > 0 && left > recalled) lines.push(rest(left, stageText(stage)));
  }
  return [...lines, rest(recalled, stageText('list'))];
};

interface Layout {
  readonly width: number;
  readonly numbers: number;
  readonly ascii: boolean;
}

const reasonLines = (data: FunnelData, reason: LossReason, { width, numbers, ascii }: Layout): Line[] => {
  const words = lossText({ verdict: reason.reason, detail: reason.detail });
  const label = `${count(-reason.pairs).padStart(numbers)} ${fitCells(words, Math.max(labelCells, cellWidth(words)))}`;
  const facts = [fitPercent(reason.share), ...factsOf(data, reason, ascii)].join(' · ');
  return hanging(label, facts, width, { label: 'warn', text: 'dim' });
};

/** By how much these pairs were lost, or for whom. */
const factsOf = (
  data: FunnelData,
  { reason, share: overall, segments, margins, pairs }: LossReason,
  ascii: boolean,
): string[] => {
  const { rank, score, ef } = margins;
  if (reason === 'ineligible')
    return segments
      .filter(({ share }) => share > overall * 1.05)
      .slice(0, mostSegments)
      .map(({ field, value, share }) =>
        t('{segment} {share}', { segment: `${field} ${value}`, share: percent(share) }),
      );
  if (reason === 'merged-out') return mergedFacts(data, pairs);
  if (reason === 'ann-missed' && ef !== null) return [t('ef needed: {spread}', { spread: spreadText(ef, 0) })];
  if (reason !== 'below-cutoff' && reason !== 'quota') return [];
  return [
    ...(rank === null ? [] : [t('ranks missing: {spread}', { spread: spreadText(rank, 0) })]),
    ...(rank === null || rank.max === rank.min ? [] : [sparkline(rank.bins, ascii)]),
    ...(score === null || reason === 'quota' ? [] : [t('score missing: p50 {score}', { score: figure(score.p50) })]),
  ];
};

const mergedFacts = ({ mergedBy, crowding }: FunnelData, pairs: number): string[] => [
  ...(mergedBy.length === 0
    ? []
    : [
        t('places held by {channels}', {
          channels: mergedBy
            .slice(0, 3)
            .map(({ channel, share }) => `${channel} ${percent(share)}`)
            .join(', '),
        }),
      ]),
  ...(crowding.pairs === 0 || pairs === 0 ? [] : [t('near-identical ads of the campaign: see below')]),
];

/** Every user once, under the ad that came furthest; and how often the campaign stands in its own way. */
export const byUserLines = (data: FunnelData, width: number, ascii: boolean): Line[] => {
  const { byUser, crowding, subject, users } = data;
  return [
    ...(subject.ads === 1
      ? []
      : [
          blank,
          text(t('Users, each under the ad that came furthest'), 'bold'),
          ...table<LossReason>(
            [
              { title: t('users'), align: 'right', cell: (row) => count(row.users) },
              { title: t('share'), align: 'right', cell: (row) => percent(row.share) },
              {
                title: t('reason'),
                cell: (row) => lossText({ verdict: row.reason, detail: row.detail }),
                flex: 1,
                min: 12,
              },
              {
                title: t('ranks missing (p50)'),
                align: 'right',
                drop: 1,
                cell: (row) => (row.margins.rank === null ? '–' : count(Math.round(row.margins.rank.p50))),
              },
              { title: '', drop: 2, cell: (row) => span(bar(row.users, users, 20, ascii), 'accent') },
            ],
            byUser,
            width,
          ),
        ]),
    ...(crowding.pairs === 0
      ? []
      : sentence(
          t(
            'Crowding: in {share} of the lists without the ad, near-identical ads of its own campaign hold places ({places} in all).',
            {
              share: percent(crowding.share),
              places: count(crowding.places),
            },
          ),
          width,
          'warn',
        )),
  ];
};
