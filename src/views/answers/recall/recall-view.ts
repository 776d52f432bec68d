import type { RecallData, RecallRow } from '../../../answers/recall.ts';
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
  { title: 'ad', min: 8, flex: 1, max: 14, drop: 1, cell: (r) => span(r.adId, 'dim') },
  { title: 'title', min: 12, flex: 4, max: 60, cell: (r) => r.title },
  { title: 'score', align: 'right', cell: (r) => figure(r.score) },
  ...(byScore
    ? []
    : [{ title: 'model', align: 'right' as const, drop: 3, cell: (r: RecallRow) => figure(r.modelScore) }]),
  { title: 'via', drop: 2, cell: (r) => r.via },
  { title: 'found by', min: 8, flex: 2, max: 40, drop: 4, cell: (r) => hitsText(r.channels) },
  { title: 'engaged', cell: (r) => engagedSpan(r, ascii) },
];

/** Rows of the list alone: the table the TUI windows. The first line is the header. */
export const recallTable = (rows: readonly RecallRow[], width: number, options: ViewOptions = {}): Line[] => {
  const byScore = rows.every((r) => r.via === 'model');
  return table(columns(options.ascii === true, byScore), rows, width);
};

/** What the list is, in a sentence. */
export const recallHeadline = (data: RecallData, query: RecallQuery | null): string => {
  const { candidates, truth, cutoff } = data;
  const whom =
    query === null
      ? ''
      : ` for ${query.userId} by ${query.mode === 'legacy' ? 'the legacy rules' : query.mode}, as of ${instant(query.asOf)}`;
  if (candidates.length === 0) return `Nothing recalled${whom}.`;
  const list = `${plural(candidates.length, 'ad')} recalled${whom}`;
  const beat =
    cutoff === null
      ? query !== null && candidates.length < query.k
        ? `; asked for ${query.k}`
        : ''
      : `; the last has score ${figure(cutoff)}`;
  const engaged =
    truth.engaged === 0
      ? ''
      : ` Of ${plural(truth.engaged, 'ad')} engaged with afterwards, ${truth.recalled} ${truth.recalled === 1 ? 'is' : 'are'} in the list.`;
  return `${list}${beat}.${engaged}`;
};

const annText = ({ ann }: RecallData): string | null => {
  if (ann === null || ann.recallAtK === null) return null;
  const missed =
    ann.missed.length === 0
      ? 'nothing missed'
      : `missed ${and(ann.missed.slice(0, 5))}${ann.missed.length > 5 ? ` and ${ann.missed.length - 5} more` : ''}`;
  return `Index against the exact scan: ${percent(ann.recallAtK)} of this list at ef ${ann.effectiveEf}, ${missed}.`;
};

/** Warnings and silences that change how the list is read. */
const remarks = (data: RecallData, width: number): Line[] => [
  ...(data.leak ? sentence(`Leak, the list has seen the future: ${data.leaks.join('; ')}.`, width, 'warn') : []),
  ...data.notices.flatMap((n) => sentence(n, width, 'warn')),
  ...Object.entries(data.silent).flatMap(([channel, why]) => sentence(`${channel}: ${why ?? ''}`, width, 'dim')),
];

/** The whole answer: sentence, list, funnel, index check. */
export const recallView = (data: RecallData, width: number, options: ViewOptions = {}, height?: number): Line[] => {
  const ann = annText(data);
  return fitLines(
    [
      ...sentence(recallHeadline(data, options.query ?? null), width, 'bold'),
      ...remarks(data, width),
      ...(data.candidates.length === 0 ? [] : [blank, ...recallTable(data.candidates, width, options)]),
      blank,
      ...funnelView(data.funnel, width, options),
      ...(ann === null ? [] : [blank, ...sentence(ann, width)]),
      ...(data.ann === null || data.ann.reason === null ? [] : [text(`Exact scan: ${data.ann.reason}`, 'dim')]),
    ],
    width,
    height,
  );
};
