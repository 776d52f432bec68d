import { RecallError } from '../../errors.ts';
import { parseGraph } from '../../domain/hnsw/graph.ts';
import { headerBytes, parseHeader } from '../../domain/hnsw/header.ts';
import type { HnswHeader } from '../../domain/hnsw/header.ts';
import type { AdVectors } from '../../engine/ports/ports.ts';
import type { ExpectedIndex, IndexNodes } from '../../engine/ports/artefacts.ts';
import { namingPath, openFileSource } from './file-source.ts';
import type { FileSource } from './file-source.ts';
import { checkHeader } from './read-header.ts';

const chunkBytes = 4 << 20;

/** Calls `visit` with each node of the file: its row starts at `at` of a view that the next call overwrites. */
const eachRow = (
  source: FileSource,
  { count, rowBytes }: HnswHeader,
  visit: (node: number, rows: DataView, at: number) => void,
): void => {
  const perChunk = Math.max(1, Math.floor(chunkBytes / rowBytes));
  for (let first = 0; first < count; first += perChunk) {
    const rows = Math.min(perChunk, count - first);
    const bytes = source.read(headerBytes + first * rowBytes, rows * rowBytes);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let row = 0; row < rows; row++) visit(first + row, view, row * rowBytes);
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

/**
 * Checks the whole file by our own parser, before native code sees it: sizes, links of every level, labels, rows. That
 * code trusts the file, and a link to nowhere ends the process. Throws `missing-artefact`, `bad-index`; `bad-vectors`
 * on a row with a value that is not finite.
 */
export const checkIndexFile = (path: string, { nodes }: Pick<ExpectedIndex, 'nodes'>): void =>
  withRows(path, (source, header) => {
    parseGraph(source, nodes?.ordinals);
    eachRow(source, header, (node, rows, at) => {
      for (let d = 0; d < header.dim; d++) {
        const x = rows.getFloat32(at + header.vectorOffset + 4 * d, true);
        if (!Number.isFinite(x)) throw notFinite(path, x, node, d);
      }
    });
  });

const notFinite = (path: string, x: number, node: number, column: number): RecallError =>
  new RecallError('bad-vectors', `${path}: row ${node} holds a value that is not finite`, {
    expected: 'finite numbers in every row',
    found: `${x} in row ${node}, column ${column}`,
    todo: 'build the index again from finite vectors',
  });

/**
 * Label and mark of deletion of each node. All 64 bits of the label: the native code would give the lower 32 only. The
 * mark is bit 0 of byte 2 of a row (hnswalg.h `markDeletedInternal`). Throws `missing-artefact`, `bad-index`.
 */
export const readIndexNodes = async (path: string): Promise<IndexNodes> =>
  withRows(path, (source, header) => {
    const labels = new BigUint64Array(header.count);
    const deleted = new Uint8Array(header.count);
    eachRow(source, header, (node, rows, at) => {
      labels[node] = rows.getBigUint64(at + header.labelOffset, true);
      deleted[node] = rows.getUint8(at + 2) & 1;
    });
    return { labels, deleted };
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
    eachRow(source, header, (node, rows, at) => {
      const ordinal =
        expected.nodes === undefined ? rows.getUint32(at + labelOffset, true) : (expected.nodes.ordinals[node] ?? -1);
      if (ordinal < 0 || ordinal >= adCount) return;
      present[ordinal] = 1;
      for (let d = 0; d < dim; d++) {
        const x = rows.getFloat32(at + vectorOffset + 4 * d, true);
        if (!Number.isFinite(x)) throw notFinite(path, x, node, d);
        data[ordinal * dim + d] = x;
      }
    });
    return { count: adCount, dim, data, space: expected.space, ...(present.includes(0) ? { present } : {}) };
  });
};
