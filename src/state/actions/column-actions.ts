import type { Action } from './action.ts';
import { cover, uncover } from '../detail.ts';
import { columnNames, type ColumnName } from '../sorting.ts';
import { only, type AppState, type Step } from '../state.ts';

/** What is shown where nobody has chosen; on a narrow screen the last of them go. */
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

/** In or out; the columns keep their order. Rank and ad always stand: they tell what a row is. */
const toggle = (state: AppState): Step => {
  const name = columnAtCursor(state);
  if (name === null) return only(state);
  if (name === 'rank' || name === 'ad')
    return only({ ...state, message: { text: `${name} always stands: it tells what a row is`, tone: 'plain' } });
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
export const columnActions: readonly Action[] = [
  {
    id: 'columns',
    title: 'Columns of the list, and what it is sorted by',
    short: 'sort',
    keys: ['o'],
    where: ['main'],
    footer: 42,
    when: (s) => (s.query === null ? 'there is no list yet' : true),
    run: open,
  },
  {
    id: 'sort-turn',
    title: 'The order the other way round',
    keys: ['O'],
    where: ['recall', 'detail'],
    active: (s) => s.focus === 'recall' || isOpen(s),
    run: turn,
  },
  {
    id: 'column-toggle',
    title: 'Show or hide this column',
    short: 'show/hide',
    keys: [' '],
    where: ['detail'],
    footer: 2,
    active: isOpen,
    run: toggle,
  },
  {
    id: 'column-sort',
    title: 'Sort by this column; again: the other way round',
    short: 'sort by it',
    keys: ['enter'],
    where: ['detail'],
    footer: 1,
    active: isOpen,
    run: sortHere,
  },
  {
    id: 'columns-usual',
    title: 'The usual columns, in order of rank',
    short: 'as usual',
    keys: ['r'],
    where: ['detail'],
    footer: 3,
    active: isOpen,
    run: usual,
  },
];
