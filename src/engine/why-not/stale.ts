import type { VerdictEvidence } from '../../domain/verdict.ts';
import { cosineOf, scoreBetween } from '../../domain/metric.ts';
import type { Space } from '../../domain/metric.ts';
import type { EngineCore } from '../core.ts';
import type { AdEncoder, ExactRank, Hits } from '../ports/ports.ts';
import { Lru } from '../../base/lru.ts';
import type { Ad } from '../../domain/ads.ts';
import { adRows, hasVector } from '../explain/vectors.ts';

/** 1 − cosine above this is another vector: float32 noise of unit rows stays below 1e-9. */
const driftTolerance = 1e-6;

export interface StaleQuestion {
  readonly ordinal: number;
  readonly vector: Float32Array;
  readonly space: Space;
  readonly exact: ExactRank;
  /** Ranks up to this one would be emitted. */
  readonly limit: number;
  /** Exact best, at least `limit` + 1 of them where there are. */
  readonly top: Hits;
}

type Stale = Extract<VerdictEvidence, { type: 'stale' }>;

/** Where an ad with this score would stand among the others; ranks beyond the list are not distinguished. */
const rankAmong = ({ top, ordinal }: StaleQuestion, score: number): number => {
  let rank = 1;
  for (let i = 0; i < top.ordinals.length; i += 1) {
    const other = top.ordinals[i] ?? 0;
    const s = top.scores[i] ?? 0;
    if (other !== ordinal && (s > score || (s === score && other < ordinal))) rank += 1;
  }
  return rank;
};

const evidence = (
  question: StaleQuestion,
  against: Stale['against'],
  stored: Float32Array,
  fresh: Float32Array,
): Stale | null => {
  const cosine = cosineOf(stored, fresh);
  // Two rows of zeros are the same row, though they have no cosine.
  if (!(1 - cosine > driftTolerance) || stored.every((x, i) => x === fresh[i])) return null;
  const freshScore = scoreBetween(question.space, question.vector, fresh);
  const freshRank = rankAmong(question, freshScore);
  return freshRank > question.limit
    ? null
    : {
        type: 'stale',
        against,
        cosine,
        storedScore: scoreBetween(question.space, question.vector, stored),
        storedRank: question.exact.rank,
        freshScore,
        freshRank,
        limit: question.limit,
      };
};

/** The stored row is not what the ad tower gives now, and with the fresh one the ad would be recalled. */
export const staleAgainstTower = async (core: EngineCore, question: StaleQuestion): Promise<Stale | null> => {
  if (question.exact.rank <= question.limit || !hasVector(core.deps, question.ordinal)) return null;
  const encoder = await core.deps.adEncoder();
  const [ad] = core.deps.catalog.ads([question.ordinal]);
  if (encoder === null || ad === undefined) return null;
  return evidence(question, 'ad-tower', adRows(core.deps, [question.ordinal]), await towerVector(encoder, ad));
};

const towers = new WeakMap<AdEncoder, Lru<Promise<Float32Array>>>();

/** The tower's vector of an ad, kept: it is the same for every user that is asked about the ad. */
const towerVector = (encoder: AdEncoder, ad: Ad): Promise<Float32Array> => {
  const known = towers.get(encoder) ?? new Lru<Promise<Float32Array>>(4096);
  towers.set(encoder, known);
  return known.getOr(String(ad.ordinal), () => encoder.encodeAds([ad]));
};

/** The index holds another row than the vectors file, and the file's would be recalled. */
export const staleInIndex = async (core: EngineCore, question: StaleQuestion): Promise<Stale | null> => {
  const graph = (await core.deps.graph?.()) ?? null;
  if (graph === null || !graph.has(question.ordinal) || !hasVector(core.deps, question.ordinal)) return null;
  return evidence(question, 'vectors-file', graph.vectorOf(question.ordinal), adRows(core.deps, [question.ordinal]));
};
