import { Box, Text } from 'ink';
import { useMemo, useSyncExternalStore } from 'react';
import type { Store } from '../state/store.ts';
import type { AppState } from '../state/state.ts';

export interface AppProps {
  readonly store: Store;
  /** State → lines as they go to the terminal: laid out, cut and coloured. Pure. */
  readonly draw: (state: AppState) => readonly string[];
}

/** The only component: one line of text for each line of the screen, nothing for Ink to measure or wrap. */
export const App = ({ store, draw }: AppProps): React.ReactNode => {
  const state = useSyncExternalStore(store.subscribe, store.get);
  const lines = useMemo(() => draw(state), [state, draw]);
  return (
    <Box flexDirection="column">
      {lines.map((line, i) => <Text key={i} wrap="truncate">{line === '' ? ' ' : line}</Text>)}
    </Box>
  );
};
