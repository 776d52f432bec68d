import type { MissMoves } from '../domain/miss-moves.ts';
import type { MissPart } from '../domain/miss-parts.ts';
import type { MissRow, MissSummary } from '../domain/misses.ts';
import type { RecallQuery } from '../domain/query.ts';

/** One side: the query and the workspace that answered it. */
export interface MissSide extends MissSummary {
  readonly name: string;
  readonly dir: string;
  readonly query: RecallQuery;
  /** One instant for all; null = each user's own. */
  readonly asOf: number | null;
  /** Users whose query could not be answered. */
  readonly failed: number;
}

/** The fields are those of the side asked; with two sides, of b. */
export interface MissesData extends MissSide {
  readonly parts: readonly MissPart[];
  /** What b is compared with; null: one side. Both were asked for the same pairs: ads engaged after the later as-of. */
  readonly a: MissSide | null;
  /** From a reason on side a to another on side b. */
  readonly moves: MissMoves | null;
  /** null = all later engagements. */
  readonly horizonMs: number | null;
  readonly sample: {
    readonly of: number;
    readonly sampled: number;
    /** Drawn, and without an engaged ad after as-of. */
    readonly without: number;
    /** Drawn, and not in the second workspace. */
    readonly missing: number;
    readonly seed: number;
  };
  readonly workers: number;
  readonly approximations: readonly string[];
  /** On request: every pair. */
  readonly rows?: readonly MissRow[];
}
