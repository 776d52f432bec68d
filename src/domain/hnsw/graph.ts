import { badIndex, headerBytes, parseHeader } from './header.ts';
import type { ByteSource, HnswHeader } from './header.ts';

/**
 * The graph of an hnswlib index: links and labels, without the vectors. A node is a row of the file;
 * its label is the ad's ordinal (−1: an ad the sample does not have). Links of node i on level 0: `links0[i·maxM0
 * …]`, `degree0[i]` of them.
 */
export interface HnswGraph {
  readonly header: HnswHeader;
  readonly links0: Uint32Array;
  readonly degree0: Uint16Array;
  readonly labels: Int32Array;
  /** 1 = marked as deleted (searched through, never returned). */
  readonly deleted: Uint8Array;
  readonly deletedCount: number;
  /** Top level of each node. */
  readonly levels: Uint8Array;
  /** Per node: start in `upper` of its level-1 block, −1 = none. A block: degree, then maxM links. */
  readonly upperStart: Int32Array;
  readonly upper: Uint32Array;
  /** Node of a label; −1 = none. */
  nodeOf(label: number): number;
}

const chunkTarget = 4 << 20;

/**
 * Parses links and labels in one pass; with `ordinals` (by node, −1 = no ad) these stand for the labels of the file.
 * Throws `bad-index`, naming the row, on anything the format forbids.
 */
export const parseGraph = (source: ByteSource, ordinals?: Int32Array): HnswGraph => {
  const header = parseHeader(source);
  const levelZero = readLevelZero(source, header, ordinals);
  const upper = readUpper(source, header);
  return { header, ...levelZero, ...upper, nodeOf: labelLookup(levelZero.labels) };
};

const wordsOf = (bytes: Uint8Array): Uint32Array => {
  const whole = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  return new Uint32Array(whole.buffer, whole.byteOffset, whole.byteLength >> 2);
};

const readLevelZero = (
  source: ByteSource,
  header: HnswHeader,
  ordinals: Int32Array | undefined,
): Pick<HnswGraph, 'links0' | 'degree0' | 'labels' | 'deleted' | 'deletedCount'> => {
  const { count, maxM0, rowBytes, labelOffset } = header;
  const links0 = new Uint32Array(count * maxM0);
  const degree0 = new Uint16Array(count);
  const labels = new Int32Array(count);
  const deleted = new Uint8Array(count);
  let deletedCount = 0;
  const rowsPerChunk = Math.max(1, Math.floor(chunkTarget / rowBytes));
  for (let first = 0; first < count; first += rowsPerChunk) {
    const rows = Math.min(rowsPerChunk, count - first);
    const words = wordsOf(source.read(headerBytes + first * rowBytes, rows * rowBytes));
    for (let row = 0; row < rows; row++) {
      const node = first + row;
      const at = row * (rowBytes >> 2);
      const head = words[at] ?? 0;
      const degree = head & 0xffff;
      if (degree > maxM0)
        throw badIndex('the index is corrupted', {
          expected: `at most ${maxM0} links in row ${node}`,
          found: String(degree),
        });
      degree0[node] = degree;
      if ((head >>> 16) & 1) {
        deleted[node] = 1;
        deletedCount++;
      }
      links0.set(words.subarray(at + 1, at + 1 + degree), node * maxM0);
      labels[node] = ordinals?.[node] ?? labelAt(words, at + (labelOffset >> 2), node);
    }
  }
  checkLinks(links0, degree0, maxM0, count);
  return { links0, degree0, labels, deleted, deletedCount };
};

const labelAt = (words: Uint32Array, at: number, node: number): number => {
  const [low, high] = [words[at] ?? 0, words[at + 1] ?? 0];
  if (high !== 0 || low > 0x7fffffff)
    throw badIndex('the index has a label that is not an ordinal', {
      expected: 'labels below 2^31',
      found: `${BigInt(high) * 4294967296n + BigInt(low)} in row ${node}`,
    });
  return low;
};

const checkLinks = (links: Uint32Array, degree: Uint16Array, stride: number, count: number): void => {
  for (let node = 0; node < count; node++) {
    const end = node * stride + (degree[node] ?? 0);
    for (let i = node * stride; i < end; i++) {
      if ((links[i] ?? 0) >= count)
        throw badIndex('the index is corrupted', {
          expected: `links below ${count}`,
          found: `a link of row ${node} to ${links[i]}`,
        });
    }
  }
};

const readUpper = (source: ByteSource, header: HnswHeader): Pick<HnswGraph, 'levels' | 'upperStart' | 'upper'> => {
  const { count, maxM, rowBytes, fileBytes, maxLevel, entryPoint } = header;
  const start = headerBytes + count * rowBytes;
  const words = wordsOf(source.read(start, fileBytes - start).slice());
  const blockWords = maxM + 1;
  const levels = new Uint8Array(count);
  const upperStart = new Int32Array(count).fill(-1);
  let at = 0;
  for (let node = 0; node < count; node++) {
    const size = words[at++];
    const blocks = (size ?? 0) / (blockWords * 4);
    if (
      size === undefined ||
      !Number.isInteger(blocks) ||
      blocks > maxLevel ||
      at + blocks * blockWords > words.length
    ) {
      throw badIndex('the index is truncated or corrupted', {
        expected: `the upper links of row ${node}`,
        found: size === undefined ? 'the end of the file' : `${size} bytes`,
      });
    }
    levels[node] = blocks;
    if (blocks > 0) upperStart[node] = at;
    for (let level = 1; level <= blocks; level++) checkBlock(words, at + (level - 1) * blockWords, header, node);
    at += blocks * blockWords;
  }
  checkLevels(words, levels, upperStart, blockWords);
  if (at * 4 !== fileBytes - start)
    throw badIndex('the index is corrupted', { expected: `${start + at * 4} bytes`, found: `${fileBytes} bytes` });
  if (count > 0 && levels[entryPoint] !== maxLevel)
    throw badIndex('the index is corrupted', {
      expected: `an entry point on level ${maxLevel}`,
      found: `row ${entryPoint} on level ${levels[entryPoint]}`,
    });
  return { levels, upperStart, upper: words };
};

const checkBlock = (words: Uint32Array, at: number, { maxM, count }: HnswHeader, node: number): void => {
  const degree = (words[at] ?? 0) & 0xffff;
  if (degree > maxM)
    throw badIndex('the index is corrupted', {
      expected: `at most ${maxM} upper links in row ${node}`,
      found: String(degree),
    });
  for (let i = 1; i <= degree; i++) {
    if ((words[at + i] ?? 0) >= count)
      throw badIndex('the index is corrupted', {
        expected: `links below ${count}`,
        found: `an upper link of row ${node} to ${words[at + i]}`,
      });
  }
};

/** A link on a level leads to a node that is on it: the native code would read the links of another there. */
const checkLevels = (words: Uint32Array, levels: Uint8Array, upperStart: Int32Array, blockWords: number): void => {
  for (const [node, start] of upperStart.entries()) {
    for (let level = 1; level <= (levels[node] ?? 0); level++) {
      const at = start + (level - 1) * blockWords;
      const end = at + ((words[at] ?? 0) & 0xffff);
      for (let i = at + 1; i <= end; i++) {
        const to = words[i] ?? 0;
        if ((levels[to] ?? 0) < level)
          throw badIndex('the index is corrupted', {
            expected: `links of level ${level} to nodes on it`,
            found: `a link of row ${node} to row ${to}, whose top level is ${levels[to] ?? 0}`,
          });
      }
    }
  }
};

/** Dense labels 0 … n−1 need one array; any other set of labels a map. Throws `bad-index` on a repeated label. */
const labelLookup = (labels: Int32Array): ((label: number) => number) => {
  const dense = new Int32Array(labels.length).fill(-1);
  const sparse = new Map<number, number>();
  for (let node = 0; node < labels.length; node++) {
    const label = labels[node] ?? -1;
    if (label < 0) continue;
    const taken = label < dense.length ? dense[label] !== -1 : sparse.has(label);
    if (taken)
      throw badIndex('the index has a label twice', {
        expected: 'each ad once',
        found: `label ${label} again in row ${node}`,
      });
    if (label < dense.length) dense[label] = node;
    else sparse.set(label, node);
  }
  return (label) => dense[label] ?? sparse.get(label) ?? -1;
};
