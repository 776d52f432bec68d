import type { Result } from '../answers/answers.ts';
import type { ArgValues, Progress } from '../console/command.ts';
import type { Abilities } from '../domain/abilities.ts';
import type { PlainError } from '../errors.ts';
import type { CalendarEntry } from '../domain/inputs.ts';
import type { Space } from '../domain/metric.ts';
import type { QueryDefaults } from '../domain/query-defaults.ts';
import type { Mode, RecallQuery } from '../domain/query.ts';
import type { LostSession } from '../session/autosave.ts';

/** What came of a task of files. */
export type FileAnswer =
  | { readonly do: 'write'; readonly path: string; readonly bytes: number }
  | { readonly do: 'list'; readonly entries: ReadonlyArray<{ readonly path: string; readonly folder: boolean }> };

/** What the screen and the host's process say to each other. Plain data only. */
export type HostRequest =
  | { readonly type: 'open'; readonly id: number; readonly dir: string | null }
  | {
      readonly type: 'call';
      readonly id: number;
      readonly command: string;
      readonly args: ArgValues;
      readonly baseQuery: RecallQuery | null;
      /** A question of the person at the screen: it goes into the session being recorded. */
      readonly recorded?: true;
    }
  | { readonly type: 'abort'; readonly id: number }
  /** To be written down for the next start; answered by nothing. */
  | { readonly type: 'keep'; readonly position: unknown }
  | { readonly type: 'close' };

export type HostReply =
  | { readonly type: 'opened'; readonly id: number; readonly workspace: WorkspaceInfo }
  | { readonly type: 'result'; readonly id: number; readonly result: Result; readonly backend: string | null }
  /** A task of files is done. */
  | { readonly type: 'files'; readonly id: number; readonly files: FileAnswer }
  | { readonly type: 'failed'; readonly id: number; readonly error: PlainError }
  /** Said once, unasked, after the first answer: ads of the index that no search can visit. */
  | { readonly type: 'census'; /** Of no request. */ readonly id: 0; readonly unreachable: number }
  /** Said once, unasked, after the first users: what can be typed into the finder's line. */
  | { readonly type: 'examples'; readonly id: 0; readonly examples: readonly string[] }
  /** Said once, unasked, after opening: a session that a crash or a lost line cut off. */
  | { readonly type: 'lost'; readonly id: 0; readonly lost: LostSession }
  /** Said once: what is asked cannot be kept any more. */
  | { readonly type: 'unsaved'; readonly id: 0; readonly error: PlainError }
  | { readonly type: 'progress'; readonly id: number; readonly progress: Progress };

/** What the status bar and the panels need to know of an open workspace. */
export interface WorkspaceInfo {
  readonly dir: string;
  readonly name: string;
  readonly users: number;
  readonly ads: number;
  readonly events: number;
  /** sha256 of the model, hex; null without one. */
  readonly model: string | null;
  /** What the model can be asked for; absent or null without one. */
  readonly abilities?: Abilities | null;
  readonly hasIndex: boolean;
  readonly hasI2i: boolean;
  /** How ads are compared with the user; absent = inner product. */
  readonly space?: Space;
  /** Ads of the index no search can visit; absent until they are counted. */
  readonly unreachable?: number;
  /** Words and conditions for the finder's line that users of the sample meet; absent until they are chosen. */
  readonly examples?: readonly string[];
  /** The manifest's groups, in its order. */
  readonly groups: readonly string[];
  /** How far back each group reads, ms; null = any age. Absent = not known. */
  readonly windows?: Readonly<Record<string, number | null>>;
  /** Minutes east of UTC of the shop's clock. */
  readonly tzOffsetMinutes: number;
  readonly notices: readonly string[];
  /** What the last run kept of this workspace; absent = nothing. */
  readonly position?: unknown;
  /** Promotions with their spans, ms UTC; absent = none. */
  readonly calendar?: readonly CalendarEntry[];
  /** What a query is made of where nothing is said; absent = not known. */
  readonly defaults?: Omit<QueryDefaults, 'groups'>;
  /** Opened first, by the person's config. */
  readonly startUser?: string;
  readonly startMode?: Mode;
  /** What `-w` opens it with; absent = `dir`. */
  readonly option?: string;
  /** Name of a new session's file, offered when recording starts. */
  readonly sessionFile?: string;
}

/** The host as the screen sees it: a process, or a double in tests. */
export interface Host {
  send(request: HostRequest): void;
  /** `gone` is called once, when the host ends without being asked to. */
  listen(reply: (reply: HostReply) => void, gone: (error: PlainError) => void): void;
  close(): Promise<void>;
}
