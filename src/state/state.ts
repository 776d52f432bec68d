import type { Candidate } from '../console/complete.ts';
import type { ArgValues, Command, CommandResult, Progress } from '../console/command.ts';
import type { Mode, RecallQuery } from '../domain/query.ts';
import type { PlainError } from '../errors.ts';
import type { AdRow, Behaviour, RecallAnswer, UserRow } from './data.ts';
import type { TextInput } from './prompt/input.ts';
import type { LostSession } from '../session/autosave.ts';
import type { HostReply, WorkspaceInfo } from './protocol.ts';
import type { DisagreementData } from '../commands/look/users.ts';
import type { PresetDifference } from '../commands/query/presets-diff.ts';
import type { ScrubStep } from '../engine/scrub.ts';
import type { PlayerState } from './player/player.ts';
import type { Requests } from './requests.ts';
import type { Position } from './position.ts';
import type { ColumnName, Sort } from './sorting.ts';
import type { Queue, TranscriptEntry } from './prompt/transcript.ts';
import type { Trial } from './trials.ts';

/** The screen in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A command of the table. Its `run` is never called here: that belongs to the host's thread. */
export type CommandInfo = Command;

export type Pane = 'behaviour' | 'recall' | 'detail' | 'weights';

/** Lists that stand in the detail's place. */
export type DetailListName = 'trials' | 'presets' | 'people' | 'recordings';

/** Lists that can be filtered. */
export type ListName = 'recall' | 'behaviour' | DetailListName;

/** Where keys go: which bindings apply. */
export type Place = 'opening' | 'finder' | 'prompt' | 'help' | 'palette' | 'copy' | Pane;

export interface Finder {
  readonly input: TextInput;
  readonly users: readonly UserRow[];
  readonly selected: string | null;
  /** Why the line cannot be read; null when it can. */
  readonly issue: string | null;
  /** What the users shown are ordered by; null: by id. */
  readonly disagreement: DisagreementData | null;
  readonly error: PlainError | null;
}

/** The saved presets; beside them, what the chosen one would change. */
export interface PresetList {
  readonly kind: 'presets';
  readonly scroll: number;
  readonly row: number;
  /** null: not there yet. */
  readonly rows: ReadonlyArray<{ readonly name: string; readonly title: string; readonly from: string }> | null;
  /** From the current query (a) to the preset (b); null: not there yet. */
  readonly differences: { readonly name: string; readonly rows: readonly PresetDifference[] } | null;
  readonly error: PlainError | null;
}

/** One user of a comparison over many: how alike the two lists are, and recall b − a (null: nothing engaged with). */
export interface ContrastRow {
  readonly userId: string;
  readonly rbo: number;
  readonly delta: number | null;
}

/** A session of a listing. */
export interface RecordingRow {
  readonly path: string;
  readonly note: string;
  readonly steps: number;
  readonly expectations: number;
  /** Why it cannot be read; null = it can. */ readonly problem: string | null;
}

/** What the detail pane shows: the overview of the list, or the answer of a command. */
export type Detail =
  | { readonly kind: 'overview'; readonly scroll: number }
  /** What was tried, with its effect; `row` counts from the first. */
  | { readonly kind: 'trials'; readonly scroll: number; readonly row: number }
  /** The session open: what is recorded or played. */
  | { readonly kind: 'session'; readonly scroll: number }
  /** The columns of the recalled list; `row` counts all there are. */
  | { readonly kind: 'columns'; readonly scroll: number; readonly row: number }
  | PresetList
  /** Every command typed, with its answer. */
  | { readonly kind: 'transcript'; readonly scroll: number }
  /** Lines of earlier typing with their numbers. */
  | { readonly kind: 'history'; readonly scroll: number; readonly match: string }
  /** The users an answer over many users names, the most different first. */
  | {
      readonly kind: 'people';
      readonly scroll: number;
      readonly row: number;
      readonly of: string;
      readonly rows: readonly ContrastRow[];
    }
  /** The sessions an answer lists. */
  | {
      readonly kind: 'recordings';
      readonly scroll: number;
      readonly row: number;
      readonly rows: readonly RecordingRow[];
    }
  | {
      readonly kind: 'answer';
      readonly command: string;
      readonly args: ArgValues;
      readonly title: string;
      readonly scroll: number;
      /** Asked again for the ad under the cursor, and when the query changes. */
      readonly follows: boolean;
      readonly result: CommandResult | null;
      readonly error: PlainError | null;
      readonly progress: Progress | null;
      /** The query of the screen when `result` was asked for; the answer's own may carry a change that was asked with it. */
      readonly asked: RecallQuery | null;
    };

export type AnswerDetail = Extract<Detail, { readonly kind: 'answer' }>;

export type PromptKind =
  | 'command'
  | 'why-not'
  | 'weight'
  | 'time'
  | 'context'
  | 'search'
  | 'knock-out'
  | 'preset'
  | 'record'
  | 'filter'
  | 'export'
  | 'without';

export interface Prompt {
  readonly kind: PromptKind;
  readonly input: TextInput;
  /** `at`, `length`: the word that is wrong, in code units of the line. */
  readonly error: {
    readonly message: string;
    readonly at: number;
    readonly length: number;
    readonly expected?: string | undefined;
    readonly hint?: string | undefined;
  } | null;
  readonly picks: readonly AdRow[];
  /** Index into `picks`; −1 = the text itself. */
  readonly picked: number;
  /** Position in the history of commands while walking it; null = a new line. */
  readonly recalled: number | null;
  /** Of a filter: what was selected when it was opened, to be selected whenever it is shown. */
  readonly held?: string | null;
  /** The candidates shown above the line: `base` is what was typed before Tab went through them. */
  readonly menu: { readonly base: TextInput; readonly picked: number } | null;
  /** Looking for an earlier line (ctrl-r): what is looked for, and the line to give back. */
  readonly search: { readonly pattern: TextInput; readonly skip: number; readonly before: TextInput } | null;
}

/** What the data answered about a word, by `what` and `match` of the question. */
export type Found = Readonly<Record<string, readonly Candidate[]>>;

/** Work on files, done by the terminal's thread: a folder listed, or a text written whole or not at all. */
export type FileTask =
  | { readonly do: 'list'; readonly dir: string }
  | { readonly do: 'write'; readonly path: string; readonly text: string; readonly replace: boolean };

/** What undo and redo give back. */
export interface Changes {
  readonly past: readonly RecallQuery[];
  readonly future: readonly RecallQuery[];
}

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
  readonly resume: Position | null;
  readonly focus: Pane;
  readonly zoom: boolean;
  readonly weightsOpen: boolean;
  /** The slider the keys move: a group's name, or `quota:` and a channel's. */
  readonly group: string | null;
  readonly selectedAd: string | null;
  /** Where the cursor was in the other lists. */
  readonly lastSelected: Readonly<Partial<Record<Mode, string>>>;
  readonly selectedEvent: string | null;
  readonly detail: Detail;
  /** What history, session or presets cover; null when nothing is covered. */
  readonly behind: Detail | null;
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
  readonly found: Found;
  readonly changes: Changes;
  /** The baseline that movement is measured against: the first list of the user, or the one pinned. */
  readonly pin: RecallAnswer | null;
  /** The user's query as it was first answered. */
  readonly origin: RecallQuery | null;
  /** Everything tried on this user, oldest first. */
  readonly trials: readonly Trial[];
  /** Groups with nothing to read at the query's as-of; null = not known. */
  readonly reads: { readonly empty: readonly string[] } | null;
  /** Instants of all of the user's behaviours, later ones too, newest first. */
  readonly life: readonly number[];
  /** A step in time that waits for the one before it. */
  readonly scrubNext: ScrubStep | null;
  /** File of the session being recorded. */
  readonly recording: string | null;
  readonly player: PlayerState | null;
  /** A session that was cut off, which can be gone on with. */
  readonly lost: LostSession | null;
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
