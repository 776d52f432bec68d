import { Box } from 'ink';
import { useLayoutEffect, useSyncExternalStore } from 'react';
import type { Store } from '../state/store.ts';
import type { AppState } from '../state/state.ts';
import type { Line } from '../views/text/line.ts';
import type { Painter } from './painter.ts';

export interface AppProps {
  readonly store: Store;
  /** State → laid lines, each as wide as the terminal; null keeps the last frame. Pure. */
  readonly draw: (state: AppState) => readonly Line[] | null;
  readonly painter: Painter;
}

/**
 * The only component: subscribed to the store, it lays the screen out and paints it. The lines do not
 * go through Ink's text nodes: measuring, tokenising and diffing coloured Chinese lines there takes
 * several times as long as all the rest of a frame, and its incremental drawing (6.8) starts a line
 * too low when a frame ends in a line break.
 */
export const App = ({ store, draw, painter }: AppProps): React.ReactNode => {
  const state = useSyncExternalStore(store.subscribe, store.get);
  useLayoutEffect(() => {
    const lines = draw(state);
    if (lines !== null) painter.paint(lines);
  }, [state, draw, painter]);
  return <Box />;
};
