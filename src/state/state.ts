import type { ArgValues, Progress } from '../console/command.ts';
import type { Mode, RecallQuery } from '../domain/query.ts';
import type { PlainError } from '../errors.ts';
import type { TextInput } from './prompt/input.ts';
import type { LostSession } from '../session/autosave.ts';
import type { HostReply, WorkspaceInfo } from './protocol.ts';
import type { ScrubStep } from '../engine/scrub.ts';
import type {
  Behaviour,
  RecallAnswer,
  PlayerState,
  Requests,
  Position,
  Queue,
  TranscriptEntry,
  Trial,
  Changes,
  CommandInfo,
  Detail,
  FileTask,
  Finder,
  Completions,
  ListName,
  Pane,
  Prompt,
  Size,
} from './types.ts';
import type { ColumnName, Sort } from './sorting.ts';

export interface AppState {
  readonly size: Size;
  readonly table: readonly CommandInfo[];
  /** As given on the command line; null = to be found. */
  readonly dir: string | null;
  readonly workspace: WorkspaceInfo | null;
  /** TensorFlow's backend; null before the model was used. */
  readonly backend: string | null;
  readonly screen: 'opening' | 'finder' | 'main';
  /** Why the workspace could not be opened, or the host ended. */
  readonly fatal: PlainError | null;
  readonly finder: Finder;
  readonly userId: string | null;
  /** The current query; null before the first answer. Its `mode` is the list shown. */
  readonly query: RecallQuery | null;
  readonly mode: Mode;
  readonly lists: Readonly<Partial<Record<Mode, RecallAnswer>>>;
  /** Why a list could not be had. */
  readonly listErrors: Readonly<Partial<Record<Mode, PlainError>>>;
  readonly behaviour: Behaviour | null;
  readonly compare: boolean;
  /** What each list is narrowed to; absent = all of it. */
  readonly filters: Readonly<Partial<Record<ListName, string>>>;
  /** null: in order of rank. */
  readonly sort: Sort | null;
  /** Columns of the recalled list in their order; null = the usual ones. */
  readonly columns: readonly ColumnName[] | null;
  /** Users marked, oldest first. */
  readonly bookmarks: readonly string[];
  /** Where the last run ended, until a user is opened. */
  readonly lastPosition: Position | null;
  readonly focus: Pane;
  readonly zoom: boolean;
  readonly weightsOpen: boolean;
  /** The slider the keys move: a group's name, or `quota:` and a channel's. */
  readonly selectedSlider: string | null;
  readonly selectedAd: string | null;
  /** Where the cursor was in the other lists. */
  readonly lastSelected: Readonly<Partial<Record<Mode, string>>>;
  readonly selectedEvent: string | null;
  readonly detail: Detail;
  /** What history, session or presets cover; null when nothing is covered. */
  readonly coveredDetail: Detail | null;
  readonly help: { readonly scroll: number; readonly filter: TextInput } | null;
  /** Everything that can be done, by name. */
  readonly palette: { readonly input: TextInput; readonly row: number } | null;
  /** What can be copied, and which of it is chosen. */
  readonly copying: { readonly row: number } | null;
  readonly prompt: Prompt | null;
  /** Lines typed at `:`, oldest first. */
  readonly history: readonly string[];
  /** Commands typed in this sitting with their answers, oldest first. */
  readonly transcript: readonly TranscriptEntry[];
  /** Lines of a paste that run in turn. */
  readonly queue: Queue | null;
  /** Answers to completion, of this workspace. */
  readonly completions: Completions;
  readonly changes: Changes;
  /** The baseline that movement is measured against: the first list of the user, or the one pinned. */
  readonly baseline: RecallAnswer | null;
  /** The user's query as it was first answered. */
  readonly openedQuery: RecallQuery | null;
  /** Everything tried on this user, oldest first. */
  readonly trials: readonly Trial[];
  /** Groups with nothing to read at the query's as-of; null = not known. */
  readonly emptyGroups: readonly string[] | null;
  /** Instants of all of the user's behaviours, later ones too, newest first. */
  readonly eventTimes: readonly number[];
  /** A step in time that waits for the one before it. */
  readonly scrubNext: ScrubStep | null;
  /** File of the session being recorded. */
  readonly recording: string | null;
  readonly player: PlayerState | null;
  /** A session that was cut off, which can be gone on with. */
  readonly lostSession: LostSession | null;
  readonly requests: Requests;
  readonly progress: Progress | null;
  /** One line above the footer: why a key did nothing, what just happened. */
  readonly message: { readonly text: string; readonly tone: 'plain' | 'bad' } | null;
  readonly exit: number | null;
}

export type Msg =
  | { readonly type: 'start' }
  | { readonly type: 'table'; readonly table: readonly CommandInfo[] }
  | { readonly type: 'resize'; readonly size: Size }
  | { readonly type: 'key'; readonly key: string; readonly text: string }
  | { readonly type: 'paste'; readonly text: string }
  | { readonly type: 'reply'; readonly reply: HostReply }
  /** Lines of earlier sittings, oldest first. */
  | { readonly type: 'history'; readonly lines: readonly string[] }
  | { readonly type: 'scrolled'; readonly detail: number; readonly help: number }
  | { readonly type: 'gone'; readonly error: PlainError };

export type Effect =
  | { readonly type: 'open'; readonly id: number; readonly dir: string | null }
  | {
      readonly type: 'call';
      readonly id: number;
      readonly command: string;
      readonly args: ArgValues;
      readonly baseQuery: RecallQuery | null;
      readonly recorded?: true;
    }
  | { readonly type: 'abort'; readonly id: number }
  /** What is remembered for the next start. */
  | { readonly type: 'keep'; readonly position: Position }
  /** Answered like a call, by the terminal's own thread. */
  | { readonly type: 'task'; readonly id: number; readonly task: FileTask }
  /** Onto the person's clipboard, by way of the terminal. */
  | { readonly type: 'copy'; readonly text: string }
  /** Into the history kept between sittings. */
  | { readonly type: 'remember'; readonly line: string }
  | { readonly type: 'suspend' }
  /** `error` is printed once the screen is left. */
  | { readonly type: 'exit'; readonly code: number; readonly error?: PlainError };

export type Step = readonly [AppState, readonly Effect[]];

/** A change that asks nothing of the world. */
export const only = (state: AppState): Step => [state, []];

/** Runs `next` on the state of a step and joins their effects. */
export const andThen = ([state, effects]: Step, next: (state: AppState) => Step): Step => {
  const [after, more] = next(state);
  return [after, [...effects, ...more]];
};
