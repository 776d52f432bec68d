import type { Random } from '../../../src/domain/random.ts';
import { parseGraph, type HnswGraph } from '../../../src/domain/hnsw/graph.ts';
import { generic } from './bytes.ts';
import { damaged, oneOf, onCopy, pick, type Mutate } from './mutation.ts';

const headerBytes = 96;
const boundaries: readonly bigint[] = [
  0n,
  1n,
  2n ** 31n - 1n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 32n,
  2n ** 53n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** Nodes stand for themselves: the labels of a team need be no ordinals. */
const graphOf = (bytes: Buffer): HnswGraph =>
  parseGraph(
    { size: bytes.length, read: (at, length) => bytes.subarray(at, at + length) },
    Int32Array.from({ length: Number(bytes.readBigUInt64LE(16)) }, (_, node) => node),
  );

/** Changes a copy, knowing where everything lies in it. */
const knowing = (
  change: (
    copy: Buffer,
    graph: HnswGraph,
    random: Random,
  ) => { readonly what: string; readonly breaks?: boolean } | null,
): Mutate => onCopy((copy, random) => change(copy, graphOf(Buffer.from(copy)), random));

const sizes: ReadonlyArray<readonly [name: string, at: number, checked: boolean]> = [
  ['level-0 offset', 0, true],
  ['capacity', 8, false],
  ['count', 16, true],
  ['row bytes', 24, true],
  ['label offset', 32, true],
  ['vector offset', 40, true],
  ['most links of an upper level', 56, false],
  ['most links of level 0', 64, true],
  ['M', 72, false],
  ['efConstruction', 88, false],
];

const header = knowing((copy, _, random) => {
  const [name, at, checked] = pick(random, sizes);
  const old = copy.readBigUInt64LE(at);
  const value = pick(random, [...boundaries, old + 1n, old > 0n ? old - 1n : 2n]);
  copy.writeBigUInt64LE(value, at);
  return { what: `${name} ${old} → ${value}`, breaks: checked && value !== old };
});

const multiplier = knowing((copy, _, random) => {
  const value = pick(random, [Number.NaN, Infinity, -1, 0, 1e308]);
  copy.writeDoubleLE(value, 80);
  return { what: `multiplier ${value}` };
});

const levels = knowing((copy, { header: { maxLevel } }, random) => {
  const value = pick(random, [-1, -2, maxLevel + 1, maxLevel - 1, 63, 64, 2 ** 31 - 1, -(2 ** 31)]);
  copy.writeInt32LE(value, 48);
  return { what: `top level ${maxLevel} → ${value}`, breaks: true };
});

const entry = knowing((copy, { header: { count, entryPoint }, levels: of, header: { maxLevel } }, random) => {
  const value = pick(random, [0, count - 1, count, count + 1, 2 ** 31, 2 ** 32 - 1, random.below(count)]);
  copy.writeUInt32LE(value, 52);
  return {
    what: `entry point ${entryPoint} → ${value}`,
    breaks: value >= count || of[value] !== maxLevel,
  };
});

const link = knowing((copy, { header: { count, rowBytes }, degree0 }, random) => {
  const node = random.below(count);
  const degree = degree0[node] ?? 0;
  if (degree === 0) return null;
  const value = pick(random, [count, count + 1, 2 ** 31, 2 ** 32 - 1, node, 0, random.below(count)]);
  copy.writeUInt32LE(value, headerBytes + node * rowBytes + 4 * (1 + random.below(degree)));
  return { what: `a link of row ${node} to ${value}`, breaks: value >= count };
});

const degree = knowing((copy, { header: { count, rowBytes, maxM0 }, degree0 }, random) => {
  const node = random.below(count);
  const value = pick(random, [0, 1, maxM0, maxM0 + 1, 0xffff, (degree0[node] ?? 0) + 1]);
  copy.writeUInt16LE(value, headerBytes + node * rowBytes);
  return { what: `row ${node} has ${value} links`, breaks: value > maxM0 };
});

const mark = knowing((copy, { header: { count, rowBytes } }, random) => {
  const node = random.below(count);
  const value = pick(random, [1, 0xff, 0x80, 2]);
  copy[headerBytes + node * rowBytes + 2] = value;
  return { what: `row ${node} has the mark ${value}` };
});

const label = knowing((copy, { header: { count, rowBytes, labelOffset } }, random) => {
  const at = (node: number): number => headerBytes + node * rowBytes + labelOffset;
  const [node, other] = [random.below(count), random.below(count)];
  const old = copy.readBigUInt64LE(at(node));
  const twin = copy.readBigUInt64LE(at(other));
  const value = pick(random, [...boundaries.slice(2), BigInt(count), twin, twin, old + 2n ** 32n]);
  copy.writeBigUInt64LE(value, at(node));
  // Taken by another node, or of no ad.
  return { what: `label of row ${node} ${old} → ${value}`, breaks: value !== old };
});

const rowNumber = knowing((copy, { header: { count, rowBytes, vectorOffset, dim } }, random) => {
  const node = random.below(count);
  const bits = pick(random, [0x7fc00000, 0x7f800000, 0xff800000]);
  copy.writeUInt32LE(bits, headerBytes + node * rowBytes + vectorOffset + 4 * random.below(dim));
  return { what: `a number of row ${node} is not finite`, breaks: true };
});

const wholeRow = knowing((copy, { header: { count, rowBytes, vectorOffset, dim } }, random) => {
  const node = random.below(count);
  const at = headerBytes + node * rowBytes + vectorOffset;
  const bits = pick(random, [0, 0x7f7fffff, 0x00000001]);
  for (let i = 0; i < dim; i += 1) copy.writeUInt32LE(bits, at + 4 * i);
  return { what: `the numbers of row ${node} are all 0x${bits.toString(16)}` };
});

const upperStartOf = ({ header: { count, rowBytes } }: HnswGraph): number => headerBytes + count * rowBytes;

const upperSize = knowing((copy, graph, random) => {
  const {
    header: { count, maxM },
    upperStart,
  } = graph;
  const node = random.below(count);
  const block = 4 * (maxM + 1);
  const start = upperStart[node] ?? -1;
  // The size stands before the blocks; of a node without any it is a zero whose place is not known.
  if (start < 0) return null;
  const at = upperStartOf(graph) + 4 * (start - 1);
  const value = pick(random, [0, 1, block - 4, block + 4, 2 * block, 64 * block, 2 ** 31, 2 ** 32 - 4]);
  const old = copy.readUInt32LE(at);
  copy.writeUInt32LE(value, at);
  return { what: `row ${node} has ${value} bytes of upper links`, breaks: value !== old };
});

const upperLink = knowing((copy, graph, random) => {
  const {
    header: { count },
    upperStart,
    levels: of,
  } = graph;
  const nodes = Array.from(upperStart.keys()).filter((node) => (upperStart[node] ?? -1) >= 0);
  if (nodes.length === 0) return null;
  const node = pick(random, nodes);
  const at = upperStartOf(graph) + 4 * (upperStart[node] ?? 0);
  const value = pick(random, [count, 2 ** 32 - 1, of.indexOf(0), random.below(count)]);
  copy.writeUInt32LE(Math.max(1, copy.readUInt32LE(at)), at);
  copy.writeUInt32LE(value, at + 4);
  return { what: `an upper link of row ${node} to ${value}`, breaks: value >= count || (of[value] ?? 0) < 1 };
});

const upperDegree = knowing((copy, graph, random) => {
  const {
    header: { maxM },
    upperStart,
  } = graph;
  const node = upperStart.findIndex((start) => start >= 0);
  if (node < 0) return null;
  const value = pick(random, [maxM + 1, 0xffff, 0, 0x10000 + maxM]);
  copy.writeUInt32LE(value, upperStartOf(graph) + 4 * (upperStart[node] ?? 0));
  return { what: `row ${node} has ${value} upper links`, breaks: (value & 0xffff) > maxM };
});

const border: Mutate = (bytes, random) => {
  const graph = graphOf(bytes);
  const {
    header: { count, rowBytes },
  } = graph;
  const length = pick(random, [
    0,
    8,
    headerBytes - 1,
    headerBytes,
    headerBytes + random.below(count) * rowBytes,
    upperStartOf(graph),
    bytes.length - 4,
    bytes.length - 1,
  ]);
  return damaged(bytes.subarray(0, length), `cut after ${length} of ${bytes.length} bytes`, true);
};

const longer: Mutate = (bytes, random) =>
  damaged(Buffer.concat([bytes, Buffer.alloc(pick(random, [1, 4, 96]))]), 'longer than it says', true);

const sections = knowing((copy, { header: { count, rowBytes } }, random) => {
  const [a, b] = [random.below(count), random.below(count)];
  const at = (node: number): number => headerBytes + node * rowBytes;
  const held = Buffer.from(copy.subarray(at(a), at(a) + rowBytes));
  copy.copyWithin(at(a), at(b), at(b) + rowBytes);
  held.copy(copy, at(b));
  return { what: `rows ${a} and ${b} swapped` };
});

export const hnsw: Mutate = oneOf(
  [4, header],
  [0.5, multiplier],
  [1, levels],
  [1, entry],
  [3, link],
  [1, degree],
  [1, mark],
  [2, label],
  [1, rowNumber],
  [1, wholeRow],
  [1, upperSize],
  [2, upperLink],
  [0.5, upperDegree],
  [1, border],
  [0.5, longer],
  [1, sections],
  [4, generic],
);
