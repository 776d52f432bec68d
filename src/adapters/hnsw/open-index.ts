import { RecallError } from '../../errors.ts';
import { scoreOf } from '../../domain/hnsw/distance.ts';
import type { EligibilityMask } from '../../domain/ads.ts';
import type { Hits, LocalIndex } from '../../engine/ports/ports.ts';
import type { ExpectedIndex, NodeLabels } from '../../engine/ports/artefacts.ts';
import { HierarchicalNSW } from './native.ts';
import type { NativeIndex } from './native.ts';
import { graphOf } from './open-graph.ts';
import { checkIndexFile } from './index-rows.ts';
import { ordinalOfNative } from './node-ordinals.ts';
import { checkHeader } from './read-header.ts';

/**
 * Opens an hnswlib file for search. Throws `missing-artefact`, `bad-index` (another dimension or count, truncated,
 * corrupted).
 */
export const openIndex = (path: string, expected: ExpectedIndex): LocalIndex => {
  check(path, expected);
  if (walkedOnly(expected)) return walkedIndex(path, expected);
  const native = new HierarchicalNSW(expected.space, expected.dim);
  try {
    native.readIndexSync(path);
  } catch (cause) {
    throw corrupted(path, cause);
  }
  return adIndexOf(native, path, expected);
};

/** The same; the file loads on a thread of libuv's pool. */
export const loadIndex = async (path: string, expected: ExpectedIndex): Promise<LocalIndex> => {
  check(path, expected);
  if (walkedOnly(expected)) return walkedIndex(path, expected);
  const native = new HierarchicalNSW(expected.space, expected.dim);
  await native.readIndex(path).catch((cause: unknown) => {
    throw corrupted(path, cause);
  });
  return adIndexOf(native, path, expected);
};

/** Native code sees no file that was not checked whole, now or under the same fingerprint before. */
const check = (path: string, expected: ExpectedIndex): void => {
  checkHeader(path, expected);
  if (expected.checked !== true) checkIndexFile(path, expected);
};

const corrupted = (path: string, cause: unknown): RecallError =>
  new RecallError('bad-index', `${path} cannot be opened`, {
    expected: 'an hnswlib file as it was written',
    found: cause instanceof Error ? cause.message : String(cause),
    todo: 'rebuild it with `recall-tui index DIR`',
    cause,
  });

/** The port over a loaded native index. */
export const adIndexOf = (
  native: NativeIndex,
  path: string,
  { dim, count, space, nodes, elements }: ExpectedIndex,
): LocalIndex => {
  const ordinalOf = nodes === undefined ? asItIs : (ordinalOfNative(nodes) ?? asItIs);
  const known = returnsStrays(nodes) ? (label: number): boolean => ordinalOf(label) >= 0 : undefined;
  const filterOf =
    ({ bits }: EligibilityMask) =>
    (label: number): boolean =>
      bits[ordinalOf(label)] === 1;
  return {
    size: count,
    dim,
    space,
    path,
    method: 'hnsw',
    ...(elements === undefined ? {} : { elements }),
    search: (vector, k, ef, mask) => {
      if (vector.length !== dim)
        throw new RecallError('internal', 'a query vector of another dimension', {
          expected: String(dim),
          found: String(vector.length),
        });
      const query = plainArray(vector);
      const least = Math.min(k, count);
      if (least === 0) return { ordinals: new Int32Array(0), scores: new Float32Array(0) };
      native.setEf(Math.max(ef, least));
      const filter = mask === undefined ? known : filterOf(mask);
      const { distances, neighbors } =
        filter === undefined ? native.searchKnn(query, least) : native.searchKnn(query, least, filter);
      return toHits(space, distances, nodes === undefined ? neighbors : neighbors.map(ordinalOf));
    },
  };
};

const asItIs = (label: number): number => label;

/** Could a search return a node of no ad of the sample? One marked as deleted is never returned anyway. */
const returnsStrays = (nodes: NodeLabels | undefined): boolean =>
  nodes?.ordinals.some((ordinal, node) => ordinal === -1 && nodes.deleted?.[node] !== 1) === true;

/** Labels the native code cannot distinguish (equal in their lower 32 bits) or not pass on whole (beyond 2^53). */
const walkedOnly = ({ nodes }: ExpectedIndex): boolean => nodes !== undefined && ordinalOfNative(nodes) === null;

/** The same search by our own walk over the file's graph: the same ads in the same order, some ten times slower. */
const walkedIndex = (path: string, expected: ExpectedIndex): LocalIndex => {
  const graph = graphOf(path, expected);
  const { dim, count, space, elements } = expected;
  return {
    size: count,
    dim,
    space,
    path,
    method: 'hnsw',
    ...(elements === undefined ? {} : { elements }),
    search: (vector, k, ef, mask) => {
      const least = Math.min(k, count);
      if (least === 0) return { ordinals: new Int32Array(0), scores: new Float32Array(0) };
      plainArray(vector);
      const { result } = graph.trace(vector, {
        k: least,
        ef: Math.max(ef, least),
        ...(mask === undefined ? {} : { mask }),
      });
      return toHits(
        space,
        result.map((hop) => hop.distance),
        result.map((hop) => hop.ordinal),
      );
    },
  };
};

/**
 * The native code takes plain arrays only, and a NaN makes its every comparison false and the answer
 * arbitrary. Here and below plain loops: `from` with a mapper costs a tenth of a search.
 */
const plainArray = (vector: Float32Array): number[] => {
  const plain: number[] = [];
  for (let i = 0; i < vector.length; i++) {
    const x = vector[i]!;
    if (!Number.isFinite(x))
      throw new RecallError('bad-vectors', 'the query vector is not finite', {
        expected: `${vector.length} finite numbers`,
        found: String(x),
      });
    plain.push(x);
  }
  return plain;
};

/**
 * The native order is by (distance, label) already. Different distances may round to one score, though:
 * equal scores are put in order of ordinal, as the port promises.
 */
const toHits = (space: ExpectedIndex['space'], distances: readonly number[], labels: readonly number[]): Hits => {
  const ordinals = new Int32Array(labels.length);
  const scores = new Float32Array(labels.length);
  for (let i = 0; i < ordinals.length; i++) {
    ordinals[i] = labels[i]!;
    scores[i] = scoreOf(space, distances[i]!);
    for (let j = i; j > 0 && scores[j] === scores[j - 1] && ordinals[j]! < ordinals[j - 1]!; j--) {
      [ordinals[j], ordinals[j - 1]] = [ordinals[j - 1]!, ordinals[j]!];
    }
  }
  return { ordinals, scores };
};
