import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coverageTest } from '../../../src/domain/compare-all/coverage.ts';
import { hubsOf } from '../../../src/domain/compare-all/hubs.ts';
import { judge, metricsOf } from '../../../src/domain/compare-all/metrics.ts';
import {
  cutoffsOf,
  standingOf,
  userMetrics,
  valuesOf,
  type CompareRow,
  type SideRow,
} from '../../../src/domain/compare-all/rows.ts';
import { compareSegments } from '../../../src/domain/compare-all/segments.ts';
import { mostContrasted, differenceBins, recallCurve } from '../../../src/domain/compare-all/shape.ts';
import { seededRandom, type Random } from '../../../src/domain/random.ts';

const k = 10;
const side = (ads: readonly number[], relevant: ReadonlySet<number>, counts: Uint32Array): SideRow => {
  const ids = ads.map(String);
  return {
    ads,
    via: ads.map((ad) => String(ad % 3)).join(''),
    hits: ads.flatMap((ad, i) => (relevant.has(ad) ? [i + 1] : [])),
    values: valuesOf(
      { adIds: ids, ordinals: ads, rows: null, dim: 0 },
      new Set([...relevant].map(String)),
      k,
      standingOf(counts),
    ),
  };
};

const draw = (random: Random, from: number, n: number): number[] =>
  [...random.shuffle(Uint32Array.from({ length: from }, (_, i) => i))].slice(0, n);

const counts = Uint32Array.from({ length: 60 }, (_, i) =>
  Math.floor(200 / (i + 1)) - 4 < 0 ? 0 : Math.floor(200 / (i + 1)) - 4,
);

/** Users whose list b finds more of what they engaged with, by `edge` ads. */
const rowsOf = (seed: number, users: number, edge: number): CompareRow[] => {
  const random = seededRandom(seed);
  return Array.from({ length: users }, (_, u): CompareRow => {
    const relevant = new Set(draw(random, 60, 1 + random.below(4)));
    const a = draw(random, 60, k);
    const b = [...new Set([...[...relevant].slice(0, edge), ...draw(random, 60, k)])].slice(0, k);
    return {
      userId: `u${String(u).padStart(4, '0')}`,
      asOf: 1,
      engaged: relevant.size,
      rbo: random.next(),
      segments: [['half', u % 2 === 0 ? 'even' : 'odd']],
      a: side(a, relevant, counts),
      b: side(b, relevant, counts),
      failed: null,
    };
  });
};

const judged = (
  rows: readonly CompareRow[],
  seed = 1,
  resamples = 1000,
): ReturnType<typeof judge<ReturnType<typeof metricsOf> extends Generator<infer M> ? M : never>> =>
  judge([...metricsOf(rows, k, 60, { seed, resamples, draws: 4000 })]);

describe('the metrics of one list', () => {
  it('equal a case worked out by hand', () => {
    // 100 behaviours: ad 0 holds 60 (head), ad 1 30 (begins at 60 %: middle), ad 2 10 (begins at 90 %: tail), ad 3 none.
    const standing = standingOf(Uint32Array.of(60, 30, 10, 0));
    expect(Array.from(standing.part)).toEqual([3, 2, 1, 0]);
    // Ads that begin at 55 %, 73 % and 88 %: half and four fifths are where the parts end.
    expect(Array.from(standingOf(Uint32Array.of(12, 55, 15, 18)).part)).toEqual([1, 3, 2, 2]);
    const rows = Float32Array.of(1, 0, 0, 1, 1, 0);
    const values = valuesOf(
      { adIds: ['d', 'b', 'a'], ordinals: [3, 1, 0], rows, dim: 2 },
      new Set(['b', 'x']),
      3,
      standing,
    );
    expect(userMetrics(3)).toEqual([
      'recall@3',
      'hit-rate@3',
      'ndcg@3',
      'mrr@3',
      'novelty',
      'diversity',
      'head-share',
      'tail-share',
      'cold-share',
    ]);
    const ndcg = 1 / Math.log2(3) / (1 + 1 / Math.log2(3));
    const novelty = -(Math.log2(1 / 104) + Math.log2(31 / 104) + Math.log2(61 / 104)) / 3;
    [1 / 2, 1, ndcg, 1 / 2, novelty, 2 / 3, 1 / 3, 0, 1 / 3].forEach((value, i) => {
      expect(values[i]).toBeCloseTo(value, 12);
    });
  });

  it('stay exactly the same for every order of the same ads where order plays no part', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), fc.integer({ min: 2, max: 40 }), (seed, n) => {
        const random = seededRandom(seed);
        const dim = 7;
        const standing = standingOf(Uint32Array.from({ length: 60 }, () => random.below(1000)));
        const vectors = Float32Array.from({ length: 60 * dim }, () => random.next() * 4 - 2);
        const orderFree = (ads: readonly number[]): ReadonlyArray<number | null> =>
          valuesOf(
            {
              adIds: ads.map(String),
              ordinals: ads,
              rows: Float32Array.from(ads.flatMap((ad) => [...vectors.subarray(ad * dim, (ad + 1) * dim)])),
              dim,
            },
            new Set(['1', '2', '3']),
            40,
            standing,
          ).filter((_, i) => !/ndcg|mrr|recall@20/.test(userMetrics(40)[i] ?? ''));
        const ads = draw(random, 60, n);
        expect(orderFree([...random.shuffle(Uint32Array.from(ads))])).toEqual(orderFree(ads));
      }),
      { numRuns: 300 },
    );
  });

  it('exist at 20, 50 and 100 only where these lie below k', () => {
    expect([cutoffsOf(10), cutoffsOf(50), cutoffsOf(100), cutoffsOf(150)]).toEqual([
      [10],
      [20, 50],
      [20, 50, 100],
      [20, 50, 100, 150],
    ]);
  });
});

describe('a comparison over users', () => {
  it('flags by the p-value adjusted over the metrics that were tested, each under its own name', () => {
    const tested = judge([0.04, null, 0.5, 0.001].map((p, i) => ({ name: `m${i}`, p })));
    expect(tested).toEqual([
      { name: 'm0', p: 0.04, pHolm: expect.closeTo(0.08, 12), flagged: false },
      { name: 'm1', p: null, pHolm: null, flagged: false },
      { name: 'm2', p: 0.5, pHolm: 0.5, flagged: false },
      { name: 'm3', p: 0.001, pHolm: expect.closeTo(0.003, 12), flagged: true },
    ]);
  });

  it('has every delta 0, every p 1 and no flag for a side against itself', () => {
    const rows = rowsOf(3, 80, 1).map((row) => ({ ...row, b: row.a }));
    for (const metric of judged(rows)) {
      if (metric.name === 'diversity') {
        expect(metric.users).toBe(0);
        continue;
      }
      expect(metric).toMatchObject({ delta: 0, p: 1, pHolm: 1, flagged: false });
      expect(metric.a).toBe(metric.b);
      if (metric.ci95 !== null) expect(metric.ci95).toEqual({ low: 0, high: 0 });
    }
    expect(compareSegments(rows, k, { seed: 1 }).some((segment) => segment.flagged)).toBe(false);
  });

  it('never flags a metric without order where both sides hold the same ads in another order', () => {
    for (let seed = 1; seed <= 5; seed += 1) {
      const random = seededRandom(seed);
      const rows = rowsOf(seed, 120, 1).map((row) => ({
        ...row,
        b: side([...random.shuffle(Uint32Array.from(row.a.ads))], new Set(), counts),
      }));
      for (const name of ['novelty', 'head-share', 'tail-share', 'cold-share', 'coverage'])
        expect(judged(rows, seed).find((metric) => metric.name === name)).toMatchObject({
          delta: 0,
          p: 1,
          flagged: false,
        });
    }
  });

  it('takes two values that only rounding tells apart for one', () => {
    const rows = rowsOf(3, 120, 1).map((row) => ({
      ...row,
      b: { ...row.a, values: row.a.values.map((value) => (value === null ? null : value * (1 + 4e-16))) },
    }));
    for (const metric of judged(rows))
      if (metric.users > 0) expect(metric).toMatchObject({ delta: 0, p: 1, flagged: false });
  });

  it('flags a real difference of recall and none in what is alike', () => {
    const metrics = new Map(judged(rowsOf(4, 200, 1)).map((m) => [m.name, m]));
    expect(metrics.get(`recall@${k}`)).toMatchObject({ flagged: true });
    expect(metrics.get(`recall@${k}`)?.ci95?.low).toBeGreaterThan(0);
  });

  it('flags something in at most 3 of 20 runs when labels are exchanged at random by user', () => {
    const rows = rowsOf(5, 150, 1);
    const flagged = Array.from({ length: 20 }, (_, run) => {
      const random = seededRandom(1000 + run);
      const swapped = rows.map((row) => (random.next() < 0.5 ? row : { ...row, a: row.b, b: row.a }));
      return judged(swapped, run + 1).some((metric) => metric.flagged);
    }).filter(Boolean).length;
    expect(flagged).toBeLessThanOrEqual(3);
  });

  it('has p-values that are 5 % or less in about 5 % of exchanges, so that the test is no blunt one', () => {
    const rows = rowsOf(6, 60, 1);
    const runs = 300;
    const small = Array.from({ length: runs }, (_, run) => {
      const random = seededRandom(5000 + run);
      const swapped = rows.map((row) => (random.next() < 0.5 ? row : { ...row, a: row.b, b: row.a }));
      const [recall] = [...metricsOf(swapped, k, 60, { seed: run + 1, resamples: 2, draws: 400 })];
      return recall?.p ?? 1;
    }).filter((p) => p <= 0.05).length;
    // Binomial(300, .05): mean 15, standard deviation 3.8.
    expect(small).toBeGreaterThanOrEqual(4);
    expect(small).toBeLessThanOrEqual(27);
  });

  it('covers the true difference of recall at its nominal rate', () => {
    const population = rowsOf(7, 3000, 1);
    const truth = judged(population, 1, 2).find((m) => m.name === `recall@${k}`)?.delta ?? Number.NaN;
    const random = seededRandom(77);
    const runs = 300;
    let covered = 0;
    for (let run = 0; run < runs; run += 1) {
      const rows = Array.from({ length: 60 }, () => population[random.below(population.length)]).flatMap((row) =>
        row === undefined ? [] : [row],
      );
      const [recall] = metricsOf(rows, k, 60, { seed: run, resamples: 1000, draws: 1 });
      if (recall?.ci95 !== null && recall?.ci95 !== undefined && recall.ci95.low <= truth && truth <= recall.ci95.high)
        covered += 1;
    }
    // Binomial(300, .95): mean 285, standard deviation 3.8; the percentile interval of 60 users is a little short.
    expect(covered / runs).toBeGreaterThan(0.91);
    expect(covered / runs).toBeLessThan(0.985);
  });

  it('leaves users without engaged ads out of recall and in coverage', () => {
    const rows = rowsOf(8, 20, 0);
    const [first] = rows;
    if (first === undefined) throw new Error('no rows');
    const silent: CompareRow = {
      ...first,
      userId: 'none',
      engaged: 0,
      a: side([1, 2], new Set(), counts),
      b: side([3], new Set(), counts),
    };
    const metrics = new Map(judged([...rows, silent]).map((m) => [m.name, m.users]));
    expect(metrics.get(`recall@${k}`)).toBe(20);
    expect(metrics.get('novelty')).toBe(21);
    expect(metrics.get('coverage')).toBe(21);
  });
});

describe('the coverage of a comparison', () => {
  it('is tested as a plain count of distinct ads over every exchange of labels would', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const rows = rowsOf(seed, 6, 0).map((row, u) =>
          u % 2 === 0 ? { ...row, b: { ...row.b, ads: row.b.ads.slice(0, 3) } } : row,
        );
        const distinct = (lists: ReadonlyArray<readonly number[]>): number => new Set(lists.flat()).size;
        const difference = (mask: number): number =>
          distinct(rows.map(({ a, b }, u) => ((mask >> u) & 1 ? b : a).ads)) -
          distinct(rows.map(({ a, b }, u) => ((mask >> u) & 1 ? a : b).ads));
        const observed = Math.abs(difference(0));
        const exact =
          Array.from({ length: 64 }, (_, mask) => Math.abs(difference(mask)) >= observed).filter(Boolean).length / 64;
        const tested = coverageTest(rows, 60, { seed });
        expect(tested.a).toBe(distinct(rows.map((row) => row.a.ads)) / 60);
        expect(tested.b).toBe(distinct(rows.map((row) => row.b.ads)) / 60);
        expect(Math.abs(tested.p - exact)).toBeLessThan(0.06);
      }),
      { numRuns: 30 },
    );
  });
});

describe('the shape of a comparison', () => {
  const rows = rowsOf(9, 50, 1);

  it('has a curve of recall that rises with k and ends at recall at k', () => {
    const curve = recallCurve(rows, k);
    const recall = judged(rows).find((m) => m.name === `recall@${k}`);
    expect(curve.at(-1)?.a).toBeCloseTo(recall?.a ?? Number.NaN, 12);
    expect(curve.at(-1)?.b).toBeCloseTo(recall?.b ?? Number.NaN, 12);
    curve.slice(1).forEach((point, i) => {
      expect(point.b).toBeGreaterThanOrEqual(curve[i]?.b ?? 1);
    });
  });

  it('puts every measured user into one bin, those without a difference into the middle one', () => {
    expect(differenceBins(rows, k).reduce((sum, bin) => sum + bin.users, 0)).toBe(50);
    const same = differenceBins(
      rows.map((row) => ({ ...row, b: row.a })),
      k,
    );
    expect(same[10]).toMatchObject({ users: 50 });
  });

  it('names the users with the least similar lists first', () => {
    const listed = mostContrasted(rows, k, 5);
    expect(listed.map((u) => u.rbo)).toEqual(
      rows
        .map((r) => r.rbo)
        .sort((x, y) => x - y)
        .slice(0, 5),
    );
  });

  it('counts the places of every hub by channel', () => {
    const { top, places, distinct, shareOfTop } = hubsOf(rows, 'a', 60);
    expect(places).toBe(500);
    expect(distinct).toBe(new Set(rows.flatMap((row) => row.a.ads)).size);
    expect(shareOfTop).toBeCloseTo(1, 12);
    for (const hub of top) {
      expect(hub.lists).toBe(rows.filter((row) => row.a.ads.includes(hub.ordinal)).length);
      expect(Object.values(hub.channels).reduce((sum, n) => sum + n, 0)).toBe(hub.lists);
    }
  });
});
