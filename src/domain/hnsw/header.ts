import { RecallError } from '../../errors.ts';

/** Bytes of the header in front of the level-0 block: eleven size_t or double, two 32-bit integers. */
export const headerBytes = 96;

/** Bytes by position: a file, or a buffer in a test. `read` may return a view that the next call overwrites. */
export interface ByteSource {
  readonly size: number;
  read(offset: number, length: number): Uint8Array;
}

/** Header of an hnswlib file (hnswalg.h `saveIndex`, 64-bit little-endian builds) and what follows from it. */
export interface HnswHeader {
  readonly count: number;
  readonly maxElements: number;
  readonly dim: number;
  readonly m: number;
  /** Most links of a node on the upper levels, and on level 0. */
  readonly maxM: number;
  readonly maxM0: number;
  readonly efConstruction: number;
  readonly maxLevel: number;
  readonly entryPoint: number;
  /** Bytes of one node on level 0: links, vector, label; and where vector and label start in it. */
  readonly rowBytes: number;
  readonly vectorOffset: number;
  readonly labelOffset: number;
  readonly fileBytes: number;
}

export const badIndex = (message: string, details: { expected?: string; found?: string } = {}): RecallError =>
  new RecallError('bad-index', message, { ...details, todo: 'rebuild it with `recall-tui index DIR`' });

/** Reads and checks the header. Throws `bad-index` where the numbers contradict each other or the file's size. */
export const parseHeader = (source: ByteSource): HnswHeader => {
  if (source.size < headerBytes)
    throw badIndex('the index is shorter than its header', {
      expected: `at least ${headerBytes} bytes`,
      found: `${source.size} bytes`,
    });
  const bytes = source.read(0, headerBytes);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = (at: number): number => {
    const value = view.getBigUint64(at, true);
    if (value > BigInt(Number.MAX_SAFE_INTEGER))
      throw badIndex('the header is not that of an hnswlib index', {
        expected: `a size at byte ${at}`,
        found: String(value),
      });
    return Number(value);
  };
  const [labelOffset, vectorOffset] = [size(32), size(40)];
  const header: HnswHeader = {
    maxElements: size(8),
    count: size(16),
    rowBytes: size(24),
    labelOffset,
    vectorOffset,
    dim: (labelOffset - vectorOffset) / 4,
    maxLevel: view.getInt32(48, true),
    entryPoint: view.getUint32(52, true),
    maxM: size(56),
    maxM0: size(64),
    m: size(72),
    efConstruction: size(88),
    fileBytes: source.size,
  };
  check(header, size(0));
  return header;
};

/** The native code takes some 54 bytes for each ad there is room for (a lock, a mark, a level): 2 GB of them. */
const mostCapacity = 2 ** 25;

const check = (h: HnswHeader, offsetLevel0: number): void => {
  const rules: Array<[boolean, string, string]> = [
    [offsetLevel0 === 0, 'level-0 offset 0', String(offsetLevel0)],
    [
      h.maxM0 >= 1 && h.vectorOffset === 4 + 4 * h.maxM0,
      `vectors after ${h.maxM0} links`,
      `vectors at byte ${h.vectorOffset} of a row`,
    ],
    [Number.isInteger(h.dim) && h.dim >= 1, 'a whole number of float32 columns', String(h.dim)],
    [h.rowBytes === h.labelOffset + 8, `rows of ${h.labelOffset + 8} bytes`, `${h.rowBytes} bytes`],
    [h.count <= h.maxElements, `at most ${h.maxElements} ads`, `${h.count} ads`],
    [h.maxElements <= mostCapacity, `room for at most ${mostCapacity} ads`, `room for ${h.maxElements}`],
    [h.count === 0 || h.entryPoint < h.count, `an entry point below ${h.count}`, String(h.entryPoint)],
    [h.count === 0 || (h.maxLevel >= 0 && h.maxLevel < 64), 'a top level of 0 … 63', String(h.maxLevel)],
  ];
  for (const [holds, expected, found] of rules)
    if (!holds) throw badIndex('the header is not that of an hnswlib index', { expected, found });
  const least = headerBytes + h.count * (h.rowBytes + 4);
  if (h.fileBytes < least)
    throw badIndex('the index file is truncated', {
      expected: `at least ${least} bytes for ${h.count} ads of dimension ${h.dim}`,
      found: `${h.fileBytes} bytes`,
    });
};
