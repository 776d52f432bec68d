import { percent } from '../../base/percent.ts';
import type { EligibilityMask } from '../../domain/ads.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { AnnReport } from '../../domain/result.ts';
import type { Evidence } from '../../domain/channels.ts';
import type { ChannelRun, Emitted, EngineCore } from '../core.ts';
import type { Hits } from '../ports/ports.ts';
import type { Channel } from './channel.ts';
import { silentRun, unavailableRun } from './collect.ts';

interface Retrieved {
  readonly hits: Hits;
  readonly evidence: Evidence;
  readonly ann: AnnReport;
}

/** Why the exact scan serves this query, or null: the index does. */
const scanReason = ({ deps }: EngineCore, mask: EligibilityMask | null): string | null => {
  if (deps.index === null) return 'this workspace has no index';
  if (deps.scan === null || mask === null) return null;
  const { tightFilter } = deps.settings;
  const share = mask.eligible / Math.max(1, deps.catalog.adCount);
  if (share >= tightFilter) return null;
  return `${percent(share, { significant: 3 })} of the ads are eligible, below ${percent(tightFilter, { significant: 3 })}: a filtered index search would be slower and miss more`;
};

/** The nearest eligible ads of any user vector, at most `limit`, as the query retrieves them; null: there is nothing to ask. */
export const modelHits = async (
  core: EngineCore,
  query: RecallQuery,
  vector: Float32Array,
  most: number,
): Promise<Retrieved | null> => {
  const { index, scan } = core.deps;
  const limit = Math.min(most, core.deps.catalog.adCount);
  const mask = core.mask(query);
  const reason = scanReason(core, mask);
  const effectiveEf = Math.max(query.ef, limit);
  if (reason === null && index !== null) {
    const hits = await index.search(vector, limit, effectiveEf, mask ?? undefined);
    return {
      hits,
      evidence: { type: 'ann', ef: effectiveEf },
      ann: { recallAtK: null, missed: [], effectiveEf, method: index.method, reason: null },
    };
  }
  if (scan === null || reason === null) return null;
  const hits = await scan.topK(vector, limit, mask ?? undefined);
  return {
    hits,
    evidence: { type: 'exact-scan', reason },
    ann: { recallAtK: null, missed: [], effectiveEf, method: 'exact-scan', reason },
  };
};

/** Two-tower retrieval: the nearest eligible ads of u. The hot path: one search, one object per ad, no reads. */
const runModel = async (core: EngineCore, query: RecallQuery, limit: number): Promise<ChannelRun> => {
  const { deps } = core;
  const vector = await core.userVector(query);
  if (vector === null) return unavailableRun('model', 'this workspace has no user model');
  const wanted = Math.min(limit, deps.catalog.adCount);
  if (wanted === 0) return silentRun('model', 'the workspace has no ads');
  const retrieved = await modelHits(core, query, vector, wanted);
  if (retrieved === null) return unavailableRun('model', 'this workspace has neither an index nor vectors');
  const {
    hits: { ordinals, scores },
    evidence,
    ann,
  } = retrieved;
  const mask = core.mask(query);
  const unindexed = core.unindexed(mask);
  const left = (mask?.eligible ?? deps.catalog.adCount) - unindexed - ordinals.length;
  const emitted: Emitted[] = [];
  for (let i = 0; i < ordinals.length; i += 1)
    emitted.push({ ordinal: ordinals[i] ?? 0, score: scores[i] ?? 0, evidence });
  return {
    channel: 'model',
    hits: emitted,
    matched: deps.catalog.adCount,
    dropped: {
      ...mask?.dropped,
      ...(unindexed > 0 ? { 'not-indexed': unindexed } : {}),
      ...(left > 0 ? { quota: left } : {}),
    },
    silent: null,
    unavailable: false,
    notices: [],
    ann,
  };
};

export const model: Channel = { run: runModel, readsTower: true, builtUntil: ({ model: until }) => until };
