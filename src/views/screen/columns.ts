import { scoreFormula, type Space } from '../../domain/metric.ts';
import { chosenColumns } from '../../state/actions/column-actions.ts';
import { columnNames, type ColumnName, type Sort } from '../../state/sorting.ts';
import type { AppState } from '../../state/state.ts';
import { fitLine, type Line } from '../text/line.ts';
import { selectedLine, windowStart } from './box.ts';
import { table } from '../text/table.ts';

const meaning = (space: Space): Readonly<Record<ColumnName, string>> => ({
  rank: 'place in the list; it stays when the list is sorted otherwise',
  ad: 'title, else id',
  moved: 'against the pinned list; largest gain first',
  score: 'of the channel that placed it; largest first',
  model: `the model’s score ${scoreFormula[space]}; largest first`,
  via: 'the channel that placed it',
  from: 'every channel that found it; most first',
  category: 'path, outermost first',
  brand: 'in order of its letters',
  price: 'lowest first',
  id: 'in order of its letters',
  engaged: 'what the user really did after as-of; with one first',
});

export const sortArrow = (sort: Sort | null, column: ColumnName, ascii: boolean): string =>
  sort?.by !== column ? '' : sort.reverse ? (ascii ? ' v' : ' ▼') : ascii ? ' ^' : ' ▲';

/** The columns: which are shown, which one the list is sorted by. */
export const columnLines = (
  state: Pick<AppState, 'columns' | 'sort' | 'workspace'>,
  row: number,
  width: number,
  height: number,
  ascii: boolean,
): Line[] => {
  const shown = chosenColumns(state);
  const says = meaning(state.workspace?.space ?? 'ip');
  const room = Math.max(1, height - 1);
  const from = windowStart(row, columnNames.length, room);
  const rows = columnNames.slice(from, from + room);
  return table<ColumnName>(
    [
      {
        title: '  column',
        cell: (c) =>
          `${columnNames.indexOf(c) === row ? '▸' : ' '} ${c}${sortArrow(state.sort ?? { by: 'rank', reverse: false }, c, ascii)}`,
      },
      { title: 'shown', cell: (c) => (shown.includes(c) ? (ascii ? '*' : '✓') : '') },
      { title: '', cell: (c) => says[c], flex: 1, min: 10 },
    ],
    rows,
    width,
  ).map((line, i) => (from + i - 1 === row ? selectedLine(line, width) : fitLine(line, width)));
};
