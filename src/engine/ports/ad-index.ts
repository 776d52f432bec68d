import type { EligibilityMask } from '../../domain/ads.ts';
import type { Space } from '../../domain/metric.ts';

export interface Hits {
  readonly ordinals: Int32Array;
  readonly scores: Float32Array;
}

/** The elements of an index by ad of the sample. */
export interface IndexElements {
  /** By ordinal: 0 = no element, 1 = an element that searches return, 2 = one marked as deleted, which they never return. */
  readonly states: Uint8Array;
  /** Elements marked as deleted, those of ads that the sample does not have too. */
  readonly deleted: number;
  /** The index's own label of an ad, as text: it may exceed 2^53. Null for an ad without an element. */
  labelOf(ordinal: number): string | null;
}

/** Approximate index; score in its space, higher is better (domain/metric): ⟨u, v⟩, cos(u, v) or −|u − v|². Best first, ties by ordinal. */
export interface AdIndex {
  /** Nodes of the graph: with ef = size a search visits all it can reach. */
  readonly size: number;
  /** Absent: the label is the ordinal, and each ordinal below `size` has an element. */
  readonly elements?: IndexElements;
  readonly dim: number;
  readonly space: Space;
  readonly path: string;
  /** Name of its method in answers (`ann.method`): `hnsw`. `exact-scan` is the scan without an index. */
  readonly method: string;
  /** A promise where the index is not on this machine; whoever asks awaits it. Rejects as the index fails: no hits are no answer. */
  search(vector: Float32Array, k: number, ef: number, mask?: EligibilityMask): Hits | Promise<Hits>;
}

/** An index on this machine, which answers at once. */
export interface LocalIndex extends AdIndex {
  search(vector: Float32Array, k: number, ef: number, mask?: EligibilityMask): Hits;
}

/** One node as a replayed search met it. `distance` is the index's own: 1 − ⟨u, v⟩, or squared L2. */
export interface SearchHop {
  readonly level: number;
  readonly node: number;
  readonly ordinal: number;
  readonly distance: number;
}

/** The native search, replayed from the index file (hops on level 0 are the nodes expanded, in order). */
export interface SearchTrace {
  readonly entry: SearchHop;
  /** Where the greedy descent landed on level 0. */
  readonly landing: SearchHop;
  readonly hops: readonly SearchHop[];
  /** Nodes whose distance was computed on level 0. */
  readonly visited: number;
  /** Distances the native search computes in all, those on the way down to level 0 too. */
  readonly distances: number;
  /** Nearest candidate left when the search stopped, and the beam's worst distance; null = no candidate was left. */
  readonly stoppedAt: { readonly candidate: SearchHop; readonly bound: number } | null;
  /** The result of the native search: at most k, by (distance, ordinal). */
  readonly result: readonly SearchHop[];
  /** The result before the cut to k, best first: at most max(ef, k) nodes. */
  readonly beam: readonly SearchHop[];
  /**
   * Two candidates were at the same distance, so that a search with another ef may go another way; false where `ties` was
   * not asked for.
   */
  readonly tied: boolean;
  /** The ad in question; null if none was given. */
  readonly target: {
    readonly ordinal: number;
    readonly node: number;
    readonly distance: number;
    readonly visited: boolean;
    readonly inBeam: boolean;
    readonly rank: number | null;
  } | null;
}

/** The graph inside the index file, parsed by ourselves. Ordinals are labels; nodes are rows of the file. */
export interface IndexGraph {
  readonly count: number;
  /** Same order as the native search of the same vector, k, ef and mask. Throws `unknown-ad` when `target` has no node. */
  trace(
    vector: Float32Array,
    options: { k: number; ef: number; target?: number; mask?: EligibilityMask; ties?: boolean },
  ): SearchTrace;
  has(ordinal: number): boolean;
  /** Ordinals that no search can visit, whatever its vector and ef; ascending. */
  unreachable(): Int32Array;
  /** Can a search with this vector visit the ad at some ef? */
  reaches(vector: Float32Array, ordinal: number): boolean;
  /** Ordinals whose level-0 links lead to the ad, ascending. */
  inNeighbours(ordinal: number): Int32Array;
  /** The vector stored in the index file. */
  vectorOf(ordinal: number): Float32Array;
  close(): void;
}
