import type { Resumed } from './autosave.ts';
import type { ExpectSpec } from './expect-build.ts';

/** What `record`, `note` and `expect` act on: the front end that runs commands one after the other holds it. */
export interface SessionControl {
  /** Where the session goes; null = nothing is being recorded. */
  readonly path: () => string | null;
  readonly start: (path: string, options: { note: string; text: boolean }) => Promise<void>;
  /** Ends the recording; how many steps it holds. */
  readonly stop: () => Promise<number>;
  readonly note: (text: string) => void | Promise<void>;
  /** Pins what the last step's answer says; the step's number. Throws `usage` where it says no such thing. */
  readonly expect: (spec: ExpectSpec) => number | Promise<number>;
  /** Where everything asked is kept anyway, and notes and expectations go while nothing else is recorded; null = nowhere yet. */
  readonly autosaved?: () => string | null;
  /** Goes on with a session that was cut off; absent where nothing is autosaved. */
  readonly resume?: (path: string) => Promise<Resumed>;
}
