import type { FactsOf, MissPart } from '../../domain/miss-parts.ts';
import type { UsersPlan } from '../../engine/blast.ts';
import { standingFor } from '../../engine/compare-all.ts';
import type { Workspace } from '../../workspace/workspace.ts';

const day = 86_400_000;
const bounds = [7, 30, 90] as const;

/** `under 7 d`, `7 to 30 d`, `90 d or more`. */
const ageClass = (ms: number): string => {
  if (ms < 0) return 'not started';
  const at = bounds.findIndex((days) => ms < days * day);
  if (at < 0) return `${bounds[2]} d or more`;
  return at === 0 ? `under ${bounds[0]} d` : `${bounds[at - 1] ?? 0} to ${bounds[at] ?? 0} d`;
};

const parts = ['no behaviour', 'tail', 'middle', 'head'] as const;

/** By ordinal, the class of an ad's age by its first behaviour before this instant. */
const agesByBehaviour = ({ store, settings }: Workspace, before: number, kinds: readonly string[]): string[] => {
  const counts = (until: number): Uint32Array =>
    store.adCounts({ from: Number.MIN_SAFE_INTEGER, before: until, kinds });
  const ages = new Array<string>(counts(before).length).fill('no behaviour');
  if (settings.syntheticTimes) return [];
  for (const days of [0, ...bounds]) {
    const label = days === bounds[2] ? `${days} d or more` : ageClass(days * day);
    counts(before - days * day).forEach((n, ordinal) => {
      if (n > 0) ages[ordinal] = label;
    });
  }
  return ages;
};

/**
 * What a pair counts for besides its reason: the user's segments, the ad's category, its age at as-of (since its start;
 * where it has none, since its first behaviour, which is known where all users are asked at one instant), and whether it
 * belongs to the head or the tail by behaviours before as-of.
 */
export const factsFor = (workspace: Workspace, { query, asOf, defaultAsOf }: UsersPlan): FactsOf => {
  const { catalog, settings } = workspace;
  const standing = standingFor(workspace, { before: query, asOf, defaultAsOf });
  const kinds = [...new Set([...query.rules.popularKinds, ...settings.engagementKinds])];
  const instant = asOf ?? defaultAsOf;
  const ages = instant === null ? [] : agesByBehaviour(workspace, instant, kinds);
  const ageOf = (ordinal: number, at: number): ReadonlyArray<readonly [MissPart['by'], string, string]> => {
    const start = catalog.columns.startAt[ordinal] ?? -Infinity;
    if (Number.isFinite(start)) return [['age', 'since its start', ageClass(at - start)]];
    const age = ages[ordinal];
    return age === undefined ? [] : [['age', 'since its first behaviour', age]];
  };
  return (row, { adId }) => {
    const segments = row.segments.map(([field, value]) => ['segment', field, value] as const);
    const ordinal = catalog.ordinalOf(adId);
    if (ordinal === null) return segments;
    return [
      ...segments,
      ['category', 'category', catalog.categoryOf(ordinal)],
      ...ageOf(ordinal, row.asOf),
      ['popularity', 'popularity', parts[standing.part[ordinal] ?? 0] ?? parts[0]],
    ];
  };
};
