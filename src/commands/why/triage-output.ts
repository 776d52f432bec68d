import { once } from 'node:events';
import { createWriteStream, existsSync, statSync, truncateSync } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { checkReplaceable, partialPath } from '../../base/atomic-file.ts';
import { readRegularSync, streamRegular } from '../../base/regular-file.ts';
import { isRecord } from '../../base/json.ts';
import { safeJson } from '../../base/unsafe-text.ts';
import type { CountedRow, TriageRow, TriageTotals } from '../../domain/triage.ts';
import { RecallError } from '../../errors.ts';
import { parseRow } from '../../ingest/tables/jsonl.ts';
import { lineBatches } from '../../ingest/tables/lines.ts';
import { xmlText } from '../../session/report-files.ts';
import { openJournal, type Journal } from '../../session/journal.ts';
import { triageRowOf } from './triage-row-schema.ts';

export const triageFormat = 'recall-tui/triage@1';

/** Everything the rows depend on but the pairs. */
export interface TriageHeader {
  readonly format: typeof triageFormat;
  readonly plan: string;
  readonly fingerprints: Readonly<Record<string, string | null>>;
  readonly repairs: boolean;
}

const foreign = (path: string, found: string): RecallError =>
  new RecallError('bad-input', `${path} holds other rows`, {
    expected: `rows of ${triageFormat} with these settings and artefacts, for these pairs`,
    found,
    todo: 'give the arguments it was begun with, or another file',
  });

/**
 * The rows that a file has already up to `end`, one at a time; the summary at its end is not one. Throws `bad-input`.
 */
async function* rowsIn(
  path: string,
  header: TriageHeader,
  end: number,
  signal: AbortSignal,
): AsyncGenerator<CountedRow> {
  const read = { encoding: 'utf-8' as const, onBytes: () => undefined, signal };
  let at = 0;
  for await (const batch of lineBatches(path, read))
    for (const { line, text } of batch) {
      at += Buffer.byteLength(text) + 1;
      if (at > end) return;
      const value = text === '' ? null : parseRow(text);
      if (line === 1) {
        if (JSON.stringify(value) !== JSON.stringify(header)) throw foreign(path, 'line 1 is another header');
      } else if (value !== null && !isRecord(value['summary'])) {
        const row = triageRowOf(value);
        if (row === null) throw foreign(path, `line ${line} is no row`);
        yield row;
      }
    }
}

export interface TriageFile {
  /** The next row that is there already; null: no more. */
  next(): Promise<CountedRow | null>;
  /** What is there is of these pairs: its summary and a torn line go, more rows may follow. Until then it stays as it is. */
  begin(): void;
  append(rows: readonly TriageRow[]): void;
  close(summary: TriageTotals): void;
}

/** The one line of a file was torn: it is the beginning of this header, or it is another file. */
const checkTorn = (path: string, header: TriageHeader): void => {
  const text = readRegularSync(path).toString('utf8');
  if (!safeJson(header).startsWith(text)) throw foreign(path, 'line 1 is another header');
};

/** Where the last whole line ends that is no summary; what follows goes before more rows are written. */
const endOfRows = async (path: string, signal: AbortSignal): Promise<number> => {
  const size = statSync(path).size;
  let [end, at] = [0, 0];
  const read = { encoding: 'utf-8' as const, onBytes: () => undefined, signal };
  for await (const batch of lineBatches(path, read))
    for (const { text } of batch) {
      at += Buffer.byteLength(text) + 1;
      if (at <= size && text !== '' && !text.startsWith('{"summary":')) end = at;
    }
  return end;
};

/** Begins a file of rows or goes on with one that was cut off. For its owner alone. Throws `bad-input`. */
export const openTriageFile = async (path: string, header: TriageHeader, signal: AbortSignal): Promise<TriageFile> => {
  const there = existsSync(path);
  const end = there ? await endOfRows(path, signal) : 0;
  // A file without a whole line was begun, and no row was safe.
  const rows = there && end > 0 ? rowsIn(path, header, end, signal) : null;
  const first = (await rows?.next()) ?? null;
  if (there && end === 0 && statSync(path).size > 0) checkTorn(path, header);
  let journal: Journal | null = null;
  const open = (): Journal => {
    if (journal !== null) return journal;
    if (there && end < statSync(path).size) truncateSync(path, end);
    journal = openJournal(path, there ? 'resume' : 'create');
    if (end === 0) journal.append(safeJson(header));
    return journal;
  };
  let waiting = first;
  return {
    next: async () => {
      const now = waiting;
      waiting = now === null || now.done === true ? now : ((await rows?.next()) ?? null);
      return now === null || now.done === true ? null : now.value;
    },
    begin: () => void open(),
    append: (added) => {
      if (added.length > 0) open().append(added.map(safeJson).join('\n'));
    },
    close: (summary) => {
      const lines = open();
      lines.append(safeJson({ summary }));
      lines.close();
    },
  };
};

export interface JunitFile {
  add(row: CountedRow): Promise<void>;
  /** Writes it whole: cases wait in a file beside it, as their number stands before them. */
  finish(totals: TriageTotals): Promise<void>;
  discard(): Promise<void>;
}

const caseOf = (row: CountedRow, userName: (userId: string) => string): string => {
  const name = `line ${row.line}: ${userName(row.userId)} ${row.adId} ${row.expect ?? ''}`;
  const open = `    <testcase classname="${xmlText(row.group)}" name="${xmlText(name)}"`;
  if (row.holds !== false) return `${open}/>\n`;
  const said = `expected ${row.expect ?? ''}, found ${row.group}${row.rank === null ? '' : ` at rank ${row.rank}`}`;
  return `${open}><failure message="${xmlText(said)}"/></testcase>\n`;
};

/** JUnit XML: a case for each row that expects something; users stand under the names that a session gives them. */
export const junitFile = (path: string, userName: (userId: string) => string): JunitFile => {
  checkReplaceable(path);
  const waiting = partialPath(path);
  const stream = createWriteStream(waiting, { flags: 'wx' });
  let failed: Error | null = null;
  stream.on('error', (error) => {
    failed ??= error;
  });
  const check = (): void => {
    if (failed !== null)
      throw new RecallError('file-system', `cannot write ${path}`, { found: failed.message, cause: failed });
  };
  const ended = (): Promise<void> =>
    new Promise((resolve) => {
      stream.end(() => {
        resolve();
      });
    });
  return {
    add: async (row) => {
      check();
      if (row.holds === null) return;
      if (!stream.write(caseOf(row, userName))) await once(stream, 'drain');
    },
    finish: async ({ expected, failed: failures }) => {
      await ended();
      check();
      const whole = partialPath(path);
      const head = `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n  <testsuite name="triage" tests="${expected}" failures="${failures}" errors="0">\n`;
      await pipeline(
        async function* () {
          yield head;
          yield* await streamRegular(waiting, 1 << 16);
          yield '  </testsuite>\n</testsuites>\n';
        },
        createWriteStream(whole, { flags: 'wx' }),
      );
      await rename(whole, path);
      await rm(waiting, { force: true });
    },
    discard: async () => {
      await ended();
      await rm(waiting, { force: true });
    },
  };
};
