import type { RecallQuery } from '../domain/query.ts';
import type { RecallResult } from '../domain/result.ts';
import type { EngineCore } from './core.ts';

export interface RecallOptions {
  /** Compare this very list with the exact scan. */
  readonly checkAnn?: boolean;
  readonly signal?: AbortSignal;
}

/** The engine over the ports. Every answer is plain JSON data. */
export interface Engine {
  /** The internals that explain, why-not and counterfactual are functions over. */
  readonly core: EngineCore;
  recall(query: RecallQuery, options?: RecallOptions): Promise<RecallResult>;
}
