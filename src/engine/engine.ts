import type { ListComparison } from '../domain/compare-lists.ts';
import type { QueryDefaults } from '../domain/query-defaults.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { RecallResult } from '../domain/result.ts';
import type { EngineCore } from './core.ts';
import type { HydratedRow } from './hydrate.ts';

export interface RecallOptions {
  /** Compare this very list with the exact scan. */
  readonly checkAnn?: boolean;
  readonly signal?: AbortSignal;
}

export interface Comparison extends ListComparison {
  readonly a: RecallResult;
  readonly b: RecallResult;
}

/** The engine over the ports. Every answer is plain JSON data. */
export interface Engine {
  /** The internals that explain, why-not and counterfactual are functions over. */
  readonly core: EngineCore;
  recall(query: RecallQuery, options?: RecallOptions): Promise<RecallResult>;
  /** Both lists and what moved from a to b. */
  compare(a: RecallQuery, b: RecallQuery, options?: RecallOptions): Promise<Comparison>;
  /** Title, category, brand, price and ground truth laid over a result's rows. */
  hydrate(result: Pick<RecallResult, 'query' | 'candidates'>): HydratedRow[];
  /** The plain query of a user at the default as-of. Throws `unknown-user`. */
  defaultQuery(defaults: Omit<QueryDefaults, 'groups'>, userId: string): RecallQuery;
}
