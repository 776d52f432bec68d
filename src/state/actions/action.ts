import type { AppState, Step } from '../state.ts';
import type { Place } from '../types.ts';

/** A text of the screen, looked up when it is drawn. */
export type Words = () => string;

/** Fields of an action that do not come from a command. */
interface ActionBase {
  readonly id: string;
  /** Where the keys mean this; a pane's own binding wins over `main`, which is any pane. */
  readonly where: ReadonlyArray<Place | 'main'>;
  /** Shown in the footer, low first; absent = in the help only. */
  readonly footer?: number;
  /** Short form for the footer. */
  readonly short?: (state: AppState) => string;
  /** The command it runs: the `when` of its record holds too. */
  readonly command?: string;
  /** false: the key means something else now, and the help leaves this out. */
  readonly active?: (state: AppState) => boolean;
  readonly when?: (state: AppState) => true | string;
  readonly run: (state: AppState) => Step;
}

/** One thing a key does, for footer, help, palette and docs; nothing else knows a key. */
export interface Action extends ActionBase {
  readonly title: Words;
  readonly keys: readonly string[];
}

/**
 * An action as it is written: keys of its own, or those in the record of the command whose form on the screen it is.
 * So each key stands once. Without a title it has that of the command it runs.
 */
export type ActionRecord = ActionBase &
  ({ readonly keys: readonly string[] } | { readonly keysOf: string }) &
  ({ readonly title: Words } | { readonly command: string });
