import { setImmediate as turn } from 'node:timers/promises';
import { RecallError } from '../errors.ts';
import type { SampleCounts } from '../engine/ports/artefacts.ts';
import type { Factories } from '../workspace/factories.ts';
import type { Format, HeaderMapping, Seen, Suggestion } from './formats/format.ts';
import { requireFolder } from './tables/lines.ts';
import { rejectLog, type FileReport } from './tables/report.ts';
import { importRun } from './run.ts';

export interface ImportSampleOptions {
  readonly format: Format;
  /** Folder of the source files. */
  readonly source: string;
  readonly mapping: HeaderMapping | null;
  /** The sample to write; it appears whole or not at all. */
  readonly samplePath: string;
  /** Rejected rows as JSON lines; null = not written. */
  readonly rejectsPath: string | null;
  /** A rejected row is an error. */
  readonly strict?: boolean;
  readonly tools: Pick<Factories, 'createSample'>;
  readonly signal: AbortSignal;
  readonly onProgress: (stage: string, done: number, total: number) => void;
}

export interface ImportedSample {
  readonly counts: SampleCounts;
  readonly reports: readonly FileReport[];
  readonly suggestion: Suggestion;
  readonly seen: Seen;
}

const refuseRejected = (reports: readonly FileReport[]): void => {
  for (const { file, firstLines } of reports) {
    const [first] = Object.entries(firstLines);
    if (first !== undefined)
      throw new RecallError('bad-input', `${file} has a row that cannot be used`, {
        expected: 'rows without fault',
        found: `line ${first[1]}: ${first[0]}`,
      });
  }
};

/**
 * Reads a source into a new sample. Throws `bad-input` on files that cannot be used, `cancelled`; single bad rows are
 * rejected and counted.
 */
export const importSample = async (options: ImportSampleOptions): Promise<ImportedSample> => {
  const { format, source, mapping, samplePath, rejectsPath, tools, signal, onProgress, strict = false } = options;
  requireFolder(source);
  const rejects = rejectLog(rejectsPath);
  const writer = tools.createSample(samplePath);
  try {
    const { run, reports } = importRun({ source, mapping, writer, rejects, signal, onProgress });
    const suggestion = await format.read(run);
    // A signal that came last: what follows is not interrupted by a callback.
    await turn();
    signal.throwIfAborted();
    if (strict) refuseRejected(reports());
    const counts = writer.finish(onProgress);
    return { counts, reports: reports(), suggestion, seen: run.seen };
  } catch (error) {
    writer.abort();
    throw error;
  } finally {
    rejects.close();
  }
};
