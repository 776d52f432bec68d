import type { UserId } from '../ids.ts';
import type { DropReason } from '../ads.ts';
import type { ListComparison } from '../compare-lists.ts';
import type { RecallError } from '../../errors.ts';

/** One request as the serving log has it. `list`: ad ids, best first. */
export interface ServedRequest {
  readonly userId: UserId;
  readonly at: number;
  readonly list: readonly string[];
  readonly scores: readonly number[] | null;
  readonly channels: readonly string[] | null;
}

/** A line or row of a log that is no request; `userId`: whose it is, null where that cannot be read. */
export interface ServedFault {
  readonly userId: UserId | null;
  readonly error: RecallError;
}

/** A serving log as read: what is no request is named, and hides none of the others. */
export interface ServedLog {
  readonly requests: readonly ServedRequest[];
  readonly faults: readonly ServedFault[];
}

export const servedCauses = [
  'not-eligible-then',
  'not-eligible-now',
  'another-ef',
  'feature-age',
  'together',
  'either',
  'unknown',
] as const;

/**
 * Why an ad is in one list and not in the other. What was run or which stated fact proves it is in the cause; `unknown`
 * says what was tried.
 */
export type ServedCause =
  /**
   * This filter, judged at the request's time, drops the ad here; without it the run brings it in (or, of an ad
   * served in no list, lets it give way).
   */
  | { readonly type: 'not-eligible-then'; readonly reason: DropReason }
  /** Excluded by what the sample holds now and the request's time does not decide: budget left, blocklist. */
  | { readonly type: 'not-eligible-now'; readonly reason: DropReason }
  /** The run at this ef settles the ad; the run with every cause of the request gives the served list, ad by ad. */
  | {
      readonly type: 'another-ef';
      readonly ef: number;
      /** The least and the largest ef around it that were seen to give that list; those next to them do not. */
      readonly from: number;
      readonly to: number;
    }
  /**
   * Like `another-ef`, for behaviour before `asOf` only, with eligibility as of the request: features were `ageMs` old,
   * or older. `context`: whether hour, weekday and calendar were those of that instant too, or those of the request.
   */
  | {
      readonly type: 'feature-age';
      readonly asOf: number;
      readonly ageMs: number;
      readonly context: 'then' | 'request';
    }
  /** None of them alone settles the ad, and no fewer: all of them do. */
  | { readonly type: 'together'; readonly causes: readonly ServedCause[] }
  /** Each of them alone settles the ad; the lists cannot decide between them. */
  | { readonly type: 'either'; readonly causes: readonly ServedCause[] }
  /**
   * Nothing that was run settles the ad. `newer`: a stated fact beside it, that what answers here was built from data
   * after the request; it bears on every list and proves nothing of one difference.
   */
  | { readonly type: 'unknown'; readonly tried: string; readonly newer?: string };

/** An ad with its rank in either list; null = not there. A cause only where it is in one of them. */
export interface ServedRow {
  readonly adId: string;
  readonly title: string;
  readonly served: number | null;
  readonly recomputed: number | null;
  readonly cause: ServedCause | null;
}

export interface ServedComparison {
  readonly request: ServedRequest;
  readonly rows: readonly ServedRow[];
  readonly overlap: ListComparison['overlap'];
  /** The same ads in the same order. */
  readonly same: boolean;
}

export const sameIds = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id, i) => id === b[i]);
