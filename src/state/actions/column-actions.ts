import { t } from '../../base/texts.ts';
import type { ActionRecord } from './action.ts';
import { cover, uncover } from '../detail.ts';
import { columnNames, type ColumnName } from '../sorting.ts';
import { needsList } from './needs.ts';
import { only, type AppState, type Step } from '../state.ts';

/** The columns of the list as it opens; on a narrow screen the last of them go. */
export const usualColumns: readonly ColumnName[] = ['rank', 'ad', 'moved', 'score', 'via', 'from', 'engaged'];

export const chosenColumns = ({ columns }: Pick<AppState, 'columns'>): readonly ColumnName[] => columns ?? usualColumns;

const isOpen = ({ detail }: AppState): boolean => detail.kind === 'columns';

const columnAtCursor = ({ detail }: AppState): ColumnName | null =>
  detail.kind === 'columns' ? (columnNames[detail.row] ?? null) : null;

const open = (state: AppState): Step => {
  if (isOpen(state)) return uncover({ ...state, focus: 'recall' });
  const row = Math.max(0, columnNames.indexOf(state.sort?.by ?? 'rank'));
  return only(cover(state, { kind: 'columns', scroll: 0, row }));
};

/** In or out; the columns keep their order. Rank and ad stay: they identify a row. */
const toggle = (state: AppState): Step => {
  const name = columnAtCursor(state);
  if (name === null) return only(state);
  if (name === 'rank' || name === 'ad')
    return only({
      ...state,
      message: { text: t('{column} cannot be hidden: it identifies a row', { column: name }), tone: 'plain' },
    });
  const shown = chosenColumns(state);
  return only({
    ...state,
    columns: columnNames.filter((column) => (column === name ? !shown.includes(name) : shown.includes(column))),
  });
};

/** By this column; the same again turns it round. */
const sortBy = (state: AppState, by: ColumnName): Step => {
  if (state.sort?.by === by) return only({ ...state, sort: { by, reverse: !state.sort.reverse } });
  return only({ ...state, sort: by === 'rank' ? null : { by, reverse: false } });
};

const sortHere = (state: AppState): Step => {
  const name = columnAtCursor(state);
  if (name === null) return only(state);
  return name === 'rank' && state.sort === null
    ? only({ ...state, sort: { by: 'rank', reverse: true } })
    : sortBy(state, name);
};

const turn = (state: AppState): Step =>
  only({ ...state, sort: { by: state.sort?.by ?? 'rank', reverse: !(state.sort?.reverse ?? false) } });

const usual = (state: AppState): Step => only({ ...state, sort: null, columns: null });

/** Which columns the recalled list has and what it is sorted by. */
export const columnActions: readonly ActionRecord[] = [
  {
    id: 'columns',
    title: () => t('Columns and order of the list'),
    short: () => t('sort'),
    keys: ['o'],
    where: ['main'],
    footer: 42,
    when: needsList,
    run: open,
  },
  {
    id: 'sort-turn',
    title: () => t('Reverse the order'),
    keys: ['O'],
    where: ['recall', 'detail'],
    active: (s) => s.focus === 'recall' || isOpen(s),
    run: turn,
  },
  {
    id: 'column-toggle',
    title: () => t('Show or hide this column'),
    short: () => t('show/hide'),
    keys: [' '],
    where: ['detail'],
    footer: 2,
    active: isOpen,
    run: toggle,
  },
  {
    id: 'column-sort',
    title: () => t('Sort by this column, or reverse the order'),
    short: () => t('sort'),
    keys: ['enter'],
    where: ['detail'],
    footer: 1,
    active: isOpen,
    run: sortHere,
  },
  {
    id: 'columns-usual',
    title: () => t('Reset the columns, and sort by rank'),
    short: () => t('reset'),
    keys: ['r'],
    where: ['detail'],
    footer: 3,
    active: isOpen,
    run: usual,
  },
];
