import { expect } from 'vitest';
import type { RecallQuery } from '../../src/domain/query.ts';
import type { ChannelVerdict, Verdict, VerdictEvidence } from '../../src/domain/verdict.ts';
import type { Engine } from '../../src/engine/engine.ts';

/** Exact order by the definition: score, then id. */
export const exactOrder = async (
  engine: Engine,
  query: RecallQuery,
): Promise<Array<{ ordinal: number; score: number }>> => {
  const { deps } = engine.core;
  const vector = await engine.core.userVector(query);
  const graph = (await deps.graph?.()) ?? null;
  // An ad without an element of the index can be in no list of it, and takes no rank.
  const ordinals = Array.from({ length: deps.catalog.adCount }, (_, i) => i).filter(
    (ordinal) => engine.core.dropReason(query, ordinal) === null && (graph === null || graph.has(ordinal)),
  );
  const scores = vector === null ? [] : [...(deps.scan?.scoresOf(vector, ordinals) ?? [])];
  return ordinals
    .map((ordinal, i) => ({ ordinal, score: scores[i] ?? Number.NaN }))
    .sort((a, b) => b.score - a.score || a.ordinal - b.ordinal);
};

const nativeHas = async (
  engine: Engine,
  query: RecallQuery,
  ordinal: number,
  limit: number,
  ef: number,
): Promise<boolean> => {
  const vector = await engine.core.userVector(query);
  if (vector === null || engine.core.deps.index === null) return false;
  const hits = await engine.core.deps.index.search(vector, limit, ef, engine.core.mask(query) ?? undefined);
  return hits.ordinals.includes(ordinal);
};

/** The ad tower gives another vector than the stored one, and under it the ad stands within the list. */
const checkStale = async (
  engine: Engine,
  query: RecallQuery,
  ordinal: number,
  evidence: Extract<VerdictEvidence, { type: 'stale' }>,
): Promise<void> => {
  const { deps } = engine.core;
  const fresh =
    evidence.against === 'ad-tower'
      ? await (await deps.adEncoder())?.encodeAds(deps.catalog.ads([ordinal]))
      : undefined;
  const vector = await engine.core.userVector(query);
  if (fresh === undefined || vector === null) return;
  const score = vector.reduce((sum, x, d) => sum + x * (fresh[d] ?? 0), 0);
  expect(evidence.freshScore).toBeCloseTo(score, 6);
  expect(evidence.cosine).toBeLessThan(1 - 1e-6);
  const above = (await exactOrder(engine, query)).filter(
    (one) => one.ordinal !== ordinal && one.score > score + 1e-6,
  ).length;
  expect(above).toBeLessThan(evidence.limit);
};

/** Checks what a channel's verdict claims, by brute force. */
const checkModel = async (
  engine: Engine,
  query: RecallQuery,
  ordinal: number,
  { verdict, evidence, margin }: ChannelVerdict,
): Promise<void> => {
  const order = await exactOrder(engine, query);
  const rank = order.findIndex((one) => one.ordinal === ordinal) + 1;
  const score = order[rank - 1]?.score ?? Number.NaN;
  if (evidence.type === 'rank') {
    expect(verdict).toBe('below-cutoff');
    expect(evidence.rank).toBe(rank);
    expect(evidence.score).toBe(score);
    const { hits } = await engine.core.runChannel(query, 'model', evidence.limit);
    const lastInList = order.find((one) => one.ordinal === hits.at(-1)?.ordinal)?.score;
    expect(rank > evidence.limit || score === lastInList).toBe(true);
    if (rank > evidence.limit) expect(margin).toBeCloseTo((order[evidence.limit - 1]?.score ?? Number.NaN) - score, 9);
    else expect(margin).toBe(0);
    if (score === order[evidence.limit - 1]?.score) expect(margin).toBe(0);
  } else if (evidence.type === 'ef') {
    expect(verdict).toBe('ann-missed');
    const limit = Math.max(query.k, query.mode === 'merged' ? (query.merge.quota.model ?? 0) : query.k);
    expect(score).toBeGreaterThanOrEqual((order[limit - 1]?.score ?? Number.NEGATIVE_INFINITY) - 1e-6);
    expect(await nativeHas(engine, query, ordinal, limit, evidence.foundAt)).toBe(true);
    expect(evidence.notFoundAt).toBe(evidence.foundAt - 1);
    expect(await nativeHas(engine, query, ordinal, limit, evidence.foundAt - 1)).toBe(false);
  } else if (evidence.type === 'no-ef') {
    expect(verdict).toBe('unreachable');
    expect(rank).toBeLessThanOrEqual(query.k);
    expect(await nativeHas(engine, query, ordinal, query.k, 100_000)).toBe(false);
  } else if (evidence.type === 'quota') {
    expect(verdict).toBe('quota');
    expect(evidence.rank).toBe(rank);
    expect(rank).toBeGreaterThan(evidence.emitted);
  } else if (evidence.type === 'no-match') {
    expect(engine.core.deps.vectors).toBeNull();
  } else if (evidence.type === 'no-vector') {
    expect(verdict).toBe('not-indexed');
    expect(
      await nativeHas(engine, query, ordinal, engine.core.deps.catalog.adCount, engine.core.deps.catalog.adCount),
    ).toBe(false);
  } else if (evidence.type === 'stale') {
    expect(verdict).toBe('stale-vector');
    await checkStale(engine, query, ordinal, evidence);
  } else {
    expect(verdict).toBe('selected');
  }
};

const checkList = async (
  engine: Engine,
  query: RecallQuery,
  ordinal: number,
  { channel, verdict, evidence }: ChannelVerdict,
): Promise<void> => {
  const { hits } = await engine.core.runChannel(query, channel, engine.core.deps.catalog.adCount);
  const rank = hits.findIndex((hit) => hit.ordinal === ordinal) + 1;
  if (verdict === 'not-matched') expect(rank).toBe(0);
  else if (evidence.type === 'quota') {
    expect(evidence.rank).toBe(rank);
    expect(rank).toBeGreaterThan(evidence.emitted);
  } else if (evidence.type === 'rank') {
    expect(evidence.rank).toBe(rank);
    expect(rank).toBeGreaterThan(evidence.limit);
  } else if (evidence.type === 'hit') expect(evidence.hit.rank).toBe(rank);
  else expect.unreachable(`evidence ${evidence.type} of a rule`);
};

const differing = (a: RecallQuery, b: RecallQuery): string[] =>
  Object.entries(a)
    .filter(
      ([key, value]) =>
        JSON.stringify(value) !== JSON.stringify(Object.entries(b).find(([other]) => other === key)?.[1]),
    )
    .map(([key]) => key);

/** Everything a verdict says, checked without the code that said it. */
export const checkVerdict = async (
  engine: Engine,
  asked: RecallQuery,
  adId: string,
  verdict: Verdict,
): Promise<void> => {
  const { candidates, query } = await engine.recall(asked);
  const listed = candidates.find((candidate) => candidate.adId === adId);
  const ordinal = engine.core.deps.catalog.ordinalOf(adId);
  expect(verdict.verdict === 'recalled').toBe(listed !== undefined);
  expect(verdict.verdict === 'unknown-ad').toBe(ordinal === null);
  if (listed !== undefined) expect(verdict.rank).toBe(listed.rank);
  if (ordinal === null || listed !== undefined) return;
  expect(verdict.reason).toBe(engine.core.dropReason(query, ordinal));
  expect(verdict.verdict === 'ineligible').toBe(verdict.reason !== null);
  for (const one of verdict.channels)
    await (one.channel === 'model' ? checkModel : checkList)(engine, query, ordinal, one);
  const anySelected = verdict.channels.some((one) => one.takesPart && one.verdict === 'selected');
  expect(verdict.verdict === 'merged-out').toBe(anySelected);
  if (anySelected) expect(verdict.displacedBy.length).toBeGreaterThan(0);
  if (verdict.repair !== null) {
    const mended = verdict.repair.change.type === 'reindex';
    expect(differing(query, verdict.repair.query)).toHaveLength(mended ? 0 : 1);
    if (!mended)
      expect(
        (await engine.recall(verdict.repair.query)).candidates.find((candidate) => candidate.adId === adId)?.rank,
      ).toBe(verdict.repair.effect.rank);
  }
};
