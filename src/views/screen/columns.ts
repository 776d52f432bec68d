import { t } from '../../base/texts.ts';
import { scoreFormula, type Space } from '../../domain/metric.ts';
import { chosenColumns } from '../../state/actions/column-actions.ts';
import { columnNames, type ColumnName, type Sort } from '../../state/sorting.ts';
import type { AppState } from '../../state/state.ts';
import { fitLine, type Line } from '../text/line.ts';
import { selectedLine, windowStart } from './box.ts';
import { table } from '../text/table.ts';

const meaning = (space: Space): Readonly<Record<ColumnName, string>> => ({
  rank: t('place in the list; it stays when the list is sorted otherwise'),
  ad: t('title, else id'),
  moved: t('places gained against the pinned list; largest gain first'),
  score: t('score of the channel that placed it; largest first'),
  model: t('score of the model {formula}; largest first', { formula: scoreFormula[space] }),
  via: t('channel that placed it'),
  from: t('all channels that found it; most first'),
  category: t('path, outermost first'),
  brand: t('alphabetical order'),
  price: t('lowest first'),
  id: t('alphabetical order'),
  engaged: t('what the user did with it after as-of; engaged ads first'),
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
        title: `  ${t('column')}`,
        cell: (c) =>
          `${columnNames.indexOf(c) === row ? '▸' : ' '} ${c}${sortArrow(state.sort ?? { by: 'rank', reverse: false }, c, ascii)}`,
      },
      { title: t('shown'), cell: (c) => (shown.includes(c) ? (ascii ? '*' : '✓') : '') },
      { title: '', cell: (c) => says[c], flex: 1, min: 10 },
    ],
    rows,
    width,
  ).map((line, i) => (from + i - 1 === row ? selectedLine(line, width) : fitLine(line, width)));
};
