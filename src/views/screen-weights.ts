import { maxWeight, minWeight } from '../domain/query.ts';
import { weightOf } from '../state/changes.ts';
import { movementOf, type Move } from '../state/movement.ts';
import { currentList } from '../state/select.ts';
import type { AppState } from '../state/state.ts';
import { slider } from './bars.ts';
import { cellWidth, fitCells } from './cells.ts';
import { figure } from './figures.ts';
import { fitLine, span, text, type Line } from './line.ts';
import { selectedLine } from './screen-box.ts';
import { wrapLine } from './screen-text.ts';
import { rankArrow, table } from './table.ts';

/** One slider per group of the manifest, the pinned weight marked on it; the difference in figures. */
export const weightsLines = (state: AppState, width: number, ascii: boolean): Line[] => {
  const groups = state.workspace?.groups ?? [];
  const names = Math.min(14, Math.max(6, ...groups.map(cellWidth)));
  const track = Math.max(6, width - names - 22);
  const rows = groups.map((group): Line => {
    const weight = weightOf(state, group);
    const pinned = state.pin?.query.weights[group] ?? 1;
    const delta = weight - pinned;
    const chosen = group === state.group;
    const line: Line = [
      span(`${chosen ? '▸' : ' '} ${fitCells(group, names)} ${minWeight} `), span(`${ascii ? '|' : '├'}${slider(weight, pinned, minWeight, maxWeight, track, ascii)}${ascii ? '|' : '┤'}`, 'accent'), span(` ${maxWeight}  ${weight.toFixed(2)} `),
      span(Math.abs(delta) < 1e-9 ? '' : figure(delta, 2, true), delta > 0 ? 'good' : 'bad'),
    ];
    return chosen && state.focus === 'weights' ? selectedLine(line, width) : fitLine(line, width);
  });
  const hint = state.mode === 'model' || state.mode === 'merged' ? '' : `Weights act on the model only; the list shown is ${state.mode} (1 shows the model's).`;
  return [...rows, ...(hint === '' ? [] : [[], ...wrapLine(hint, width, 'warn')])];
};

const scores = (m: Move): string => {
  if (m.from === null) return figure(m.scoreTo);
  return m.to === null ? figure(m.scoreFrom) : `${figure(m.scoreFrom)} → ${figure(m.scoreTo)}`;
};

/** Lines of a text that is longer than its pane, and how far it can be scrolled. */
export interface Windowed { readonly lines: readonly Line[]; readonly most: number }

const still = (lines: readonly Line[]): Windowed => ({ lines, most: 0 });

/** What moved against the pinned list: entered, left, then the largest shifts. Only the rows on the screen are laid out. */
export const movementLines = (state: AppState, width: number, height: number, ascii: boolean): Windowed => {
  const { pin } = state;
  const now = currentList(state);
  if (pin === null || now === null) return still([text('The list comes first.', 'dim')]);
  if (pin.query.mode !== now.query.mode) return still(wrapLine(`The pinned list is ${pin.query.mode}, this one ${now.query.mode}: m pins this one.`, width));
  const m = movementOf(pin, now);
  const all = [...m.entered, ...m.left, ...m.moved];
  if (all.length === 0) return still(wrapLine('Nothing moved against the pinned list. h and l change the weight of the chosen group.', width, 'dim'));
  const room = Math.max(1, height - 1);
  const most = Math.max(0, all.length - room);
  const from = Math.min(state.detail.scroll, most);
  const lines = table<Move>([
    { title: 'moved', cell: (r) => rankArrow(r.from, r.to, ascii), min: 5 },
    { title: 'rank', cell: (r) => `${r.from ?? '–'} → ${r.to ?? '–'}` },
    { title: 'ad', cell: (r) => (r.title === '' ? r.adId : r.title), flex: 1, min: 10 },
    { title: 'score', align: 'right', cell: scores, drop: 1 },
  ], all.slice(from, from + room), width);
  return { lines, most };
};

export const movementTitle = (state: AppState): Line => {
  const { pin } = state;
  const now = currentList(state);
  if (pin === null || now === null || pin.query.mode !== now.query.mode) return [span('movement', 'bold')];
  const m = movementOf(pin, now);
  return [span('movement', 'bold'), span(` ${m.entered.length} in · ${m.left.length} out · ${m.moved.length} moved · ${m.common} stay`)];
};
