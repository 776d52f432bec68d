import { RecallError } from '../../errors.ts';
import { headerBytes, parseHeader } from '../../domain/hnsw/header.ts';
import type { HnswHeader } from '../../domain/hnsw/header.ts';
import type { AdVectors } from '../../engine/ports/ports.ts';
import type { ExpectedIndex } from '../../engine/ports/artefacts.ts';
import { namingPath, openFileSource } from './file-source.ts';
import type { FileSource } from './file-source.ts';
import { checkHeader } from './read-header.ts';

const chunkBytes = 4 << 20;

/** Calls `visit` with each node of the file: the bytes of its row, as a view that the next call overwrites. */
const eachRow = (
  source: FileSource,
  { count, rowBytes }: HnswHeader,
  visit: (node: number, row: DataView) => void,
): void => {
  const perChunk = Math.max(1, Math.floor(chunkBytes / rowBytes));
  for (let first = 0; first < count; first += perChunk) {
    const rows = Math.min(perChunk, count - first);
    const bytes = source.read(headerBytes + first * rowBytes, rows * rowBytes);
    for (let row = 0; row < rows; row++)
      visit(first + row, new DataView(bytes.buffer, bytes.byteOffset + row * rowBytes, rowBytes));
  }
};

const withRows = <T>(path: string, use: (source: FileSource, header: HnswHeader) => T): T => {
  const source = openFileSource(path);
  try {
    return namingPath(path, () => use(source, parseHeader(source)));
  } finally {
    source.close();
  }
};

/** Labels by node, all 64 bits of them: the native code would give the lower 32 only. Throws `missing-artefact`, `bad-index`. */
export const readIndexLabels = async (path: string): Promise<BigUint64Array> =>
  withRows(path, (source, header) => {
    const labels = new BigUint64Array(header.count);
    eachRow(source, header, (node, row) => {
      labels[node] = row.getBigUint64(header.labelOffset, true);
    });
    return labels;
  });

/**
 * The vectors an index file holds, by ordinal, for `adCount` ads: in the space `cosine` they are of unit length, as hnswlib
 * stores them. Throws `missing-artefact`, `bad-index`; `bad-vectors` on a value that is not finite.
 */
export const readIndexVectors = async (path: string, expected: ExpectedIndex, adCount: number): Promise<AdVectors> => {
  checkHeader(path, expected);
  return withRows(path, (source, header) => {
    const { dim, vectorOffset, labelOffset } = header;
    const data = new Float32Array(new SharedArrayBuffer(adCount * dim * 4));
    const present = new Uint8Array(adCount);
    eachRow(source, header, (node, row) => {
      const ordinal =
        expected.nodes === undefined ? row.getUint32(labelOffset, true) : (expected.nodes.ordinals[node] ?? -1);
      if (ordinal < 0 || ordinal >= adCount) return;
      present[ordinal] = 1;
      for (let d = 0; d < dim; d++) {
        const x = row.getFloat32(vectorOffset + 4 * d, true);
        if (!Number.isFinite(x))
          throw new RecallError('bad-vectors', `${path}: it holds a value that is not finite`, {
            expected: 'finite numbers in every node',
            found: `${x} in node ${node}, column ${d}`,
            todo: 'build the index again from finite vectors',
          });
        data[ordinal * dim + d] = x;
      }
    });
    return { count: adCount, dim, data, space: expected.space, ...(present.includes(0) ? { present } : {}) };
  });
};
