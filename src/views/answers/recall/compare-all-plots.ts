import type { CurvePoint, DifferenceBin } from '../../../domain/compare-all/shape.ts';
import { bar } from '../../text/bars.ts';
import { fitCells } from '../../text/cells.ts';
import { count, figure } from '../../text/figures.ts';
import { span, type Line, type ViewOptions } from '../../text/line.ts';

const margin = 8;
const rows = 10;

const label = (content: string): string => `${fitCells(content, margin - 1, 'right')} `;

/** Recall against k for both sides, k on a logarithmic axis; where they meet, one mark stands for both. */
export const curvePlot = (curve: readonly CurvePoint[], width: number, options: ViewOptions = {}): Line[] => {
  const top = Math.max(...curve.map(({ a, b }) => Math.max(a, b)), 0);
  if (curve.length < 2 || top === 0 || width < margin + curve.length) return [];
  const [markA, markB, both, axis] = options.ascii === true ? ['a', 'b', '*', '-'] : ['○', '●', '◉', '─'];
  const step = Math.max(1, Math.min(4, Math.floor((width - margin) / curve.length)));
  const rowOf = (value: number): number => Math.round((1 - value / top) * (rows - 1));
  const cells = Array.from({ length: rows }, (_, row): Line => [
    span(label(row % 3 === 0 ? figure(top * (1 - row / (rows - 1)), 3) : ''), 'dim'),
    ...curve.map(({ a, b }) => {
      const [onA, onB] = [rowOf(a) === row, rowOf(b) === row];
      const mark = onA && onB ? both : onA ? markA : onB ? markB : ' ';
      return span(fitCells(mark, step, 'left'), onB ? 'accent' : undefined);
    }),
  ]);
  // A cut-off is named where the one before it leaves room.
  let taken = 0;
  const names = curve
    .map(({ k }, i) => {
      const at = i * step;
      if (at < taken) return '';
      const pad = ' '.repeat(at - taken);
      taken = at + String(k).length + 1;
      return `${pad}${k} `;
    })
    .join('');
  return [
    ...cells,
    [span(label('')), span(axis.repeat(curve.length * step), 'dim')],
    [span(label('k'), 'dim'), span(names, 'dim')],
  ];
};

/** Users by their difference of recall: one line a bin, empty bins at both ends left out. */
export const differencePlot = (bins: readonly DifferenceBin[], width: number, options: ViewOptions = {}): Line[] => {
  const most = Math.max(0, ...bins.map((bin) => bin.users));
  const first = bins.findIndex((bin) => bin.users > 0);
  if (first < 0) return [];
  const last = bins.length - 1 - [...bins].reverse().findIndex((bin) => bin.users > 0);
  const room = Math.max(4, Math.min(60, width - 28));
  return bins.slice(first, last + 1).map(({ from, to, users }): Line => {
    const style = from > 0 ? 'good' : to < 0 ? 'bad' : 'dim';
    return [
      span(fitCells(figure((from + to) / 2, 2, true), 6, 'right'), 'dim'),
      span(' '),
      span(bar(users, most, room, options.ascii === true), style),
      span(` ${count(users)}`),
    ];
  });
};
