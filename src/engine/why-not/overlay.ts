import type { EligibilityMask } from '../../domain/ads.ts';
import { scoreBetween } from '../../domain/metric.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { RecallResult } from '../../domain/result.ts';
import { channels, readsTower } from '../channels/index.ts';
import type { EngineCore } from '../core.ts';
import type { EngineDeps } from '../deps.ts';
import { adRows, hasVector } from '../explain/vectors.ts';
import type { AdIndex, ExactScan, Hits } from '../ports/ports.ts';
import { recall } from '../recall.ts';

/** An ad with the vector it would have. */
interface Overlaid {
  readonly ordinal: number;
  readonly scoreOf: (vector: Float32Array) => number;
}

/**
 * The result of a query as if one ad were indexed again under `fresh`, a unit vector: index and scan answer
 * with that row in place of the stored one. Nothing is written, and every cache is shared. The graph around the ad is
 * not rebuilt: the ad is taken as found wherever its score reaches, which is what an index promises of a sound row.
 */
export const recallReindexed = (
  core: EngineCore,
  query: RecallQuery,
  ordinal: number,
  fresh: Float32Array,
): Promise<RecallResult> => {
  const ad: Overlaid = {
    ordinal,
    scoreOf: (vector) => Math.fround(scoreBetween(core.deps.vectors?.space ?? 'ip', vector, fresh)),
  };
  const { index, scan } = core.deps;
  const deps: EngineDeps = {
    ...core.deps,
    index: index === null ? null : overIndex(index, ad),
    scan: scan === null ? null : overScan(scan, ad),
  };
  const patched: EngineCore = {
    ...core,
    deps,
    runChannel: async (query, channel, limit) =>
      readsTower(channel) ? channels[channel].run(patched, query, limit) : core.runChannel(query, channel, limit),
    modelScores: (vector, ordinals) => deps.scan?.scoresOf(vector, ordinals) ?? core.modelScores(vector, ordinals),
  };
  return recall(patched, query);
};

/** The hits without the ad's old row, and with the new one in its place; at most k. */
const placed = (
  hits: Hits,
  { ordinal, scoreOf }: Overlaid,
  vector: Float32Array,
  k: number,
  mask: EligibilityMask | undefined,
): Hits => {
  const rows = Array.from(hits.ordinals, (one, i) => ({ ordinal: one, score: hits.scores[i] ?? 0 })).filter(
    (row) => row.ordinal !== ordinal,
  );
  if (mask === undefined || mask.bits[ordinal] === 1) rows.push({ ordinal, score: scoreOf(vector) });
  const kept = rows.sort((a, b) => b.score - a.score || a.ordinal - b.ordinal).slice(0, k);
  return { ordinals: Int32Array.from(kept, (row) => row.ordinal), scores: Float32Array.from(kept, (row) => row.score) };
};

const overIndex = (index: AdIndex, ad: Overlaid): AdIndex => ({
  ...index,
  search: async (vector, k, ef, mask) => placed(await index.search(vector, k + 1, ef, mask), ad, vector, k, mask),
});

const overScan = (scan: ExactScan, ad: Overlaid): ExactScan => ({
  ...scan,
  topK: async (vector, k, mask) => placed(await scan.topK(vector, k + 1, mask), ad, vector, k, mask),
  scoresOf: (vector, ordinals) =>
    scan.scoresOf(vector, ordinals).map((score, i) => (ordinals[i] === ad.ordinal ? ad.scoreOf(vector) : score)),
});

/** The vector the ad would be indexed under now: the ad tower's, else the row of the vectors file; null where there is neither. */
export const freshVector = async (
  { deps }: EngineCore,
  ordinal: number,
  from: 'ad-tower' | 'vectors-file',
): Promise<Float32Array | null> => {
  const [ad] = deps.catalog.ads([ordinal]);
  const tower = from === 'ad-tower' ? await deps.adEncoder() : null;
  if (tower !== null && ad !== undefined) return tower.encodeAds([ad]);
  return hasVector(deps, ordinal) ? adRows(deps, [ordinal]) : null;
};
