import type { GroupSpec } from './groups.ts';
import type { MergeConfig, Mode, RecallQuery } from './query.ts';
import type { LegacyRuleConfig } from './rules.ts';

/** The workspace's defaults of a query (manifest, `rules.json`). */
export interface QueryDefaults {
  readonly k: number;
  readonly ef: number;
  readonly mode: Mode;
  readonly context: Readonly<Record<string, string>>;
  readonly merge: MergeConfig;
  readonly rules: LegacyRuleConfig;
  /** Default as-of, ms; null = the user's last event + 1 ms. */
  readonly asOf: number | null;
  readonly groups: readonly Pick<GroupSpec, 'name'>[];
}

/** As-of without a word from the caller: the workspace's, else just after the user's last event, else `fallback`. */
export const defaultAsOf = (asOf: number | null, lastEventAt: number | null, fallback: () => number): number =>
  asOf ?? (lastEventAt === null ? fallback() : lastEventAt + 1);

/** The plain query of a user: every weight 1, nothing knocked out, nothing disabled, eligibility on. */
export const plainQuery = (defaults: QueryDefaults, userId: string, asOf: number): RecallQuery => ({
  userId,
  asOf,
  k: defaults.k,
  ef: defaults.ef,
  mode: defaults.mode,
  weights: Object.fromEntries(defaults.groups.map((group) => [group.name, 1])),
  context: defaults.context,
  excludedEvents: [],
  extraEvents: [],
  disabled: [],
  rules: defaults.rules,
  merge: { order: defaults.merge.order, quota: defaults.merge.quota },
  eligibility: true,
});
