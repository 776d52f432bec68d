import type { AppState } from './state.ts';
import type { Pane, Size } from './types.ts';

/** A rectangle in cells; `x`, `y` from 0 at the top left of the screen. */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Layout {
  readonly kind: 'too-small' | 'tabs' | 'split' | 'columns';
  readonly panes: ReadonlyArray<Rect & { readonly pane: Pane }>;
  /** Lines drawn in all: one less than the terminal has (a full frame would scroll). */
  readonly height: number;
}

export const leastSize: Size = { columns: 60, rows: 16 };

/** The panes in the order Tab visits them, which is that of their numbers. */
export const panesOf = (state: Pick<AppState, 'weightsOpen'>): readonly Pane[] =>
  state.weightsOpen ? ['behaviour', 'recall', 'detail', 'weights'] : ['behaviour', 'recall', 'detail'];

type Shape = Pick<AppState, 'size' | 'weightsOpen' | 'zoom' | 'focus'>;

const split = ({ size, weightsOpen }: Shape, height: number): Layout['panes'] => {
  const { columns } = size;
  const body = height - 2;
  const top = Math.max(8, Math.round(body * 0.46));
  const left = Math.min(44, Math.max(30, Math.round(columns * 0.3)));
  const below = { y: 1 + top, height: body - top };
  const panes: Array<Rect & { pane: Pane }> = [
    { pane: 'behaviour', x: 0, y: 1, width: left, height: top },
    { pane: 'recall', x: left, y: 1, width: columns - left, height: top },
  ];
  if (!weightsOpen) return [...panes, { pane: 'detail', x: 0, width: columns, ...below }];
  const half = Math.round(columns * 0.48);
  return [
    ...panes,
    { pane: 'weights', x: 0, width: half, ...below },
    { pane: 'detail', x: half, width: columns - half, ...below },
  ];
};

const columns = ({ size, weightsOpen }: Shape, height: number): Layout['panes'] => {
  const body = height - 2;
  const left = Math.min(46, Math.max(34, Math.round(size.columns * 0.2)));
  const right = Math.round((size.columns - left) * 0.47);
  const middle = size.columns - left - right;
  const sliders = weightsOpen ? Math.min(16, Math.round(body * 0.35)) : 0;
  const panes: Array<Rect & { pane: Pane }> = [
    { pane: 'behaviour', x: 0, y: 1, width: left, height: body },
    { pane: 'recall', x: left, y: 1, width: middle, height: body },
    { pane: 'detail', x: left + middle, y: 1 + sliders, width: right, height: body - sliders },
  ];
  return weightsOpen ? [...panes, { pane: 'weights', x: left + middle, y: 1, width: right, height: sliders }] : panes;
};

/** One pane; under the sliders, what they move. */
const tabs = ({ size, focus, zoom }: Shape, body: number): Layout['panes'] => {
  const whole = { x: 0, y: 2, width: size.columns };
  if (focus !== 'weights' || zoom) return [{ pane: focus, ...whole, height: body }];
  const sliders = Math.min(10, Math.ceil(body * 0.45));
  return [
    { pane: 'weights', ...whole, height: sliders },
    { pane: 'detail', ...whole, y: 2 + sliders, height: body - sliders },
  ];
};

/** Where each pane stands: one at a time with tabs, list and detail, or three columns. */
export const layoutOf = (state: Shape): Layout => {
  const { size, focus } = state;
  const height = Math.max(1, size.rows - 1);
  if (size.columns < leastSize.columns || size.rows < leastSize.rows) return { kind: 'too-small', panes: [], height };
  if (size.columns < 100 || size.rows < 30) {
    return { kind: 'tabs', height, panes: tabs(state, height - 3) };
  }
  const kind = size.columns >= 160 && size.rows >= 45 ? 'columns' : 'split';
  if (state.zoom)
    return { kind, height, panes: [{ pane: focus, x: 0, y: 1, width: size.columns, height: height - 2 }] };
  return { kind, height, panes: kind === 'columns' ? columns(state, height) : split(state, height) };
};

/** Rows a pane shows inside its frame; 0 when it is not on the screen. */
export const innerHeight = (state: Shape, pane: Pane): number =>
  Math.max(0, (layoutOf(state).panes.find((p) => p.pane === pane)?.height ?? 2) - 2);
