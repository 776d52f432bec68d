import type { Mode } from '../domain/query.ts';

/** A person's own defaults, under every flag; each may be left out. */
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
