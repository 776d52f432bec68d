import { t } from '../../base/texts.ts';
import type { AnnReport, FunnelStage } from '../../domain/result.ts';
import type { RecallAnswer } from '../../state/types.ts';
import { currentList, selectedAd } from '../../state/select.ts';
import type { AppState } from '../../state/state.ts';
import { count, duration, figure, percent, plural } from '../text/figures.ts';
import { fitCells } from '../text/cells.ts';
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
  const head = t('Rank {rank}, placed by {via}, score {score}.', {
    rank: ad.rank,
    via: ad.via,
    score: figure(ad.score),
  });
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
          ad.via === 'model'
            ? t('Model score {score}.', { score: figure(ad.modelScore) })
            : t('Model score {score}, not placed by the model.', { score: figure(ad.modelScore) }),
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
  text(t('Funnel'), 'bold'),
  ...table<FunnelStage>(
    [
      { title: t('stage'), cell: (r) => r.stage },
      { title: t('in'), align: 'right', cell: (r) => count(r.in) },
      { title: t('out'), align: 'right', cell: (r) => count(r.out) },
      { title: t('dropped'), cell: dropped, flex: 1, min: 8 },
    ],
    answer.data.funnel,
    width,
  ),
];

const annText = (ann: AnnReport): string => {
  const search =
    ann.method !== 'exact-scan'
      ? t('index at ef {ef}', { ef: ann.effectiveEf })
      : ann.reason === null
        ? t('exact scan')
        : t('exact scan: {reason}', { reason: ann.reason });
  return ann.recallAtK === null
    ? t('{search} (A compares it with the exact scan)', { search })
    : t('{search}; {share} of the exact list found, {missed} missed', {
        search,
        share: percent(ann.recallAtK),
        missed: plural(ann.missed.length, 'ad'),
      });
};

const label = (word: string): string => fitCells(word, 7);

const noteLines = (
  { data, query, timingsMs = {} }: RecallAnswer,
  ofWorkspace: readonly string[],
  width: number,
): Line[] => [
  ...(data.ann === null ? [] : hanging(label(t('search')), annText(data.ann), width, { label: 'dim' })),
  ...(data.cutoff === null
    ? []
    : hanging(
        label(t('cutoff')),
        t('{score} (score of #{rank} of this list)', { score: figure(data.cutoff), rank: query.k }),
        width,
        {
          label: 'dim',
        },
      )),
  ...Object.entries(data.silent).flatMap(([channel, why]) =>
    hanging(label(t('silent')), `${channel}: ${why}`, width, { label: 'dim' }),
  ),
  ...[...data.notices, ...ofWorkspace].flatMap((notice) => hanging(label(t('note')), notice, width, { label: 'warn' })),
  ...(Object.keys(timingsMs).length === 0
    ? []
    : hanging(
        label(t('took')),
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
 * Before any question: the ad under the cursor with its provenance, the funnel, the silent channels with their reasons;
 * for two lists side by side their comparison.
 */
export const overviewLines = (
  state: Pick<AppState, (typeof overviewReads)[number]>,
  width: number,
  ascii: boolean,
): Line[] => {
  const answer = currentList(state);
  if (answer === null) return [text(t('waiting for the list…'), 'dim')];
  const notices = state.workspace?.notices ?? [];
  const ad = (w: number): Line[] => [...adLines(state, w, ascii), ...thereLines(state, w), []];
  const main = (w: number): Line[] => {
    const compared = comparisonLines(state, w);
    return compared.length === 0 ? funnelLines(answer, w) : compared;
  };
  if (width < 100) return [...ad(width), ...main(width), [], ...noteLines(answer, notices, width)];
  const half = Math.floor(width * 0.52);
  const right = width - half - 3;
  return beside([...ad(half), ...noteLines(answer, notices, half)], main(right), half, [span('   ')]);
};
