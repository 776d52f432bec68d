import type { RecallQuery } from '../../domain/query.ts';
import type { Engine } from '../engine.ts';
import { whyNot } from '../why-not/why-not.ts';
import type { Missed } from './types.ts';

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
