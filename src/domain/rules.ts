import type { RuleName } from './query.ts';

/** The operator's configuration of the rule-based recall (`rules.json`). */
export interface LegacyRuleConfig {
  /** Preset priority: earlier rules fill the list first. */
  readonly order: readonly RuleName[];
  readonly quota: Readonly<Record<RuleName, number>>;
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
  order: ['keyword', 'recent-category', 'frequent-category', 'priority', 'popular'],
  quota: { keyword: 40, 'recent-category': 30, 'frequent-category': 20, priority: 10, popular: 20 },
  keywordQueries: 5,
  browseKinds: ['view', 'click'],
  frequentCategories: 3,
  popularKinds: ['view', 'click', 'purchase'],
  popularWindowMs: 30 * day,
  priorityList: [],
};
