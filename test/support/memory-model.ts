import { allAbilities } from '../../src/domain/abilities.ts';
import type { Abilities } from '../../src/domain/abilities.ts';
import type { ContextFields } from '../../src/domain/context-fields.ts';
import type { EligibilityMask } from '../../src/domain/ads.ts';
import type { GroupInput, GroupSpec, InputItem } from '../../src/domain/groups.ts';
import { byScoreThenId } from '../../src/base/order.ts';
import { seededRandom, seedOf } from '../../src/domain/random.ts';
import { RecallError } from '../../src/errors.ts';
import type {
  AdIndex,
  ExactRank,
  ExactScan,
  GroupEncodings,
  Hits,
  ItemNeighbours,
  UserEncoder,
} from '../../src/engine/ports/ports.ts';
import type { MemoryWorld } from './memory-world.ts';

const gaussianish = (seed: number, count: number, scale: number): Float32Array => {
  const random = seededRandom(seed);
  return Float32Array.from({ length: count }, () => scale * (random.next() + random.next() + random.next() - 1.5));
};

/** out += weight · M·x, M rows×cols row-major. */
const addProduct = (out: Float32Array, m: Float32Array, x: Float32Array, weight: number): void => {
  for (let r = 0; r < out.length; r += 1) {
    let sum = 0;
    for (let c = 0; c < x.length; c += 1) sum += (m[r * x.length + c] ?? 0) * (x[c] ?? 0);
    out[r] = (out[r] ?? 0) + weight * sum;
  }
};

/**
 * A toy user tower with the shape of the real one: h_g = Σ 0.8^slot · strength · embedding over the items
 * that are not excluded, u = normalise(b + Σ w_g A_g h_g + W₂ relu(W₁[w_g h_g])). Weights come from the seed.
 */
export const memoryEncoder = (
  world: MemoryWorld,
  groups: readonly GroupSpec[],
  options: { mlp: boolean; builtUntil: number | null; abilities?: Abilities; contextFields?: ContextFields },
): UserEncoder => {
  const { dim, seed } = world;
  const g = groups.length;
  const hidden = 12;
  const bias = gaussianish(seed + 11, dim, 0.6);
  const maps = groups.map((_, i) =>
    gaussianish(seed + 100 + i, dim * dim, 0.4).map((x, j) => (j % (dim + 1) === 0 ? x + 1 : x)),
  );
  const first = gaussianish(seed + 21, hidden * g * dim, 0.5);
  const second = gaussianish(seed + 22, dim * hidden, options.mlp ? 0.5 : 0);
  const encodeGroup = ({ items }: GroupInput): Float32Array => {
    const h = new Float32Array(dim);
    items.forEach((item, slot) => {
      if (!item.excluded) addItem(world, h, item, 0.8 ** slot * item.strength);
    });
    return h;
  };
  const encode = (inputs: readonly GroupInput[]): GroupEncodings => {
    const h = new Float32Array(g * dim);
    const projected = new Float32Array(g * dim);
    inputs.forEach((input, i) => {
      const row = encodeGroup(input);
      h.set(row, i * dim);
      addProduct(projected.subarray(i * dim, (i + 1) * dim), maps[i] ?? row, row, 1);
    });
    return { present: inputs.map((input) => input.items.some((item) => !item.excluded)), h, hDim: dim, projected };
  };
  const fuseRow = (encodings: GroupEncodings, weights: Float32Array): Float32Array => {
    const u = Float32Array.from(bias);
    for (let i = 0; i < g; i += 1)
      for (let d = 0; d < dim; d += 1) u[d] = (u[d] ?? 0) + (weights[i] ?? 0) * (encodings.projected[i * dim + d] ?? 0);
    const activation = new Float32Array(hidden);
    addProduct(
      activation,
      first,
      encodings.h.map((x, j) => x * (weights[Math.floor(j / dim)] ?? 0)),
      1,
    );
    addProduct(
      u,
      second,
      activation.map((x) => Math.max(0, x)),
      1,
    );
    const norm = Math.hypot(...u);
    if (norm < 1e-6) throw new RecallError('unsupported', 'the user vector has no direction at these weights');
    return u.map((x) => x / norm);
  };
  return {
    groups,
    dim,
    builtUntil: options.builtUntil,
    abilities: options.abilities ?? allAbilities,
    ...(options.contextFields === undefined ? {} : { contextFields: options.contextFields }),
    backend: { name: 'memory', version: '1', reason: 'a toy for tests' },
    encodeGroups: (batch) => Promise.resolve(batch.map((inputs) => encode(inputs.groups))),
    fuse: (encodings, weights, rows) => {
      const out = new Float32Array(rows * dim);
      for (let r = 0; r < rows; r += 1) out.set(fuseRow(encodings, weights.subarray(r * g, (r + 1) * g)), r * dim);
      return out;
    },
    describeInputs: (inputs) =>
      inputs.groups.flatMap(({ group, items }) =>
        items.map((item) => ({
          group,
          field: item.kind,
          value: item.value ?? item.query ?? item.adId ?? '',
          id: item.ordinal,
          outOfVocabulary: item.adId !== null && item.ordinal === null,
          ageMs: item.ageMs,
          eventId: item.eventId,
          excluded: item.excluded,
        })),
      ),
  };
};

const addItem = (world: MemoryWorld, h: Float32Array, item: InputItem, weight: number): void => {
  const row =
    item.ordinal === null
      ? gaussianish(seedOf(`${item.kind}:${item.query ?? item.value ?? item.adId ?? ''}`), world.dim, 0.5)
      : world.vectors.subarray(item.ordinal * world.dim, (item.ordinal + 1) * world.dim);
  for (let d = 0; d < world.dim; d += 1) h[d] = (h[d] ?? 0) + weight * (row[d] ?? 0);
};

const scoreOf = (world: MemoryWorld, vector: Float32Array, ordinal: number): number => {
  let sum = 0;
  for (let d = 0; d < world.dim; d += 1) sum += (vector[d] ?? 0) * (world.vectors[ordinal * world.dim + d] ?? 0);
  return Math.fround(sum);
};

const topOf = (world: MemoryWorld, vector: Float32Array, k: number, keep: (ordinal: number) => boolean): Hits => {
  const best = world.ads
    .filter((ad) => keep(ad.ordinal))
    .map(({ ordinal }) => ({ ordinal, score: scoreOf(world, vector, ordinal) }))
    .sort(byScoreThenId)
    .slice(0, k);
  return { ordinals: Int32Array.from(best, (hit) => hit.ordinal), scores: Float32Array.from(best, (hit) => hit.score) };
};

const allowed =
  (mask: EligibilityMask | undefined) =>
  (ordinal: number): boolean =>
    mask === undefined || mask.bits[ordinal] === 1;

/** From which ef on a lossy index finds the ad; Infinity: never. By id, the same for every vector. */
export const lossyEf = (world: MemoryWorld, ordinal: number): number => {
  const draw = seededRandom(seedOf(`${world.seed}:${world.ads[ordinal]?.adId ?? ''}`)).below(100);
  return draw < 60 ? 1 : draw < 96 ? draw * 2 : Number.POSITIVE_INFINITY;
};

export const memoryIndex = (world: MemoryWorld, options: { lossy: boolean }): AdIndex => ({
  size: world.ads.length,
  dim: world.dim,
  space: 'ip',
  path: 'memory',
  method: 'hnsw',
  search: (vector, k, ef, mask) => {
    const eligible = allowed(mask);
    return topOf(
      world,
      vector,
      k,
      (ordinal) => eligible(ordinal) && (!options.lossy || lossyEf(world, ordinal) <= Math.max(ef, k)),
    );
  },
});

const exactRank = (world: MemoryWorld, ...[vector, ordinal, mask]: Parameters<ExactScan['rankOf']>): ExactRank => {
  const score = scoreOf(world, vector, ordinal);
  const others = world.ads.map((ad) => ad.ordinal).filter((o) => o !== ordinal && allowed(mask)(o));
  const before = others.filter(
    (o) => byScoreThenId({ ordinal: o, score: scoreOf(world, vector, o) }, { ordinal, score }) < 0,
  ).length;
  return { rank: before + 1, score, ties: others.filter((o) => scoreOf(world, vector, o) === score).length };
};

export const memoryScan = (world: MemoryWorld): ExactScan => ({
  topK: (vector, k, mask) => Promise.resolve(topOf(world, vector, k, allowed(mask))),
  rankOf: (...asked) => Promise.resolve(exactRank(world, ...asked)),
  standing: (vector, ordinal, k, mask) =>
    Promise.resolve({ exact: exactRank(world, vector, ordinal, mask), top: topOf(world, vector, k, allowed(mask)) }),
  ranking: (vector, k, mask) =>
    Promise.resolve({
      top: topOf(world, vector, k, allowed(mask)),
      rankOf: (ordinal) => exactRank(world, vector, ordinal, mask),
    }),
  scoresOf: (vector, ordinals) => Float32Array.from(ordinals, (ordinal) => scoreOf(world, vector, ordinal)),
  close: () => Promise.resolve(),
});

/** Random symmetric-free neighbours by seed: up to 6 per ad, similarities in (0, 1), best first. */
export const memoryI2i = (world: MemoryWorld, builtUntil: number | null): ItemNeighbours => ({
  builtUntil,
  neighbours: (ordinal) => {
    const random = seededRandom(world.seed * 1000 + ordinal);
    const others = new Set(Array.from({ length: random.below(7) }, () => random.below(world.ads.length)));
    others.delete(ordinal);
    const scored = [...others]
      .map((other) => ({ ordinal: other, score: Math.fround((1 + random.below(20)) / 21) }))
      .sort(byScoreThenId);
    return {
      ordinals: Int32Array.from(scored, (s) => s.ordinal),
      similarities: Float32Array.from(scored, (s) => s.score),
    };
  },
});
