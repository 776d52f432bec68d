import type { PartialAnswer } from './partial-answer.ts';
import type { Answer } from './fake-host.ts';
import { queryOf, smallWorld } from './small-world.ts';

const at = Date.UTC(2025, 5, 17, 20, 58);

/** The answer of `explain`: parts that add up to the score. */
export const explained = (adId: string): PartialAnswer => ({
  schema: 'explain',
  query: queryOf('u-00001'),
  data: {
    adId,
    ordinal: 0,
    rank: 1,
    score: 0.8412,
    baseline: 0.1032,
    residual: 3e-9,
    title: '天猫精灵 智能音箱',
    titles: { 'ad-00001': 'Aqara 人体传感器' },
    groups: [
      { group: 'search', weight: 1, present: true, phi: 0.5 },
      { group: 'browse', weight: 1.6, present: true, phi: 0.3 },
      { group: 'trend', weight: 1, present: true, phi: -0.062 },
      { group: 'social', weight: 0, present: true, phi: 0 },
      { group: 'purchase', weight: 1, present: false, phi: 0 },
    ],
    events: [
      {
        eventId: 'e0',
        group: 'search',
        kind: 'search',
        at,
        adId: null,
        query: '智能家居',
        peerId: null,
        value: null,
        phi: 0.5,
        stderr: 0,
      },
      {
        eventId: 'e1',
        group: 'browse',
        kind: 'view',
        at,
        adId: 'ad-00001',
        query: null,
        peerId: null,
        value: null,
        phi: 0.3,
        stderr: 0.01,
      },
    ],
    placed: { via: 'model', score: 0.8412 },
    methods: [{ group: 'browse', method: 'permutation', members: 12, evaluations: 100, permutations: 50 }],
    nearest: [{ eventId: 'e1', kind: 'view', at, adId: 'ad-00001', cosine: 0.91 }],
    channels: [
      { channel: 'model', rank: 1, score: 0.8412, evidence: { type: 'ann', ef: 128 }, takesPart: true },
      {
        channel: 'keyword',
        rank: 4,
        score: 7,
        evidence: { type: 'matched-query', query: '智能家居', eventId: 'e0', terms: ['智能'], bm25: 7 },
        takesPart: false,
      },
    ],
    headline: { group: 'search', phi: 0.5, share: 0.58, event: null },
    tree: { op: 'sum', value: 0.8412, unit: 'score', label: 'modelScore', children: [] },
  },
});

/** The answer of `why-not`: missed by the index, repaired by a larger ef. */
export const missed = (adId: string): PartialAnswer => ({
  schema: 'why-not',
  query: queryOf('u-00001'),
  data: {
    adId,
    title: '欧普 LED 吸顶灯',
    verdict: 'ann-missed',
    rank: null,
    reason: null,
    suggestions: [],
    channel: 'model',
    displacedBy: [],
    crowding: null,
    tried: 3,
    searched: {
      k: { from: 101, to: 131, runs: 2 },
      ef: { from: 129, to: 185, every: true },
      weights: null,
      quotas: [],
    },
    titles: {},
    channels: [
      {
        channel: 'model',
        takesPart: true,
        verdict: 'ann-missed',
        margin: 0,
        rankMargin: 0,
        evidence: {
          type: 'ef',
          rank: 37,
          score: 0.612,
          cutoff: 0.5713,
          effectiveEf: 128,
          foundAt: 185,
          notFoundAt: 184,
        },
      },
      {
        channel: 'i2i',
        takesPart: false,
        verdict: 'not-matched',
        margin: null,
        rankMargin: null,
        evidence: { type: 'no-match', reason: 'no co-occurrence with the last 20 items' },
      },
    ],
    repair: {
      change: { type: 'ef', from: 128, to: 185 },
      cost: 0.1,
      query: { ...queryOf('u-00001'), ef: 185 },
      verified: true,
      effect: { rank: 37, displaced: ['ad-00099'], entered: [adId] },
      command: 'recall …',
    },
  },
});

/** The answer of `counterfactual` by weights. */
export const counterfactual = (adId: string): PartialAnswer => ({
  schema: 'counterfactual',
  query: queryOf('u-00001'),
  data: {
    adId,
    title: '',
    goal: 'in',
    by: 'weights',
    verified: true,
    rank: 100,
    l1: 0.587,
    displaced: ['ad-00001'],
    titles: { 'ad-00001': 'Aqara 人体传感器' },
    command: null,
    applied: { ...queryOf('u-00001'), weights: { ...queryOf('u-00001').weights, browse: 0.413 } },
    changes: [{ group: 'browse', from: 1, to: 0.413 }],
    inExact: false,
    missed: null,
    search: { method: 'one-group', evaluated: 40, step: 0.001, within: 0.587, complete: false },
    intervals: [
      {
        group: 'browse',
        weight: 1,
        present: true,
        intervals: [{ from: 0, to: 0.413, outsideBelow: null, outsideAbove: 0.414 }],
        exact: [{ from: 0, to: 0.413, outsideBelow: null, outsideAbove: 0.414 }],
        nearest: 0.413,
      },
      { group: 'search', weight: 1, present: false, intervals: [], exact: [], nearest: null },
    ],
  },
});

const hop = (level: number, node: number, distance: number): unknown => ({
  level,
  node,
  adId: `ad-0000${node}`,
  distance,
});

/** The answer of `search-path` for an ad the search never came to. */
export const path = (adId: string): PartialAnswer => ({
  schema: 'search-path',
  query: queryOf('u-00001'),
  data: {
    adId,
    title: '欧普 LED 吸顶灯',
    label: '9',
    deleted: false,
    labels: [['9', adId]],
    distance: 0.388,
    met: false,
    inBeam: false,
    rank: null,
    entry: hop(2, 1, 0.9),
    landing: hop(0, 3, 0.5),
    hops: [hop(2, 1, 0.9), hop(1, 2, 0.7), hop(0, 3, 0.5), hop(0, 4, 0.6), hop(0, 5, 0.3)],
    visited: 1200,
    stoppedAt: { candidate: hop(0, 6, 0.45), bound: 0.43 },
    inNeighbours: [
      { adId: 'ad-00006', expanded: false },
      { adId: 'ad-00003', expanded: true },
    ],
    effectiveEf: 128,
    smallestEf: { foundAt: 185, notFoundAt: 184 },
    reachable: true,
    why: null,
    ties: 0,
    nativeAgrees: true,
  },
});

/** The small world with answers to the questions about one ad. */
export const answering: Answer = (command, args, baseQuery) => {
  const adId = typeof args['ad'] === 'string' ? args['ad'] : '';
  const answers = { explain: explained, 'why-not': missed, counterfactual, 'search-path': path };
  const own = Object.entries(answers).find(([name]) => name === command)?.[1];
  return own === undefined ? smallWorld(command, args, baseQuery) : own(adId);
};
