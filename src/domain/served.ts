import type { DropReason } from './ads.ts';
import type { ListComparison } from './compare-lists.ts';

/** One request as the serving log has it. `list`: ad ids, best first. */
export interface ServedRequest {
  readonly userId: string;
  readonly at: number;
  readonly list: readonly string[];
  readonly scores: readonly number[] | null;
  readonly channels: readonly string[] | null;
}

export const servedCauses = ['not-eligible-then', 'not-eligible-now', 'another-ef', 'feature-age', 'artefact-newer', 'unknown'] as const;

/**
 * Why an ad is in one list and not in the other. What was run or which stated fact proves it is in the cause; `unknown`
 * says what was tried.
 */
export type ServedCause =
  /** The ad's dates or targeting exclude it at the request's time; without the filters the run brings it in (or, of an ad served in no list, lets it give way). */
  | { readonly type: 'not-eligible-then'; readonly reason: DropReason }
  /** Excluded by what the sample holds now and the request's time cannot tell: budget left, blocklist. */
  | { readonly type: 'not-eligible-now'; readonly reason: DropReason }
  /** The run at this ef gives the served list, ad by ad. */
  | { readonly type: 'another-ef'; readonly ef: number }
  /** The run with behaviour before `asOf` only gives the served list, ad by ad: features were `ageMs` old, or older. */
  | { readonly type: 'feature-age'; readonly asOf: number; readonly ageMs: number }
  /** A stated fact: what answers here was built from data after the request. */
  | { readonly type: 'artefact-newer'; readonly fact: string }
  | { readonly type: 'unknown'; readonly tried: string };

/** An ad with its rank in either list; null = not there. A cause only where it is in one of them. */
export interface ServedRow { readonly adId: string; readonly title: string; readonly served: number | null; readonly recomputed: number | null; readonly cause: ServedCause | null }

export interface ServedComparison {
  readonly request: ServedRequest;
  readonly rows: readonly ServedRow[];
  readonly overlap: ListComparison['overlap'];
  /** The same ads in the same order. */
  readonly same: boolean;
}

export const sameIds = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((id, i) => id === b[i]);
