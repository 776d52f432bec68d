import type { z } from 'zod';
import type { Abilities } from '../../domain/abilities.ts';
import type { GroupSpec } from '../../domain/groups.ts';
import type { Space } from '../../domain/metric.ts';
import type { Guess } from '../../domain/sample/guess.ts';
import type { LoadedModel, OpenedSample } from '../../engine/ports/artefacts.ts';
import type { ArtefactFile } from '../artefact-file.ts';
import type { Check } from '../doctor/check.ts';

/** Where a model stands: the workspace's folder, the manifest's `model`, and the groups that the manifest declares. */
export interface ModelPlace<Entry> {
  readonly dir: string;
  readonly entry: Entry;
  readonly groups: readonly GroupSpec[];
}

/** The checks of doctor once the model is loaded. */
export interface ModelExamination<Entry> {
  readonly entry: Entry;
  readonly loaded: LoadedModel;
  readonly sample: OpenedSample;
  /** The metric in which ads are compared with what the model gives. */
  readonly space: Space;
}

/** A matrix in a team's folder whose rows are users of the sample. */
export interface UserMatrix {
  readonly file: string;
  readonly sha256: string;
  readonly dim: number;
  readonly ids: { readonly file: string; readonly sha256: string };
  readonly space: Space;
  /** Until when the vectors were built, ms; null = unknown. */
  readonly builtUntil: number | null;
}

/** The part of `init` for files of this kind; absent for a kind that `init` cannot recognise by its files. */
export interface ModelInit<Entry> {
  /** Knows the content of a model.json; null: it is not of this kind. */
  readonly recognise?: (json: unknown) => { readonly what: string; readonly leftOut: string } | null;
  /** The manifest's entry over vectors of the users, and what each decision rests on. */
  readonly propose?: (users: UserMatrix) => { readonly entry: unknown; readonly guesses: readonly Guess[] };
  /** A question that the model cannot answer without a missing fact, and how to supply it; null: no fact is missing. */
  readonly lacks?: (entry: Entry) => string | null;
}

/**
 * One kind of user model: all that the workspace, doctor, `init` and `index` know of it. `Open` is the adapter's part:
 * what turns its files into encoders, wired up in index.ts. `docs/contributing.md` says how to add one.
 */
export interface ModelKind<Schema extends z.ZodType, Open> {
  /** The manifest's entry; `kind` distinguishes it from the others. */
  readonly schema: Schema;
  /** Name in messages: "the user vectors". */
  readonly title: string;
  /** The file or folder that is hashed as the model. */
  readonly path: (entry: z.infer<Schema>) => string;
  readonly folder: boolean;
  /** Further files it is read from. */
  readonly companions?: (entry: z.infer<Schema>) => readonly ArtefactFile[];
  /** It encodes ads too: `recall-tui index` makes the ad vectors with it. */
  readonly hasAdTower: boolean;
  /** It reads users' behaviour by group: a manifest without groups cannot feed it. */
  readonly readsGroups: boolean;
  /** Abilities, known without loading it. */
  readonly abilities: (entry: z.infer<Schema>, groups: readonly GroupSpec[]) => Abilities;
  /** Throws `missing-artefact`, `bad-model`, `bad-vectors`, `bad-input`, `bad-manifest`, `unsupported`. */
  readonly load: (place: ModelPlace<z.infer<Schema>>, open: Open) => Promise<LoadedModel>;
  /**
   * The further proof of a successful load, in words that end doctor's sentence "a backend that loads the model of
   * dimension n".
   */
  readonly proves?: string;
  readonly examine: (of: ModelExamination<z.infer<Schema>>) => Promise<readonly Check[]>;
  readonly init: ModelInit<z.infer<Schema>>;
}

/** Declares a kind; the types of its entry and of its adapter's part follow from the schema and from `load`. */
export const modelKind = <Schema extends z.ZodType, Open>(kind: ModelKind<Schema, Open>): ModelKind<Schema, Open> =>
  kind;
