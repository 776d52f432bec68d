import type { Resumed } from '../answers/session.ts';

/** The claim that `expect` pins; the values come from the answer itself. */
export type ExpectSpec =
  | { readonly kind: 'ids' | 'set' | 'verdict' | 'topGroup' }
  | { readonly kind: 'rbo'; readonly atLeast: number }
  | { readonly kind: 'scores'; readonly tolerance: number; readonly adId?: string }
  | { readonly kind: 'present'; readonly adId: string; readonly rank?: number }
  | { readonly kind: 'absent'; readonly adId: string }
  | {
      readonly kind: 'against';
      readonly step: number;
      readonly atLeast?: number;
      readonly atMost?: number;
      readonly rises?: string;
      readonly falls?: string;
    };

/** The recording that `record`, `note` and `expect` act on; the front end that runs commands in sequence owns it. */
export interface SessionControl {
  /** Where the session goes; null = nothing is being recorded. */
  readonly path: () => string | null;
  /** Where the last recording went that was ended here; null = none was. */
  readonly ended: () => string | null;
  readonly start: (path: string, options: { note: string; text: boolean }) => Promise<void>;
  /** Ends the recording; how many steps it holds. */
  readonly stop: () => Promise<number>;
  readonly note: (text: string) => void | Promise<void>;
  /** Pins what the last step's answer says; the step's number. Throws `usage` where it says no such thing. */
  readonly expect: (spec: ExpectSpec) => number | Promise<number>;
  /** The autosaved session: notes and expectations go there while nothing else is recorded; null = none yet. */
  readonly autosaved?: () => string | null;
  /** Goes on with a session that was cut off; absent where nothing is autosaved. */
  readonly resume?: (path: string) => Promise<Resumed>;
}
