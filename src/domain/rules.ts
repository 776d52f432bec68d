import { z } from 'zod';
import { defaultRuleQuota, ruleNames } from './channels.ts';
import type { RuleName } from './channels.ts';

/** The operator's configuration of the rule-based recall (`rules.json`). */
export interface LegacyRuleConfig {
  /** Preset priority: earlier rules fill the list first. */
  readonly order: readonly RuleName[];
  /** A rule without a quota has quota 0 and takes no part. */
  readonly quota: Readonly<Partial<Record<RuleName, number>>>;
  /** keyword: how many of the latest queries are matched. */
  readonly keywordQueries: number;
  /** recent-category: the kinds of event that count as a browse. */
  readonly browseKinds: readonly string[];
  /** frequent-category: how many of the most frequent categories are read. */
  readonly frequentCategories: number;
  /** popular, and the order within a category: events of these kinds within the window before as-of are counted. */
  readonly popularKinds: readonly string[];
  readonly popularWindowMs: number | null;
  /** priority: the operator's preset list of ad ids, best first. */
  readonly priorityList: readonly string[];
}

const day = 86_400_000;

export const defaultRules: LegacyRuleConfig = {
  order: ruleNames,
  quota: defaultRuleQuota,
  keywordQueries: 5,
  browseKinds: ['view', 'click'],
  frequentCategories: 3,
  popularKinds: ['view', 'click', 'purchase'],
  popularWindowMs: 30 * day,
  priorityList: [],
};

const count = z.number().int().min(0);

/** How many ads a channel may emit. */
export const quotaCount = count;

const rule = z.enum(ruleNames);

/** The fields of the rules, checked wherever they come from: a query, `rules.json`, a preset. */
export const ruleFields = {
  order: z.array(rule),
  quota: z.partialRecord(rule, quotaCount),
  keywordQueries: count,
  browseKinds: z.array(z.string()),
  frequentCategories: count,
  popularKinds: z.array(z.string()),
  popularWindowMs: z.number().positive().nullable(),
  priorityList: z.array(z.string()),
} satisfies Record<keyof LegacyRuleConfig, z.ZodType>;
