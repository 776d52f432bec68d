import { useMemo, useRef } from 'react';
import { detailName, paneKey } from '../state/panes.ts';
import type { AppState } from '../state/state.ts';
import type { Pane as PaneName } from '../state/types.ts';
import { boxBody, boxHead, type BoxOptions } from '../views/screen/box.ts';
import { scrollNote, type Content, type Drawn } from '../views/screen/pane.ts';
import { viewOf } from '../views/screen/panes.ts';
import { span } from '../views/text/line.ts';
import type { Draw } from './canvas.ts';
import { Surface, type BoxSize } from './surface.tsx';

/** The content between the sides of its frame; the same again for the same size. */
const inFrame = ({ draw }: Content, ascii: boolean): ((options: BoxOptions) => Drawn) => {
  let last: { readonly at: string; readonly drawn: Drawn } | null = null;
  return (options) => {
    const { width, height, focused } = options;
    const at = `${width} ${height} ${String(focused)}`;
    if (last?.at === at) return last.drawn;
    const { lines, most } = draw(width - 2, height - 2, ascii);
    last = { at, drawn: { lines: boxBody(lines, options), most } };
    return last.drawn;
  };
};

/** The last of these arrays as long as their elements are the same. */
const useSame = (values: readonly unknown[]): readonly unknown[] => {
  const last = useRef(values);
  const { current } = last;
  if (current.length !== values.length || current.some((value, i) => value !== values[i])) last.current = values;
  return last.current;
};

interface PaneProps extends BoxSize {
  readonly pane: PaneName;
  readonly state: AppState;
  readonly ascii: boolean;
  /** How far the text in the detail's place can be scrolled, whenever it was drawn. */
  readonly onMost: (most: number) => void;
}

/** A pane in its frame. Its content is laid out again when something it reads has changed, or its size. */
export const Pane = ({ pane, state, ascii, onMost, ...size }: PaneProps): React.ReactNode => {
  const view = viewOf(pane, state);
  const content = view.content(state);
  const body = useMemo(() => inFrame(content, ascii), [view, ascii, useSame(content.reads)]);
  const draw: Draw = (width, height) => {
    const options = { width, height, focused: state.focus === pane, ascii };
    const { lines, most } = body(options);
    if (pane === 'detail') onMost(most);
    const name = pane === 'detail' ? detailName(state) : pane;
    const note = most > 0 ? scrollNote(state.detail.scroll, most, height - 2) : view.note(state);
    return [boxHead([span(`${paneKey(name)} `, 'dim'), ...view.title(state)], note, options), ...lines];
  };
  return <Surface draw={draw} {...size} />;
};
