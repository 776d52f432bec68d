import type { PersonalKind } from '../domain/ids.ts';
import type { Mode } from '../domain/query.ts';

/** The type of one argument; the parser, help, completion and docs all read it. */
export type ArgType =
  | 'string'
  | 'int'
  | 'number'
  | 'flag'
  | 'time'
  | 'user'
  | 'ad'
  | 'event'
  | 'group'
  | 'channel'
  | 'mode'
  | 'preset'
  | 'path'
  | 'weight'
  | 'pair'
  | 'choice';

export interface ArgSpec {
  /** `user` for a positional, `ef` for `--ef`. */
  readonly name: string;
  readonly type: ArgType;
  readonly doc: string;
  /** Position on the command line, from 0; absent = an option. */
  readonly position?: number;
  readonly required?: boolean;
  /** May be given several times (`--weight a=1 --weight b=2`); the value is an array. */
  readonly repeat?: boolean;
  readonly short?: string;
  readonly unit?: string;
  readonly default?: string | number | boolean;
  readonly choices?: readonly string[];
  /**
   * A text that a masked report hides: the id of a user or event, or what a user wrote. `words`: free text of the
   * person who asks, in which such a text is hidden where it stands. Types `user` and `event` are personal by themselves.
   */
  readonly personal?: PersonalKind | 'words';
}

/** One thing a key of the screen does, for the tables that list keys. */
export interface KeyRow {
  readonly keys: readonly string[];
  readonly title: string;
  /** Where the key means this: `main`, `finder`, `weights`, … */
  readonly where: readonly string[];
}

export interface CommandRow {
  readonly id: string;
  readonly title: string;
  readonly doc: string;
  readonly family: string;
  readonly usage: string;
  readonly keys: readonly string[];
  readonly takesQuery: boolean;
  readonly args: readonly ArgSpec[];
  readonly examples: readonly string[];
}

export interface CommandsData {
  readonly commands: readonly CommandRow[];
  readonly keys: readonly KeyRow[];
  readonly globals: readonly ArgSpec[];
  /** The text of docs/commands.md, with --markdown. */
  readonly markdown?: string;
}

/** A person's own defaults, below every flag; each is optional. */
export interface Config {
  /** Length of the list; breadth of the search; which recall runs. */
  readonly k?: number;
  readonly ef?: number;
  readonly mode?: Mode;
  /** A preset laid over every new query, then these weights. */
  readonly preset?: string;
  readonly weights?: Readonly<Record<string, number>>;
  /** Plain ASCII; colour or none. The environment (RECALL_TUI_ASCII, NO_COLOR, FORCE_COLOR) wins. */
  readonly ascii?: boolean;
  readonly colour?: 'auto' | 'always' | 'never';
  /** The user the screen opens with. */
  readonly startUser?: string;
}

export interface ConfigData {
  readonly action: string;
  /** null: the environment names no folder. */
  readonly path: string | null;
  /** Absent where the file was not looked at. */
  readonly found?: boolean;
  readonly config?: Config;
  readonly keys?: readonly string[];
  readonly warnings?: readonly string[];
}

export interface CompletionData {
  readonly shell: string;
  readonly script: string;
}
