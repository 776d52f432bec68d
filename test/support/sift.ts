import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Space } from '../../src/domain/metric.ts';

const data = process.env['RECALL_DATA'] ?? join(import.meta.dirname, '..', '..', '..', 'shared', 'data');

/** The folder of real descriptors with ground truth; null, with the reason printed, where the public data are not. */
export const siftFolder = (): string | null => {
  const folder = join(data, 'ann-sift-5k');
  if (existsSync(join(folder, 'base.fvecs'))) return folder;
  process.stderr.write(`skipped: no ${folder}; set RECALL_DATA to the folder of public data\n`);
  return null;
};

const names: Readonly<Record<Space, string>> = { l2: 'l2', ip: 'ip', cosine: 'cos' };

/** The exact best rows of the base by query, best first, as the publisher computed them. */
export const groundTruth = (folder: string, space: Space): Int32Array[] => {
  const bytes = readFileSync(join(folder, `groundtruth_${names[space]}_top100.ivecs`));
  const words = new Int32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
  const width = (words[0] ?? 0) + 1;
  return Array.from({ length: words.length / width }, (_, q) => words.subarray(q * width + 1, (q + 1) * width));
};
