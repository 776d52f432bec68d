import { placeOfPane, rectangles, type PanePlace } from './panes.ts';
import type { AppState } from './state.ts';
import type { Pane, Size } from './types.ts';

/**
 * A part of the screen as boxes within boxes: what Ink's `<Box>` takes. A box without a size along its row or column
 * takes what the others leave. Only sizes that somebody chose are numbers here: positions, and all that follows from
 * the rest, are Yoga's.
 */
export interface LayoutBox {
  readonly pane?: Pane;
  readonly direction?: 'row' | 'column';
  readonly width?: number;
  readonly height?: number;
  readonly children?: readonly LayoutBox[];
}

export interface Layout {
  readonly kind: 'too-small' | 'tabs' | 'split' | 'columns';
  /** Lines drawn in all: one less than the terminal has (a full frame would scroll). */
  readonly height: number;
  /** The rows of `box`: between the lines above the panes and the line of keys. */
  readonly body: number;
  readonly box: LayoutBox;
}

export const leastSize: Size = { columns: 60, rows: 16 };

type Shape = Pick<AppState, 'size' | 'weightsOpen' | 'zoom' | 'focus'>;

/** The panes there are, in the order Tab visits them. */
export const panesOf = (state: Pick<AppState, 'weightsOpen'>): readonly Pane[] =>
  rectangles.filter((pane) => {
    const flag = placeOfPane(pane)?.while;
    return flag === undefined || state[flag];
  });

interface Placed {
  readonly pane: Pane;
  readonly place: PanePlace;
}

const placed = (state: Shape): readonly Placed[] =>
  panesOf(state).flatMap((pane) => {
    const place = placeOfPane(pane);
    return place === null ? [] : [{ pane, place }];
  });

/** Boxes with a size come first, then the one that takes the rest. */
const sizedFirst = (boxes: readonly LayoutBox[]): LayoutBox[] => {
  const isSized = ({ width, height }: LayoutBox): boolean => width !== undefined || height !== undefined;
  return [...boxes.filter(isSized), ...boxes.filter((box) => !isSized(box))];
};

const splitBox = (state: Shape, body: number): LayoutBox => {
  const part = (name: 'top' | 'bottom'): LayoutBox[] =>
    sizedFirst(
      placed(state).flatMap(({ pane, place: { split } }) =>
        split.part === name ? [{ pane, ...(split.width && { width: split.width(state.size.columns) }) }] : [],
      ),
    );
  return {
    direction: 'column',
    children: [
      { direction: 'row', height: Math.max(8, Math.round(body * 0.46)), children: part('top') },
      { direction: 'row', children: part('bottom') },
    ],
  };
};

const columnsBox = (state: Shape, body: number): LayoutBox => {
  const { columns } = state.size;
  const part = (name: 'left' | 'middle' | 'right'): LayoutBox => ({
    direction: 'column',
    children: sizedFirst(
      placed(state).flatMap(({ pane, place: { columns: at } }) =>
        at.part === name ? [{ pane, ...(at.height && { height: at.height(body) }) }] : [],
      ),
    ),
  });
  const left = Math.min(46, Math.max(34, Math.round(columns * 0.2)));
  const right = Math.round((columns - left) * 0.47);
  return {
    direction: 'row',
    children: [{ ...part('left'), width: left }, part('middle'), { ...part('right'), width: right }],
  };
};

/** One pane; where it says so, what it moves below it. */
const tabsBox = ({ focus, zoom }: Shape, body: number): LayoutBox => {
  const below = zoom ? undefined : placeOfPane(focus)?.tabs;
  return {
    direction: 'column',
    children:
      below === undefined ? [{ pane: focus }] : [{ pane: focus, height: below.height(body) }, { pane: below.above }],
  };
};

const kindOf = ({ size }: Shape): Layout['kind'] => {
  if (size.columns < leastSize.columns || size.rows < leastSize.rows) return 'too-small';
  if (size.columns < 100 || size.rows < 30) return 'tabs';
  return size.columns >= 160 && size.rows >= 45 ? 'columns' : 'split';
};

const boxOf = (state: Shape, kind: Layout['kind'], body: number): LayoutBox => {
  if (kind === 'too-small') return {};
  if (kind === 'tabs') return tabsBox(state, body);
  if (state.zoom) return { direction: 'column', children: [{ pane: state.focus }] };
  return kind === 'columns' ? columnsBox(state, body) : splitBox(state, body);
};

/** How the panes share the screen: one at a time with tabs, list and detail, or three columns. */
export const layoutOf = (state: Shape): Layout => {
  const kind = kindOf(state);
  const height = Math.max(1, state.size.rows - 1);
  const body = height - (kind === 'tabs' ? 3 : 2);
  return { kind, height, body, box: boxOf(state, kind, body) };
};

/** The panes within a box. */
export const panesIn = ({ pane, children = [] }: LayoutBox): readonly Pane[] => [
  ...(pane === undefined ? [] : [pane]),
  ...children.flatMap(panesIn),
];

/** Whether the pane is on the screen. */
export const isShown = (state: Shape, pane: Pane): boolean => panesIn(layoutOf(state).box).includes(pane);

/** Rows of a pane within a box of so many; null where it is not in it. */
const rowsIn = (box: LayoutBox, rows: number, pane: Pane): number | null => {
  if (box.pane === pane) return rows;
  const children = box.children ?? [];
  const given = children.reduce((sum, { height = 0 }) => sum + height, 0);
  for (const child of children) {
    const inside = rowsIn(child, box.direction === 'row' ? rows : (child.height ?? rows - given), pane);
    if (inside !== null) return inside;
  }
  return null;
};

/**
 * Rows a pane shows inside its frame; 0 when it is not on the screen. The state needs them before the frame is drawn
 * (a page, the rows of a recording to ask for): they are read off the same boxes, and a test holds them against Yoga's.
 */
export const innerHeight = (state: Shape, pane: Pane): number => {
  const { body, box } = layoutOf(state);
  return Math.max(0, (rowsIn(box, body, pane) ?? 2) - 2);
};
