import type { RecallQuery } from '../domain/query.ts';
import { cancelledError, RecallError } from '../errors.ts';
import { hasRow } from './explain/vectors.ts';
import { yieldToEventLoop } from './interrupt.ts';
import { isLive } from './live-scan.ts';
import { checkedQuery } from './retrieve.ts';
import type { Engine } from './engine.ts';

/** Ads whose score lies in [from, until); the last bin holds its upper end too. */
export interface ScoreBin {
  readonly from: number;
  readonly until: number;
  readonly ads: number;
  readonly inList: number;
}

/** How the model scores of all eligible ads of one user lie, and where the list ends. */
export interface ScoreDistribution {
  readonly eligible: number;
  readonly lowest: number;
  readonly highest: number;
  /** Exact k-th score: what an ad has to beat; null when fewer than k ads are eligible. */
  readonly cutoff: number | null;
  /** Best bin first. */
  readonly bins: readonly ScoreBin[];
}

export interface EfPoint {
  /** Breadth asked for; a search uses max(ef, k). */
  readonly ef: number;
  /** Share of the exact k best that the index returns: ids, ties counted by score. */
  readonly recall: number;
  /** Median of five searches, ms. */
  readonly ms: number;
}

export interface EfCurve {
  readonly k: number;
  readonly ef: number;
  readonly points: readonly EfPoint[];
}

const vectorFor = async ({ core }: Engine, query: RecallQuery): Promise<Float32Array> => {
  const vector = await core.userVector(query);
  if (vector === null)
    throw new RecallError('unsupported', 'this workspace has no user model: there are no scores', {
      todo: "recall --mode legacy shows the rules' list",
    });
  return vector;
};

const scanOf = ({
  core: {
    deps: { scan },
  },
}: Engine): NonNullable<Engine['core']['deps']['scan']> =>
  scan ??
  ((): never => {
    throw new RecallError('unsupported', 'this workspace has no ad vectors: nothing can be scanned exactly', {
      todo: 'recall-tui index DIR',
    });
  })();

/** Eligible ads that the model channel can return. */
const eligibleOrdinals = ({ core }: Engine, query: RecallQuery): Int32Array => {
  const mask = core.mask(query);
  const { deps } = core;
  const all = Int32Array.from({ length: deps.catalog.adCount }, (_, i) => i);
  return all.filter(
    (ordinal) => (mask === null || mask.bits[ordinal] === 1) && hasRow(deps, ordinal) && isLive(deps.index, ordinal),
  );
};

/**
 * Equal-width bins over the scores of every eligible ad; `inList` counts the exact k best. Throws `unsupported`
 * without model or vectors.
 */
export const scoreDistribution = async (
  engine: Engine,
  query: RecallQuery,
  bins: number,
): Promise<ScoreDistribution> => {
  const vector = await vectorFor(engine, query);
  const ordinals = eligibleOrdinals(engine, query);
  const scores = scanOf(engine).scoresOf(vector, ordinals);
  const sorted = Float32Array.from(scores).sort().reverse();
  const [highest, lowest] = [sorted[0] ?? 0, sorted.at(-1) ?? 0];
  const cutoff = sorted[query.k - 1] ?? null;
  // Scores that are all one number have one bin, and no score has none.
  const binCount = ordinals.length === 0 ? 0 : highest === lowest ? 1 : bins;
  const width = (highest - lowest) / Math.max(1, binCount);
  const counts = new Uint32Array(binCount);
  const binOf = (score: number): number =>
    width === 0 ? 0 : Math.min(binCount - 1, Math.floor((highest - score) / width));
  for (const score of scores) counts[binOf(score)]! += 1;
  const inList = new Uint32Array(binCount);
  for (const score of sorted.subarray(0, query.k)) inList[binOf(score)]! += 1;
  return {
    eligible: ordinals.length,
    lowest,
    highest,
    cutoff,
    bins: Array.from(counts, (ads, i) => ({
      from: highest - (i + 1) * width,
      until: highest - i * width,
      ads,
      inList: inList[i] ?? 0,
    })),
  };
};

/** Breadths from k on, half as much again each time, and the query's own. */
const ladder = (k: number, own: number, most: number): number[] => {
  const steps: number[] = [];
  for (let ef = k; ef <= most; ef = Math.ceil(ef * 1.5)) steps.push(ef);
  return [...new Set([...steps, Math.max(k, own)])].sort((a, b) => a - b);
};

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

const searches = 5;
const mostEf = 4_000;

/**
 * recall@k of the native index against the exact scan at growing ef, under the query's own filter. It ends
 * where everything is found, but never before the query's own ef. Throws `unsupported` without model, index or vectors.
 */
export const efCurve = async (engine: Engine, asked: RecallQuery, signal?: AbortSignal): Promise<EfCurve> => {
  const query = checkedQuery(engine.core, asked);
  const {
    core: {
      deps: { index, clock, catalog },
      mask: maskOf,
    },
  } = engine;
  if (index === null)
    throw new RecallError('unsupported', 'this workspace has no index', { todo: 'recall-tui index DIR' });
  const vector = await vectorFor(engine, query);
  const mask = maskOf(query);
  const k = Math.min(query.k, mask?.eligible ?? catalog.adCount);
  if (k === 0)
    throw new RecallError('unsupported', 'no ad is eligible for this query', {
      todo: '--no-eligibility looks at all of them',
    });
  const scan = scanOf(engine);
  const exact = await scan.topK(vector, k, mask ?? undefined);
  const places = exact.ordinals.length;
  if (places === 0)
    throw new RecallError('unsupported', 'the index holds no ad that is eligible for this query', {
      todo: 'census counts what it holds; --no-eligibility looks at all of that',
    });
  // Scores of the scan on both sides: those of the index are its float32 distances, which may confuse near ones.
  const least = exact.scores.at(-1) ?? 0;
  const points: EfPoint[] = [];
  for (const ef of ladder(k, query.ef, mostEf)) {
    if (signal?.aborted === true) throw cancelledError();
    const took: number[] = [];
    let found = 0;
    for (let i = 0; i < searches; i += 1) {
      const from = clock.tick();
      const { ordinals } = await index.search(vector, k, ef, mask ?? undefined);
      took.push(clock.tick() - from);
      found = scan.scoresOf(vector, ordinals).filter((score) => score >= least).length;
    }
    points.push({ ef, recall: Math.min(1, found / places), ms: median(took) });
    if (found >= places && ef >= query.ef) break;
    await yieldToEventLoop();
  }
  return { k, ef: Math.max(k, query.ef), points };
};
