import type { AppState } from '../state/state.ts';
import { renderAnsi, type ColourLevel } from '../views/render.ts';
import { screenOf, type Screen } from '../views/screen.ts';

export interface DrawOptions {
  readonly level: ColourLevel;
  readonly ascii: boolean;
  /** A view threw: the program ends, and says so after the screen was left. */
  readonly crash: (error: unknown) => void;
  /** Something is scrolled beyond its end. */
  readonly overscrolled: (most: Screen['most']) => void;
}

/** State → coloured lines, as a function for the component to call. */
export const createDraw = ({ level, ascii, crash, overscrolled }: DrawOptions) => (state: AppState): readonly string[] => {
  try {
    const { lines, most } = screenOf(state, { ascii });
    if (state.detail.scroll > most.detail || (state.help?.scroll ?? 0) > most.help) overscrolled(most);
    return renderAnsi(lines, level);
  } catch (error) {
    crash(error);
    return [];
  }
};
