import type { RecallData, RecallRow } from '../../../answers/recall.ts';
import { t } from '../../../base/texts.ts';
import type { RecallQuery } from '../../../domain/query.ts';
import { figure, instant, percent, plural } from '../../text/figures.ts';
import { funnelView } from './funnel-view.ts';
import { blank, fitLines, span, text, type Line, type ViewOptions } from '../../text/line.ts';
import { table, type Column } from '../../text/table.ts';
import { and, didIt, hitsText, sentence } from '../../text/sentences.ts';

const engagedSpan = (row: RecallRow, ascii: boolean): Line =>
  row.engagement === null ? [] : [span(`${ascii ? '*' : '✓'} ${didIt(row.engagement.kind)}`, 'good')];

const columns = (ascii: boolean, byScore: boolean): ReadonlyArray<Column<RecallRow>> => [
  { title: '#', align: 'right', cell: (r) => String(r.rank) },
  { title: t('ad'), min: 8, flex: 1, max: 14, drop: 1, cell: (r) => span(r.adId, 'dim') },
  { title: t('title'), min: 12, flex: 4, max: 60, cell: (r) => r.title },
  { title: t('score'), align: 'right', cell: (r) => figure(r.score) },
  ...(byScore
    ? []
    : [{ title: t('model'), align: 'right' as const, drop: 3, cell: (r: RecallRow) => figure(r.modelScore) }]),
  { title: t('via'), drop: 2, cell: (r) => r.via },
  { title: t('found by'), min: 8, flex: 2, max: 40, drop: 4, cell: (r) => hitsText(r.channels) },
  { title: t('engaged'), cell: (r) => engagedSpan(r, ascii) },
];

/** Rows of the list alone: the table the TUI windows. The first line is the header. */
export const recallTable = (rows: readonly RecallRow[], width: number, options: ViewOptions = {}): Line[] => {
  const byScore = rows.every((r) => r.via === 'model');
  return table(columns(options.ascii === true, byScore), rows, width);
};

const listSentence = (size: number, query: RecallQuery | null): string => {
  const ads = plural(size, 'ad');
  if (query === null) return size === 0 ? t('No ad recalled.') : t('{ads} recalled.', { ads });
  const places = { user: query.userId, asOf: instant(query.asOf), mode: query.mode };
  if (query.mode === 'legacy')
    return size === 0
      ? t('No ad recalled for {user} by the legacy rules, as of {asOf}.', places)
      : t('{ads} recalled for {user} by the legacy rules, as of {asOf}.', { ...places, ads });
  return size === 0
    ? t('No ad recalled for {user} by {mode}, as of {asOf}.', places)
    : t('{ads} recalled for {user} by {mode}, as of {asOf}.', { ...places, ads });
};

/** The list in a sentence. */
export const recallHeadline = (data: RecallData, query: RecallQuery | null): string => {
  const { candidates, truth, cutoff } = data;
  const list = listSentence(candidates.length, query);
  if (candidates.length === 0) return list;
  const short = cutoff === null && query !== null && candidates.length < query.k;
  return [
    list,
    ...(short ? [t('k asks for {k}.', { k: query.k })] : []),
    ...(cutoff === null
      ? []
      : [t('Cutoff {cutoff} (score of #{k} of this list).', { cutoff: figure(cutoff), k: candidates.length })]),
    ...(truth.engaged === 0
      ? []
      : [
          t('The user engaged with {ads} after as-of, {recalled} in the list.', {
            ads: plural(truth.engaged, 'ad'),
            recalled: truth.recalled,
          }),
        ]),
  ].join(' ');
};

/** The comparison of the index with the exact scan, where it was asked for: `A` asks for nothing else. */
const annText = ({ ann }: RecallData): string | null => {
  if (ann === null || ann.recallAtK === null) return null;
  const places = { share: percent(ann.recallAtK), ef: ann.effectiveEf };
  if (ann.missed.length === 0)
    return t('The index finds {share} of the exact list at ef {ef}; it misses no ad.', places);
  const more = ann.missed.length - 5;
  return more > 0
    ? t('The index finds {share} of the exact list at ef {ef}; it misses {ads} and {count} more.', {
        ...places,
        ads: ann.missed.slice(0, 5).join(', '),
        count: more,
      })
    : t('The index finds {share} of the exact list at ef {ef}; it misses {ads}.', { ...places, ads: and(ann.missed) });
};

/** Warnings and silences that change how the list is read. */
const remarks = (data: RecallData, width: number): Line[] => [
  ...(data.leak
    ? sentence(
        t('LEAK: this list uses data from after its as-of: {leaks}.', { leaks: data.leaks.join('; ') }),
        width,
        'warn',
      )
    : []),
  ...data.notices.flatMap((n) => sentence(n, width, 'warn')),
  ...Object.entries(data.silent).flatMap(([channel, why]) => sentence(`${channel}: ${why ?? ''}`, width, 'dim')),
];

/** The whole answer: sentence, list, funnel, index check. */
export const recallView = (data: RecallData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const ann = annText(data);
  return fitLines(
    [
      ...(ann === null ? [] : [...sentence(ann, width, 'bold'), blank]),
      ...sentence(recallHeadline(data, options.query ?? null), width, 'bold'),
      ...remarks(data, width),
      ...(data.candidates.length === 0 ? [] : [blank, ...recallTable(data.candidates, width, options)]),
      blank,
      ...funnelView(data.funnel, width, options),
      ...(data.ann === null || data.ann.reason === null
        ? []
        : [text(t('Exact scan: {reason}', { reason: data.ann.reason }), 'dim')]),
    ],
    width,
    height,
  );
};
