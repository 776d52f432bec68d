import { copyFileSync, existsSync, readFileSync, readdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildIndex } from '../../src/adapters/hnsw/build-index.ts';
import { openGraph } from '../../src/adapters/hnsw/open-graph.ts';
import { loadIndex, openIndex } from '../../src/adapters/hnsw/open-index.ts';
import { HierarchicalNSW } from '../../src/adapters/hnsw/native.ts';
import { readIndexHeader } from '../../src/adapters/hnsw/read-header.ts';
import { smallestEf } from '../../src/domain/hnsw/certificate.ts';
import { RecallError } from '../../src/errors.ts';
import { normalise, rawVector, seeded, temporaryFolder, unitVectors } from '../support/vectors.ts';

const [count, dim] = [1_200, 16];
const expected = { count, dim, space: 'ip' as const };
const vectors = unitVectors(count, dim, 21, 12);
let path = '';

beforeAll(async () => {
  path = join(temporaryFolder('hnsw'), 'ads.hnsw');
  await buildIndex({ vectors, path, m: 16, efConstruction: 100, seed: 100 });
});

const codeOf = async (run: () => unknown): Promise<string> => {
  try {
    await run();
    return 'no error';
  } catch (error) {
    return error instanceof RecallError ? error.code : String(error);
  }
};

const copy = (): string => {
  const to = join(temporaryFolder('copy'), 'ads.hnsw');
  copyFileSync(path, to);
  return to;
};

describe('an HNSW index', () => {
  it('names in its header what it was built with', async () => {
    expect(await readIndexHeader(path)).toMatchObject({ dim, count, m: 16, efConstruction: 100 });
  });

  it('finds the exact ads with their inner products when ef is wide', () => {
    const index = openIndex(path, expected);
    const query = normalise(rawVector(seeded(1), dim));
    const { ordinals, scores } = index.search(query, 20, count);
    const exact = Array.from({ length: count }, (_, row) =>
      query.reduce((s, x, i) => s + x * (vectors.data[row * dim + i] ?? 0), 0),
    );
    const best = exact
      .map((score, row) => [score, row] as const)
      .sort((a, b) => b[0] - a[0])
      .slice(0, 20);
    expect(Array.from(ordinals)).toEqual(best.map(([, row]) => row));
    best.forEach(([score], i) => expect(scores[i]).toBeCloseTo(score, 6));
  });

  it('returns only ads of the mask', () => {
    const bits = Uint8Array.from({ length: count }, (_, i) => (i % 3 === 0 ? 1 : 0));
    const { ordinals } = openIndex(path, expected).search(normalise(rawVector(seeded(2), dim)), 50, 300, {
      bits,
      eligible: 400,
      dropped: {},
    });
    expect(ordinals.length).toBe(50);
    expect(ordinals.every((ordinal) => ordinal % 3 === 0)).toBe(true);
  });

  it('gives fewer ads when there are fewer, and none for k = 0', () => {
    const index = openIndex(path, expected);
    const query = normalise(rawVector(seeded(3), dim));
    expect(index.search(query, count + 50, 2 * count).ordinals.length).toBe(count);
    expect(index.search(query, 0, 10).ordinals.length).toBe(0);
  });

  it('orders equal scores by ordinal', async () => {
    const same = unitVectors(60, 8, 5);
    for (let row = 0; row < 60; row++) same.data.copyWithin(row * 8, (row % 3) * 8, (row % 3) * 8 + 8);
    const to = join(temporaryFolder('same'), 'ads.hnsw');
    await buildIndex({
      vectors: same,
      path: to,
      m: 16,
      efConstruction: 100,
      seed: 1,
      order: Uint32Array.from({ length: 60 }, (_, i) => (i * 7) % 60),
    });
    const { ordinals, scores } = openIndex(to, { dim: 8, count: 60, space: 'ip' }).search(
      same.data.slice(0, 8),
      60,
      60,
    );
    for (let i = 1; i < ordinals.length; i++) {
      expect(scores[i] ?? 0).toBeLessThanOrEqual(scores[i - 1] ?? 0);
      if (scores[i] === scores[i - 1]) expect(ordinals[i] ?? 0).toBeGreaterThan(ordinals[i - 1] ?? 0);
    }
  });

  it('is the same file when built twice with one seed', async () => {
    const again = join(temporaryFolder('again'), 'ads.hnsw');
    await buildIndex({ vectors, path: again, m: 16, efConstruction: 100, seed: 100 });
    const [a, b] = [openIndex(path, expected), openIndex(again, expected)];
    const random = seeded(4);
    for (let q = 0; q < 50; q++) {
      const query = normalise(rawVector(random, dim));
      expect(a.search(query, 10, 20)).toEqual(b.search(query, 10, 20));
    }
    expect(readFileSync(again).length).toBe(readFileSync(path).length);
  });
});

describe('an index that cannot be used', () => {
  it.each([
    ['another dimension', { ...expected, dim: 8 }, /another dimension/],
    ['another count', { ...expected, count: count + 1 }, /another number of ads/],
  ])('is refused before it is opened: %s', async (_, wrong, message) => {
    expect(() => openIndex(path, wrong)).toThrow(message);
    await expect(loadIndex(path, wrong)).rejects.toThrow(message);
  });

  it('is refused at any truncation', async () => {
    const whole = readFileSync(path).length;
    for (const size of [0, 40, 95, 96, 5_000, Math.floor(whole / 2), whole - 400, whole - 1]) {
      const to = copy();
      truncateSync(to, size);
      expect(await codeOf(() => openIndex(to, expected))).toBe('bad-index');
      expect(await codeOf(() => loadIndex(to, expected))).toBe('bad-index');
      expect(await codeOf(() => openGraph(to, expected))).toBe('bad-index');
    }
  });

  it('is refused by the graph parser when a link points nowhere', async () => {
    const to = copy();
    const bytes = readFileSync(to);
    bytes.writeUInt32LE(count + 5, 96 + 4);
    writeFileSync(to, bytes);
    expect(await codeOf(() => openGraph(to, expected))).toBe('bad-index');
  });

  it('is named when it is missing', async () => {
    expect(await codeOf(() => readIndexHeader('/nowhere/ads.hnsw'))).toBe('missing-artefact');
  });
});

describe('building an index', () => {
  it.each([
    ['NaN', Number.NaN, /not finite/],
    ['infinite', Number.POSITIVE_INFINITY, /not finite/],
    ['not of norm 1', 3, /cannot be indexed/],
  ])('refuses a vector that is %s, naming its row', async (_, value, message) => {
    const bad = unitVectors(30, 8, 1);
    bad.data[12 * 8 + 3] = value;
    const to = join(temporaryFolder('bad'), 'ads.hnsw');
    const error: unknown = await buildIndex({ vectors: bad, path: to, m: 16, efConstruction: 100, seed: 1 }).catch(
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(RecallError);
    if (error instanceof RecallError)
      expect(`${error.message} ${error.found ?? ''}`).toMatch(message instanceof RegExp ? message : '');
    if (error instanceof RecallError) expect(error.message).toContain('row 12');
    expect(existsSync(to)).toBe(false);
  });

  it('leaves the old index and nothing else when it is aborted', async () => {
    const dir = temporaryFolder('abort');
    const to = join(dir, 'ads.hnsw');
    writeFileSync(to, 'old');
    const abort = new AbortController();
    const building = buildIndex({
      vectors: unitVectors(20_000, 32, 2),
      path: to,
      m: 16,
      efConstruction: 200,
      seed: 1,
      signal: abort.signal,
      onProgress: () => abort.abort(),
    });
    await expect(building).rejects.toMatchObject({ code: 'cancelled' });
    expect(readdirSync(dir)).toEqual(['ads.hnsw']);
    expect(readFileSync(to, 'utf8')).toBe('old');
  });
});

describe('the near-duplicate trap', () => {
  /** Raw inner product over near-identical creatives of unequal length: many ads end up without a way in. */
  const trap = (n = 4_000, d = 16): { path: string; count: number; dim: number } => {
    const random = seeded(77);
    const native = new HierarchicalNSW('ip', d);
    native.initIndex(n, 16, 100, 100);
    const centres = Array.from({ length: 40 }, () => rawVector(random, d));
    for (let row = 0; row < n; row++) {
      const centre = centres[row % 40] ?? new Float32Array(d);
      const size = 0.5 + random();
      native.addPoint(
        Array.from(centre, (x) => size * (x + 0.01 * (random() - 0.5))),
        row,
      );
    }
    const to = join(temporaryFolder('trap'), 'ads.hnsw');
    native.writeIndexSync(to);
    return { path: to, count: n, dim: d };
  };

  it('has unreachable ads, and the census equals what native searches at ef = n visit from every landing', async () => {
    const { path: to, count: n, dim: d } = trap();
    const graph = await openGraph(to, { count: n, dim: d, space: 'ip' });
    const index = openIndex(to, { count: n, dim: d, space: 'ip' });
    const lost = new Set(graph.unreachable());
    expect(lost.size).toBeGreaterThan(20);
    expect(bruteForceUnreachable(readFileSync(to), n)).toEqual([...lost]);
    const random = seeded(5);
    for (let q = 0; q < 30; q++) {
      const query = normalise(rawVector(random, d));
      const visited = new Set(index.search(query, n, n).ordinals);
      for (const ordinal of lost) expect(visited.has(ordinal)).toBe(false);
      for (let ordinal = 0; ordinal < n; ordinal += 97)
        expect(graph.reaches(query, ordinal)).toBe(visited.has(ordinal));
    }
  });

  it('leaves hundreds of 10,000 near-duplicates unreachable at M = 16, all of them counted', async () => {
    const [n, d] = [10_000, 16];
    const { path: to } = trap(n, d);
    const graph = await openGraph(to, { count: n, dim: d, space: 'ip' });
    const lost = [...graph.unreachable()];
    expect(lost.length).toBeGreaterThan(300);
    expect(bruteForceUnreachable(readFileSync(to), n)).toEqual(lost);
  });

  it('lists as in-neighbours exactly the ads whose links lead to one', async () => {
    const { path: to, count: n, dim: d } = trap();
    const graph = await openGraph(to, { count: n, dim: d, space: 'ip' });
    const links = linksOf(readFileSync(to), n);
    for (let ordinal = 0; ordinal < n; ordinal += 211) {
      const brute = links.level0.flatMap((row, from) => (row.includes(ordinal) ? [from] : []));
      expect(Array.from(graph.inNeighbours(ordinal))).toEqual(brute);
    }
  });
});

/** An independent, slow reading of the file: rows in insertion order are labels here. */
const linksOf = (
  bytes: Buffer,
  n: number,
): { level0: number[][]; upper: number[][][]; entry: number; maxLevel: number } => {
  const size = (at: number): number => Number(bytes.readBigUInt64LE(at));
  const [rowBytes, maxM] = [size(24), size(56)];
  const read = (at: number): number[] =>
    Array.from({ length: bytes.readUInt16LE(at) }, (_, i) => bytes.readUInt32LE(at + 4 + 4 * i));
  const level0 = Array.from({ length: n }, (_, row) => read(96 + row * rowBytes));
  let at = 96 + n * rowBytes;
  const upper = Array.from({ length: n }, () => {
    const levels = bytes.readUInt32LE(at) / (4 * maxM + 4);
    const start = at + 4;
    at = start + levels * (4 * maxM + 4);
    return Array.from({ length: levels }, (_, level) => read(start + level * (4 * maxM + 4)));
  });
  return { level0, upper, entry: bytes.readUInt32LE(52), maxLevel: bytes.readInt32LE(48) };
};

const bruteForceUnreachable = (bytes: Buffer, n: number): number[] => {
  const { level0, upper, entry, maxLevel } = linksOf(bytes, n);
  let reached = new Set([entry]);
  const grow = (from: Set<number>, next: (node: number) => readonly number[]): Set<number> => {
    for (let before = -1; before !== from.size;) {
      before = from.size;
      for (const node of [...from]) for (const to of next(node)) from.add(to);
    }
    return from;
  };
  for (let level = maxLevel; level > 0; level--) reached = grow(reached, (node) => upper[node]?.[level - 1] ?? []);
  reached = grow(reached, (node) => level0[node] ?? []);
  return Array.from({ length: n }, (_, i) => i).filter((node) => !reached.has(node));
};

describe('the certificate of an ad that was missed', () => {
  it('holds natively: found at ef, not at ef − 1, and at no smaller ef either', async () => {
    const weak = join(temporaryFolder('weak'), 'ads.hnsw');
    const data = unitVectors(3_000, 24, 31);
    await buildIndex({ vectors: data, path: weak, m: 4, efConstruction: 20, seed: 3 });
    const shape = { count: 3_000, dim: 24, space: 'ip' as const };
    const [index, graph] = [openIndex(weak, shape), await openGraph(weak, shape)];
    const random = seeded(8);
    let missed = 0;
    for (let q = 0; q < 40; q++) {
      const query = normalise(rawVector(random, 24));
      const exact = Array.from(
        { length: 3_000 },
        (_, row) => [query.reduce((s, x, i) => s + x * (data.data[row * 24 + i] ?? 0), 0), row] as const,
      )
        .sort((a, b) => b[0] - a[0])
        .slice(0, 10);
      const found = new Set(index.search(query, 10, 10).ordinals);
      for (const [, ordinal] of exact.filter(([, row]) => !found.has(row)).slice(0, 2)) {
        missed++;
        const isFound = (ef: number): boolean => index.search(query, 10, ef).ordinals.includes(ordinal);
        const certificate = await smallestEf(isFound, 10, 3_000);
        expect(certificate === null).toBe(!graph.reaches(query, ordinal));
        if (certificate === null) continue;
        expect(isFound(certificate.foundAt)).toBe(true);
        for (let ef = 10; ef < certificate.foundAt; ef++) expect(isFound(ef)).toBe(false);
        expect(graph.trace(query, { k: 10, ef: certificate.foundAt, target: ordinal }).target?.rank).not.toBeNull();
        expect(graph.trace(query, { k: 10, ef: certificate.foundAt - 1, target: ordinal }).target?.visited).toBe(false);
      }
    }
    expect(missed).toBeGreaterThan(20);
  });
});
