import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readMatrix } from '../../src/adapters/files/matrix.ts';
import { buildIndex } from '../../src/adapters/hnsw/build-index.ts';
import { openGraph } from '../../src/adapters/hnsw/open-graph.ts';
import { openIndex } from '../../src/adapters/hnsw/open-index.ts';
import { openScan } from '../../src/adapters/scan/open-scan.ts';
import { scoreBetween, tieTolerance } from '../../src/domain/metric.ts';
import type { Space } from '../../src/domain/metric.ts';
import type { AdVectors } from '../../src/engine/ports/ports.ts';
import { groundTruth, siftFolder } from '../support/sift.ts';
import { normalise, temporaryFolder } from '../support/vectors.ts';

const folder = siftFolder();

const unit = ({ count, dim, data }: AdVectors): AdVectors => {
  for (let row = 0; row < count; row++) data.set(normalise(data.slice(row * dim, (row + 1) * dim)), row * dim);
  return { count, dim, data };
};

describe.skipIf(folder === null).each<Space>(['l2', 'ip', 'cosine'])(
  'the search over 4,500 real descriptors in the metric %s',
  (space) => {
    it("gives for 500 queries the publisher's neighbours by the exact scan, 99 % of them by the index at ef 400, and the replay equals the native search", async () => {
      const base = await readMatrix(join(folder ?? '', 'base.fvecs'));
      const queries = await readMatrix(join(folder ?? '', 'query.fvecs'));
      const truth = groundTruth(folder ?? '', space);
      const vectors = { ...(space === 'cosine' ? unit(base) : base), space };
      const path = join(temporaryFolder(`sift-${space}`), 'ads.hnsw');
      await buildIndex({ vectors, path, m: 16, efConstruction: 200, seed: 100, unit: space === 'cosine' });
      const expected = { dim: base.dim, count: base.count, space };
      const [index, graph, scan] = [openIndex(path, expected), await openGraph(path, expected), openScan(vectors)];
      const row = (of: AdVectors, i: number): Float32Array => of.data.subarray(i * of.dim, (i + 1) * of.dim);
      const count = { hit: 0, exact: 0, exactByScore: 0, all: 0, replayed: 0, far: 0 };
      for (const [q, best] of truth.entries()) {
        const query = row(queries, q);
        const exact = await scan.topK(query, 100);
        const native = index.search(query, 100, 400);
        const wanted = new Set(best);
        count.all += best.length;
        count.hit += native.ordinals.filter((ordinal) => wanted.has(ordinal)).length;
        count.exact += exact.ordinals.filter((ordinal) => wanted.has(ordinal)).length;
        const hundredth = scoreBetween(space, query, row(vectors, best[99] ?? 0));
        count.exactByScore += exact.scores.filter((score) => score >= hundredth - tieTolerance(hundredth)).length;
        const trace = graph.trace(query, { k: 100, ef: 400 });
        if (
          trace.result.every((hop) => native.ordinals.includes(hop.ordinal)) &&
          trace.result.length === native.ordinals.length
        )
          count.replayed += 1;
        const same = scan.scoresOf(query, native.ordinals);
        count.far += native.scores.filter(
          (score, i) => Math.abs(score - (same[i] ?? Number.NaN)) > 1e-5 * Math.max(1, Math.abs(score)),
        ).length;
      }
      process.stderr.write(
        `sift ${space}: recall@100 ${(count.hit / count.all).toFixed(4)} at ef 400; exact scan ${count.exact} of ${count.all} ids, ${count.exactByScore} by score; unreachable ${graph.unreachable().length}\n`,
      );
      expect(count.all).toBe(50_000);
      expect(count.hit / count.all).toBeGreaterThanOrEqual(0.99);
      expect(count.exactByScore).toBe(count.all);
      expect(count.replayed).toBe(500);
      expect(count.far).toBe(0);
      graph.close();
      await scan.close();
    });
  },
);
