import { appendFileSync, writeFileSync } from 'node:fs';
import { privateFile } from '../../base/atomic-file.ts';
import { byCodeUnit } from '../../base/order.ts';

/** Counts of one source file: `read = kept + Σ rejected`. */
export interface FileReport {
  readonly file: string;
  readonly read: number;
  readonly kept: number;
  /** Rows by reason, in code-unit order of reason. */
  readonly rejected: Readonly<Record<string, number>>;
  /** The first line (from 1) of each reason. */
  readonly firstLines: Readonly<Record<string, number>>;
  /** Cells of optional columns that could not be used and count as empty, by `column: reason`. */
  readonly emptied: Readonly<Record<string, number>>;
}

export interface FileCounter {
  keep(): void;
  reject(line: number, reason: string, row: string): void;
  /** A cell of an optional column cannot be used: it counts as empty, its row is kept. */
  empty(column: string, reason: string): void;
  report(): FileReport;
}

/** Rejected rows as JSON lines `{file, line, reason, row}`, written a megabyte at a time. */
export interface RejectLog {
  add(file: string, line: number, reason: string, row: string): void;
  close(): void;
}

const flushAt = 1 << 20;
const longestRow = 2_000;

export const rejectLog = (path: string | null): RejectLog => {
  if (path === null) return { add: () => undefined, close: () => undefined };
  // Rows of users.
  writeFileSync(path, '', { mode: privateFile });
  let pending: string[] = [];
  let size = 0;
  const flush = (): void => {
    if (size > 0) appendFileSync(path, pending.join(''));
    pending = [];
    size = 0;
  };
  return {
    add: (file, line, reason, row) => {
      const text = `${JSON.stringify({ file, line, reason, row: row.length > longestRow ? `${row.slice(0, longestRow)}…` : row })}\n`;
      pending.push(text);
      size += text.length;
      if (size > flushAt) flush();
    },
    close: flush,
  };
};

export const fileCounter = (file: string, log: RejectLog): FileCounter => {
  let kept = 0;
  const rejected = new Map<string, { count: number; firstLine: number }>();
  const emptied = new Map<string, number>();
  return {
    keep: () => {
      kept += 1;
    },
    reject: (line, reason, row) => {
      const seen = rejected.get(reason);
      if (seen === undefined) rejected.set(reason, { count: 1, firstLine: line });
      else seen.count += 1;
      log.add(file, line, reason, row);
    },
    empty: (column, reason) => {
      const cell = `${column}: ${reason}`;
      emptied.set(cell, (emptied.get(cell) ?? 0) + 1);
    },
    report: () => {
      const reasons = [...rejected].sort(([a], [b]) => byCodeUnit(a, b));
      return {
        file,
        read: kept + reasons.reduce((sum, [, { count }]) => sum + count, 0),
        kept,
        rejected: Object.fromEntries(reasons.map(([reason, { count }]) => [reason, count])),
        firstLines: Object.fromEntries(reasons.map(([reason, { firstLine }]) => [reason, firstLine])),
        emptied: Object.fromEntries([...emptied].sort(([a], [b]) => byCodeUnit(a, b))),
      };
    },
  };
};
