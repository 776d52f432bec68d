import type { RecallQuery } from '../../domain/query.ts';
import type { VerdictName } from '../../domain/verdict.ts';
import type { Engine } from '../engine.ts';
import { whyNot } from '../why-not/why-not.ts';

/** Good enough by exact retrieval and not in the list: what the index made of it. */
export interface Missed {
  readonly verdict: VerdictName;
  /** Rank by exact retrieval; null where there is none to tell. */
  readonly rank: number | null;
  /** The smallest ef that was seen to find it; null: none is known. */
  readonly ef: { readonly from: number; readonly to: number } | null;
}

/** Asked only where the exact list holds the ad and the list does not. */
export const missedBy = async (engine: Engine, query: RecallQuery, adId: string): Promise<Missed> => {
  const { verdict, channels } = await whyNot(engine, query, adId, { repair: false });
  const evidence = channels.find(({ channel }) => channel === 'model')?.evidence;
  const rank = evidence !== undefined && 'rank' in evidence ? evidence.rank : null;
  return {
    verdict,
    rank,
    ef: evidence?.type === 'ef' ? { from: query.ef, to: evidence.foundAt } : null,
  };
};
