import { z } from 'zod';
import type {
  BuildIndexOptions,
  ExpectedIndex,
  FileTools,
  IndexHeader,
  IndexNodes,
  NodeLabels,
} from '../../engine/ports/artefacts.ts';
import type { AdIndex, AdVectors, IndexElements, IndexGraph } from '../../engine/ports/ports.ts';
import type { RememberTools } from '../checked-file.ts';
import { originFields, sha256, sizeFields } from './fields.ts';

/** An hnswlib file. */
export const hnswSchema = z.looseObject({
  kind: z.literal('hnsw'),
  file: z.string(),
  sha256,
  ...sizeFields,
  m: z.number().int(),
  efConstruction: z.number().int(),
  seed: z.number().int().nullable(),
  ...originFields,
});

export type HnswEntry = z.infer<typeof hnswSchema>;

/** The adapter's part of the kind `hnsw`. */
export interface HnswTools {
  readonly files: Pick<FileTools, 'readLabels' | 'readIds'> & RememberTools;
  /** With `expected`: throws where dimension or count differ from it. */
  readHeader(path: string, expected?: ExpectedIndex): Promise<IndexHeader>;
  open(path: string, expected: ExpectedIndex): AdIndex;
  /** The same, without blocking the caller's thread while the file loads. */
  load(path: string, expected: ExpectedIndex): Promise<AdIndex>;
  /** Checks the whole file: links of every level, labels, finite rows. Throws `bad-index`, `bad-vectors`. */
  check(path: string, expected: ExpectedIndex): void;
  /** Parses links and labels; vectors stay in the file. */
  openGraph(path: string, expected: ExpectedIndex): Promise<IndexGraph>;
  /** Labels and marks of deletion by node. */
  readNodes(path: string): Promise<IndexNodes>;
  /** The vectors inside an index file, by ordinal, for `adCount` ads. */
  readVectors(path: string, expected: ExpectedIndex, adCount: number): Promise<AdVectors>;
  build(options: BuildIndexOptions): Promise<void>;
}

export const expectedIndex = (
  { dim, count, space }: Pick<HnswEntry, 'dim' | 'count' | 'space'>,
  { nodes, elements }: { readonly nodes?: NodeLabels | undefined; readonly elements?: IndexElements } = {},
): ExpectedIndex => ({
  dim,
  count,
  space,
  ...(nodes === undefined ? {} : { nodes }),
  ...(elements === undefined ? {} : { elements }),
});
