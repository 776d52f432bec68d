import type { AppState, Step } from '../state.ts';
import type { Place } from '../types.ts';

/**
 * One thing a key does. Footer, help and palette are made from this table joined with the table of
 * commands; nothing else knows a key.
 */
export interface Action {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  /** Where the keys mean this; a pane's own binding wins over `main`, which is any pane. */
  readonly where: ReadonlyArray<Place | 'main'>;
  /** Shown in the footer, low first; absent = in the help only. */
  readonly footer?: number;
  /** Short form for the footer. */
  readonly short?: string;
  /** The command of the table it runs: its keys, title and `when` come from there. */
  readonly command?: string;
  /** false: the key means something else now, and nothing is said of this. */
  readonly active?: (state: AppState) => boolean;
  readonly when?: (state: AppState) => true | string;
  readonly run: (state: AppState) => Step;
}
