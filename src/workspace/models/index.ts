import { z } from 'zod';
import type { Abilities } from '../../domain/abilities.ts';
import type { GroupSpec } from '../../domain/groups.ts';
import type { LoadedModel } from '../../engine/ports/artefacts.ts';
import type { Guess } from '../../domain/sample/guess.ts';
import { RecallError } from '../../errors.ts';
import type { ModelInit, ModelKind, UserMatrix } from './kind.ts';
import { tfjsGraph, tfjsLayers } from './tfjs.ts';
import { twoTower } from './two-tower.ts';
import { vectors } from './vectors.ts';

/** Every kind of user model, by the manifest's `model.kind`. */
const kinds = { 'two-tower': twoTower, vectors, 'tfjs-graph': tfjsGraph, 'tfjs-layers': tfjsLayers };

/** The manifest's `model`: one of the kinds. */
export const modelSchema = z.discriminatedUnion('kind', [
  kinds['two-tower'].schema,
  kinds.vectors.schema,
  kinds['tfjs-graph'].schema,
  kinds['tfjs-layers'].schema,
]);

export type ModelEntry = z.infer<typeof modelSchema>;
export type ModelKindName = keyof typeof kinds;

type Entries = { readonly [K in ModelKindName]: Extract<ModelEntry, { kind: K }> };
/** The adapters' part of every kind: what opens its files. index.ts wires them up. */
export type ModelOpeners = { readonly [K in ModelKindName]: Parameters<(typeof kinds)[K]['load']>[1] };

type Kind<K extends ModelKindName> = Omit<ModelKind<z.ZodType<Entries[K]>, ModelOpeners[K]>, 'schema'>;
const byName: { readonly [K in ModelKindName]: Kind<K> } = kinds;

/** The kind of a manifest's model. */
export const modelKindOf = <K extends ModelKindName>({ kind }: { readonly kind: K }): Kind<K> => byName[kind];

/** The first kind that knows something, in the order of the table. */
const firstOf = <T>(
  know: (init: { readonly [F in 'recognise' | 'propose']?: ModelInit<never>[F] }) => T | null | undefined,
): T | null => {
  for (const { init } of Object.values(byName)) {
    const known = know(init) ?? null;
    if (known !== null) return known;
  }
  return null;
};

/** The kind of a model.json, and why `init` does not take it; null: no kind recognises it. */
export const recogniseModel = (json: unknown): { readonly what: string; readonly leftOut: string } | null =>
  firstOf(({ recognise }) => recognise?.(json));

/** The manifest's model over vectors of the users, by the first kind that is made of such; null: none is. */
export const proposeModel = (
  users: UserMatrix,
): { readonly entry: unknown; readonly guesses: readonly Guess[] } | null => firstOf(({ propose }) => propose?.(users));

/** A question that the model cannot answer without a missing fact, and how to supply it; null: no fact is missing. */
export const lackingIn = <K extends ModelKindName>(entry: Entries[K] & { readonly kind: K }): string | null =>
  byName[entry.kind].init.lacks?.(entry) ?? null;

/** Abilities of the model, known without loading it. */
export const abilitiesOf = (entry: ModelEntry, groups: readonly GroupSpec[]): Abilities =>
  modelKindOf(entry).abilities(entry, groups);

/** Opens the model as it is, whatever dimension the manifest says. */
export const openModelOf = <K extends ModelKindName>(
  dir: string,
  entry: Entries[K] & { readonly kind: K },
  groups: readonly GroupSpec[],
  { models }: { readonly models: ModelOpeners },
): Promise<LoadedModel> => byName[entry.kind].load({ dir, entry, groups }, models[entry.kind]);

/**
 * The workspace's user model, of whatever kind; null without one. Throws `missing-artefact`, `bad-model`,
 * `bad-vectors`, `bad-input`, `bad-manifest` (an input that reads a group the manifest does not declare),
 * `unsupported`.
 */
export const loadModelOf = async (
  dir: string,
  { model, groups }: { readonly model: ModelEntry | null; readonly groups: readonly GroupSpec[] },
  tools: { readonly models: ModelOpeners },
): Promise<LoadedModel | null> => {
  if (model === null) return null;
  const loaded = await openModelOf(dir, model, groups, tools);
  if (loaded.encoder.dim === model.dim) return loaded;
  throw new RecallError('bad-model', "the dimension of the model differs from the manifest's", {
    expected: String(model.dim),
    found: String(loaded.encoder.dim),
    todo: 'run `recall-tui train DIR`, then `recall-tui index DIR`',
  });
};
