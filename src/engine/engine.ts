import type { RecallQuery } from '../domain/query.ts';
import type { RecallResult } from '../domain/result.ts';

export interface RecallOptions {
  /** Compare this very list with the exact scan. */
  readonly checkAnn?: boolean;
  readonly signal?: AbortSignal;
}

/** The engine over the ports. Every answer is plain JSON data. */
export interface Engine {
  recall(query: RecallQuery, options?: RecallOptions): Promise<RecallResult>;
}
