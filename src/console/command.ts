import type { Result, ResultOf, Schema } from '../answers/answers.ts';
import type { ArgSpec, Config, KeyRow } from '../answers/help.ts';
import type { DrawReport } from '../answers/report.ts';
import type { Abilities } from '../domain/abilities.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { Factories } from '../workspace/factories.ts';
import type { SessionControl } from './session-control.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Parsed values by argument name: string, number, boolean, or an array of strings for `repeat`. */
export type ArgValues = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>;

export interface Progress {
  readonly stage: string;
  readonly done: number;
  /** null = unknown */
  readonly total: number | null;
  readonly note?: string;
}

export interface CommandContext {
  /** The open workspace; commands with `needs: 'nothing'` never touch it. */
  readonly workspace: () => Promise<Workspace>;
  /** Factories for native work, handed on to ingest, training and the workspace builders. Filled by index.ts. */
  readonly tools: Factories;
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
  /** The current query of the TUI or REPL; headless commands start from the workspace's defaults. */
  readonly baseQuery: RecallQuery | null;
  /** The person's own defaults, under every flag; absent: those of the workspace alone. */
  readonly config?: Config;
  readonly stdin: () => Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Every key of the screen; absent where the front end has no screen. */
  readonly keys?: () => Promise<readonly KeyRow[]>;
  /** The recording that `record`, `note` and `expect` act on; absent where commands run singly. */
  readonly session?: SessionControl;
  /** Hands out the answer of one line of a script at once; absent: `exec` collects them. */
  readonly emit?: (result: Result) => Promise<void>;
  /** Hands out a line of JSON at once, for answers too long to hold; absent where nobody reads lines. */
  readonly line?: (json: unknown) => Promise<void>;
  /** Draws a report; absent where no views are at hand. */
  readonly draw?: DrawReport;
  /** Prints a text and reads a line of the person at the terminal, null at the end; absent without one. */
  readonly ask?: (text: string) => Promise<string | null>;
}

/** The facts that decide whether a command makes sense now; `when` answers true or the reason why not. */
export interface CommandFacts {
  readonly hasModel: boolean;
  /** Abilities of the model; null without one. */
  readonly abilities: Abilities | null;
  readonly hasIndex: boolean;
  readonly hasI2i: boolean;
  readonly userId: string | null;
  readonly adId: string | null;
}

/** A command and the schemas of its answers. */
export interface Command<S extends Schema = Schema> {
  readonly id: string;
  readonly title: string;
  /** One sentence, then details; Markdown-free plain text. */
  readonly doc: string;
  readonly family: string;
  readonly args: readonly ArgSpec[];
  /** Takes the query options (-k --at --weight …). */
  readonly takesQuery?: boolean;
  readonly needs: 'workspace' | 'nothing';
  /** Keys in the TUI, first = the one the footer shows: `e`, `ctrl-p`, `enter`. */
  readonly keys?: readonly string[];
  readonly when?: (facts: CommandFacts) => true | string;
  readonly examples?: readonly string[];
  run(context: CommandContext, args: ArgValues): Promise<ResultOf<S>>;
}
