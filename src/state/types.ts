import type { Answer, Result } from '../answers/answers.ts';
import type { PresetDifference, PresetRow } from '../answers/change.ts';
import type { AdRow, DisagreementData, UserRow } from '../answers/look.ts';
import type { PlayData, SessionRow } from '../answers/session.ts';
import type { ArgValues, Command, Progress } from '../console/command.ts';
import type { TextInput } from './prompt/input.ts';
import type { PlainError } from '../errors.ts';
import type { Mode, RecallQuery } from '../domain/query.ts';
import type { Candidate } from '../console/complete.ts';
import type { LossReason } from '../domain/loss-reasons.ts';
import type { Loss } from '../domain/losses.ts';
import type { ListMovement } from '../domain/movement.ts';
import type { ScriptLine } from '../console/script-lines.ts';
import type { Sort, ColumnName } from './sorting.ts';

/** The screen in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** A list with the query it answers. */
export type RecallAnswer = Answer<'recall'> & { readonly query: RecallQuery };

/** Profile and behaviours of the user before as-of; those that the query leaves out are marked. */
export type Behaviour = Answer<'events'>;

/** A command of the table. Its `run` is never called here: that belongs to the host. */
export type CommandInfo = Command;

/** A pane with a rectangle of its own. */
export type Pane = 'behaviour' | 'recall' | 'detail' | 'weights';

/** Panes in the detail's place: a text that scrolls, opened by its own digit. */
export type TextPane = 'session';

/** What the digits focus. */
export type PaneName = Pane | TextPane | 'tried';

/** Lists that stand in the detail's place. */
export type DetailListName = 'trials' | 'presets' | 'people' | 'recordings' | 'reasons' | 'losses';

/** Lists that can be filtered. */
export type ListName = 'recall' | 'behaviour' | DetailListName;

/** Where keys go: which bindings apply. */
export type Place = 'crash' | 'opening' | 'finder' | 'prompt' | 'help' | 'palette' | 'copy' | Pane;

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
  readonly rows: readonly PresetRow[] | null;
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

/** What the detail pane shows: the overview of the list, or the answer of a command. */
export type Detail =
  | { readonly kind: 'overview'; readonly scroll: number }
  /** What was tried, with its effect; `row` counts from the first. */
  | { readonly kind: 'trials'; readonly scroll: number; readonly row: number }
  /** A pane of text; `session`: what is recorded or played. */
  | { readonly kind: TextPane; readonly scroll: number }
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
      readonly rows: readonly SessionRow[];
    }
  /** The reasons for which a funnel loses its ads; `args`: what it was asked. */
  | {
      readonly kind: 'reasons';
      readonly scroll: number;
      readonly row: number;
      readonly of: string;
      readonly args: ArgValues;
      readonly asked: RecallQuery | null;
      readonly rows: readonly LossReason[];
    }
  /** The users of one reason, each with the ad that is lost; `asked`: the query whose settings they were asked with. */
  | {
      readonly kind: 'losses';
      readonly scroll: number;
      readonly row: number;
      readonly of: string;
      readonly asked: RecallQuery | null;
      readonly rows: readonly Loss[];
    }
  | {
      readonly kind: 'answer';
      readonly command: string;
      readonly args: ArgValues;
      readonly title: string;
      readonly scroll: number;
      /** Asked again for the ad under the cursor, and when the query changes. */
      readonly follows: boolean;
      readonly result: Result | null;
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
  | 'without'
  | 'accept';

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
export type Completions = Readonly<Record<string, readonly Candidate[]>>;

/** Work on files, done by the terminal's thread: a folder listed, or a text written whole or not at all. */
export type FileTask =
  | { readonly do: 'list'; readonly dir: string }
  | { readonly do: 'write'; readonly path: string; readonly text: string; readonly replace: boolean };

/** What undo and redo give back. */
export interface Changes {
  readonly past: readonly RecallQuery[];
  readonly future: readonly RecallQuery[];
}

type OverlapOfLists = ListMovement['overlap'];

/** What a change did to the list, against the list pinned then. */
export interface TrialEffect extends OverlapOfLists {
  readonly mode: string;
  readonly entered: number;
  readonly left: number;
  readonly moved: number;
}

/** One thing that was tried: the query it was tried on, the query it gave, what came of it. */
export interface Trial {
  readonly from: RecallQuery;
  readonly query: RecallQuery;
  /** The slider it was tried with: its further steps belong to the same trial. */
  readonly knob: string | null;
  /** null: not answered yet, or nothing to measure against. */
  readonly effect: TrialEffect | null;
}

/** An answer whose data was dropped; its line and its query stay. */
export interface ForgottenAnswer extends Pick<Result, 'schema' | 'query'> {
  readonly data: null;
}

/** One command typed: the line, what it was asked on, what came of it. */
export interface TranscriptEntry {
  /** The request that asks it. */
  readonly id: number;
  readonly line: string;
  readonly command: string;
  readonly args: ArgValues;
  /** The query of the screen when it was asked. */
  readonly base: RecallQuery | null;
  /** Both null: not answered, yet or ever. */
  readonly result: Result | ForgottenAnswer | null;
  readonly error: PlainError | null;
}

/** Lines of a paste: which one runs, as which request, and what the next starts from. */
export interface Queue {
  readonly lines: readonly ScriptLine[];
  readonly at: number;
  readonly id: number;
  readonly base: RecallQuery | null;
}

/** A recording that is played in the detail's place. */
export interface PlayerState {
  readonly file: string;
  /** null: not there yet. */
  readonly data: PlayData | null;
  /** Index of the step under the cursor. */
  readonly row: number;
  /** Of the step run last. */
  readonly query: RecallQuery | null;
  readonly error: PlainError | null;
}

/** What is asked, and on whose behalf: one slot waits for one answer. */
export interface Request {
  readonly slot: string;
  readonly command: string;
  readonly args: ArgValues;
  readonly baseQuery: RecallQuery | null;
  /** Work of the terminal's thread instead of a command. */
  readonly task?: FileTask;
}

interface Running {
  readonly id: number;
  readonly request: Request;
  readonly waiting: Request | null;
}

/** Pending requests by slot. An answer whose id runs in no slot is stale. */
export interface Requests {
  readonly nextId: number;
  readonly slots: Readonly<Record<string, Running>>;
}

/** What is remembered of a workspace from one start to the next. */
export interface Position {
  /** The user last open, as the finder shows one; null = none. */
  readonly user: UserRow | null;
  readonly mode: Mode | null;
  readonly focus: Pane;
  readonly zoom: boolean;
  readonly weightsOpen: boolean;
  readonly selectedAd: string | null;
  readonly sort: Sort | null;
  readonly columns: readonly ColumnName[] | null;
  readonly bookmarks: readonly string[];
}
