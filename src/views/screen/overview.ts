import type { AnnReport, FunnelStage } from '../../domain/result.ts';
import type { RecallAnswer } from '../../state/types.ts';
import { currentList, selectedAd } from '../../state/select.ts';
import type { AppState } from '../../state/state.ts';
import { count, duration, figure, percent, plural } from '../text/figures.ts';
import { span, text, type Line } from '../text/line.ts';
import { beside } from './box.ts';
import { comparisonLines, thereLines } from './compare.ts';
import { evidenceText } from '../text/evidence.ts';
import { namesOf } from './names.ts';
import { engagedMark } from './recall.ts';
import { hanging, sentence } from '../text/sentences.ts';
import { table } from '../text/table.ts';

/** The ad under the cursor: where it came from, channel by channel. */
const adLines = (
  state: Pick<AppState, 'lists' | 'mode' | 'selectedAd' | 'behaviour'>,
  width: number,
  ascii: boolean,
): Line[] => {
  const ad = selectedAd(state);
  const names = namesOf(state, undefined);
  if (ad === null) return [];
  const found = plural(ad.channels.length, 'channel');
  const head = `Rank ${ad.rank}, placed by ${ad.via} with score ${figure(ad.score)}; ${found} found it.`;
  const mark = engagedMark(ad, ascii);
  return [
    [
      span(ad.title === '' ? ad.adId : ad.title, 'bold'),
      span(`  ${ad.adId}`, 'dim'),
      ...(mark === '' ? [] : [span(`  ${mark}`, 'good')]),
    ],
    ...sentence(head, width),
    ...ad.channels.flatMap((c) =>
      hanging(`  ${c.channel.padEnd(17)} #${String(c.rank).padEnd(4)}`, evidenceText(c.evidence, names), width, {
        label: 'accent',
      }),
    ),
    ...(ad.modelScore === null
      ? []
      : sentence(
          `Model score ${figure(ad.modelScore)}${ad.via === 'model' ? '' : ' (the model did not place it)'}.`,
          width,
          'dim',
        )),
  ];
};

const dropped = (row: FunnelStage): string =>
  Object.entries(row.dropped)
    .filter(([, n]) => n > 0)
    .map(([reason, n]) => `${reason} ${count(n)}`)
    .join(' · ');

const funnelLines = (answer: RecallAnswer, width: number): Line[] => [
  text('Funnel', 'bold'),
  ...table<FunnelStage>(
    [
      { title: 'stage', cell: (r) => r.stage },
      { title: 'in', align: 'right', cell: (r) => count(r.in) },
      { title: 'out', align: 'right', cell: (r) => count(r.out) },
      { title: 'dropped', cell: dropped, flex: 1, min: 8 },
    ],
    answer.data.funnel,
    width,
  ),
];

const annText = (ann: AnnReport): string => {
  const how =
    ann.method === 'hnsw'
      ? `index at ef ${ann.effectiveEf}`
      : `exact scan${ann.reason === null ? '' : `: ${ann.reason}`}`;
  return ann.recallAtK === null
    ? `${how} (A checks it against the exact scan)`
    : `${how}: recall ${percent(ann.recallAtK)} of the exact list, ${ann.missed.length} missed`;
};

const noteLines = ({ data, timingsMs = {} }: RecallAnswer, width: number): Line[] => [
  ...(data.ann === null ? [] : hanging('search ', annText(data.ann), width, { label: 'dim' })),
  ...(data.cutoff === null
    ? []
    : hanging('cutoff ', `${figure(data.cutoff)}: what an ad had to beat`, width, { label: 'dim' })),
  ...Object.entries(data.silent).flatMap(([channel, why]) =>
    hanging('silent ', `${channel}: ${why}`, width, { label: 'dim' }),
  ),
  ...data.notices.flatMap((notice) => hanging('note   ', notice, width, { label: 'warn' })),
  ...(Object.keys(timingsMs).length === 0
    ? []
    : hanging(
        'took   ',
        Object.entries(timingsMs)
          .map(([stage, ms]) => `${stage} ${duration(ms)}`)
          .join(' · '),
        width,
        {
          label: 'dim',
        },
      )),
];

/** What the overview is laid out from. */
export const overviewReads = ['lists', 'mode', 'selectedAd', 'behaviour', 'compare', 'workspace'] as const;

/**
 * Before anything is asked: the ad under the cursor with its provenance, the funnel, who was silent and why; of two
 * lists side by side how they compare.
 */
export const overviewLines = (
  state: Pick<AppState, (typeof overviewReads)[number]>,
  width: number,
  ascii: boolean,
): Line[] => {
  const answer = currentList(state);
  if (answer === null) return [text('The list comes first.', 'dim')];
  const ad = (w: number): Line[] => [...adLines(state, w, ascii), ...thereLines(state, w), []];
  const main = (w: number): Line[] => {
    const compared = comparisonLines(state, w);
    return compared.length === 0 ? funnelLines(answer, w) : compared;
  };
  if (width < 100) return [...ad(width), ...main(width), [], ...noteLines(answer, width)];
  const half = Math.floor(width * 0.52);
  const right = width - half - 3;
  return beside([...ad(half), ...noteLines(answer, half)], main(right), half, [span('   ')]);
};
