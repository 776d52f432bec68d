import { isRecord } from '../base/json.ts';
import { defaultRules, type LegacyRuleConfig } from '../domain/rules.ts';
import { manifestFormat, manifestSchema, type Manifest } from '../workspace/manifest/manifest.ts';
import type { Seen, Suggestion } from './formats/format.ts';

export interface SampleEntry {
  readonly file: string;
  readonly sha256: string;
  readonly users: number;
  readonly ads: number;
  readonly events: number;
}

export interface ImportEntry {
  readonly format: string;
  readonly source: string;
  readonly mapping: unknown;
  readonly counts: unknown;
  readonly [more: string]: unknown;
}

/** The manifest's fields an import suggests. A later import replaces those that were not changed since. */
const suggestedFields = ['name', 'asOf', 'engagementKinds', 'syntheticTimes', 'tzOffsetMinutes', 'groups'] as const;
type Suggested = Pick<Manifest, (typeof suggestedFields)[number]>;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Fields of the old manifest that a person has changed since its import. */
const editedFields = (old: Manifest | null): Partial<Manifest> => {
  const before = old?.import?.suggested;
  if (old === null || !isRecord(before)) return {};
  return Object.fromEntries(
    suggestedFields.filter((field) => !same(old[field], before[field])).map((field) => [field, old[field]]),
  );
};

/** Entries built from another sample are dropped, and those built from what was dropped. */
const stillValid = (old: Manifest | null, sampleSha: string): Partial<Manifest> => {
  if (old === null) return {};
  const model = old.model?.builtFrom.sample === sampleSha ? old.model : null;
  const vectors =
    old.vectors?.builtFrom.sample === sampleSha && (old.vectors.builtFrom.model ?? null) === (model?.sha256 ?? null)
      ? old.vectors
      : null;
  const index = old.index !== null && old.index.builtFrom.vectors === vectors?.sha256 ? old.index : null;
  const i2i = old.i2i?.builtFrom.sample === sampleSha ? old.i2i : null;
  return { model, vectors, index, i2i };
};

/** The manifest after an import: the data's suggestions, a person's edits on top, nothing built from another sample. */
export const nextManifest = (
  old: Manifest | null,
  name: string,
  suggestion: Suggestion,
  sample: SampleEntry,
  entry: ImportEntry,
  rules: { file: string; sha256: string },
): Manifest => {
  const { asOf, engagementKinds, syntheticTimes, tzOffsetMinutes, groups, trainUntil, decisions, facts } = suggestion;
  const suggested: Suggested = {
    name,
    asOf,
    engagementKinds: [...engagementKinds],
    syntheticTimes,
    tzOffsetMinutes,
    groups: groups.map((group) => ({ ...group, kinds: [...group.kinds], ownKinds: [...group.ownKinds] })),
  };
  return manifestSchema.parse({
    ...old,
    format: manifestFormat,
    ...suggested,
    ...editedFields(old),
    ...stillValid(old, sample.sha256),
    sample,
    rules,
    import: { ...entry, ...facts, trainUntil, decisions, suggested },
  });
};

/** The default rules, adapted to the kinds there are: browse = what is looked at, popular = what is engaged with. */
export const rulesFor = (seen: Seen, suggestion: Suggestion): LegacyRuleConfig => {
  const looked = defaultRules.browseKinds.filter((kind) => seen.times.has(kind));
  const fed = suggestion.groups
    .filter((group) => group.source === 'events')
    .flatMap((group) => group.kinds)
    .filter((kind) => seen.times.has(kind));
  return {
    ...defaultRules,
    browseKinds: looked.length > 0 ? looked : [...new Set(fed)],
    popularKinds: [...suggestion.engagementKinds],
    popularWindowMs: suggestion.syntheticTimes ? null : defaultRules.popularWindowMs,
  };
};
