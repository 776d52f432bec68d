import type { Factories } from '../../workspace/factories.ts';
import { csv } from './csv.ts';
import { importSample } from '../import-sample.ts';

/**
 * Reads a folder of CSV files into the sample at `samplePath`, nothing else: how the demo's committed
 * files become a sample. Those files are ours, so a rejected row throws `bad-input` and nothing is written.
 */
export const importCsv =
  (tools: Pick<Factories, 'createSample'>, signal: AbortSignal = new AbortController().signal) =>
  async (source: string, samplePath: string, progress: (done: number, total: number | null) => void): Promise<void> => {
    await importSample({
      format: csv,
      source,
      mapping: null,
      samplePath,
      rejectsPath: null,
      tools,
      signal,
      strict: true,
      onProgress: (_stage, done, total) => progress(done, total),
    });
  };
