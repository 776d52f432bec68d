import type { Space } from '../../domain/metric.ts';
import type { Guess } from '../../domain/sample/guess.ts';
import type { Overrides } from '../../domain/sample/guess-overrides.ts';
import type { ServedTable } from '../../domain/sample/guess-served.ts';
import type { OpenedSample } from '../../engine/ports/artefacts.ts';
import type { Factories } from '../../workspace/factories.ts';
import type { FoundFile } from './survey.ts';

export type FileOf<Kind extends FoundFile['is']> = Extract<FoundFile, { is: Kind }>;

/** A folder, what its files are by content, the sample in it, and the person's options about both. */
export interface Folder {
  readonly dir: string;
  readonly found: readonly FoundFile[];
  readonly sample: OpenedSample;
  readonly overrides: Overrides;
  readonly space: Space | null;
  readonly builtUntil: number | null;
  readonly tools: Factories;
  /** The SQLite file, and its tables that seem to hold what was served. */
  readonly database: string;
  readonly tables: readonly ServedTable[];
}

/** A file of vectors, the ids of its rows, and the evidence of whose they are. */
export interface Pair {
  readonly matrix: FileOf<'matrix'>;
  readonly ids: FileOf<'ids'>;
  readonly evidence: string;
}

/** The decisions so far, and the role of each file. */
export interface Noted {
  readonly guesses: Guess[];
  readonly taken: Map<string, string>;
}
