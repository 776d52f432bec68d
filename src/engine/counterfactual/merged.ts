import type { RecallQuery } from '../../domain/query.ts';
import type { EngineCore } from '../core.ts';
import { adInTop } from './claim.ts';
import type { Claim } from './claim.ts';
import type { UserLists } from './user-lists.ts';

/** "The ad is in the merged list." Certain only where the model's quota holds it, or its whole list cannot. */
export const adInMerged = (core: EngineCore, query: RecallQuery, list: UserLists, ordinal: number): Claim => {
  const emitted = adInTop(core, query, ordinal, list.depth);
  const safe = list.safe > 0 ? adInTop(core, query, ordinal, list.safe) : null;
  return {
    holdsAt: async (vector) => (await list.exact(vector)).includes(ordinal),
    certain: async (vector, spread) => {
      if (safe !== null && (await safe.certain(vector, spread)) === 'in') return 'in';
      return !list.elsewhere.has(ordinal) && (await emitted.certain(vector, spread)) === 'out' ? 'out' : 'mixed';
    },
  };
};
