import type { AppState } from '../state/state.ts';
import type { Line } from '../views/text/line.ts';
import { screenOf, type Screen } from '../views/screen/screen.ts';

export interface DrawOptions {
  readonly ascii: boolean;
  /** A view threw: the program ends, and says so after the screen was left. */
  readonly crash: (error: unknown) => void;
  /** Something is scrolled beyond its end. */
  readonly overscrolled: (most: Screen['most']) => void;
}

/** State → lines, as a function for the component to call; null when a view threw. */
export const createDraw =
  ({ ascii, crash, overscrolled }: DrawOptions) =>
  (state: AppState): readonly Line[] | null => {
    try {
      const { lines, most } = screenOf(state, { ascii });
      if (state.detail.scroll > most.detail || (state.help?.scroll ?? 0) > most.help) overscrolled(most);
      return lines;
    } catch (error) {
      crash(error);
      return null;
    }
  };
