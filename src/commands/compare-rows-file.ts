import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import type { CompareRow } from '../domain/compare-all/rows.ts';
import type { ComparePlan } from '../engine/compare-all.ts';
import { RecallError } from '../errors.ts';
import { openJournal } from '../session/journal.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** Everything the rows are a function of. Rows under another header are never mixed in. */
export interface RowsHeader {
  readonly format: 'recall-tui/compare-rows@1';
  readonly plan: ComparePlan;
  readonly fingerprints: Readonly<Record<string, string | null>>;
  /** sha256 of what the manifest settles for every query. */
  readonly settings: string;
  readonly backend: string | null;
  /** sha256 over the users, in order. */
  readonly users: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const rowsHeader = async (workspace: Workspace, plan: ComparePlan, users: readonly string[]): Promise<RowsHeader> => ({
  format: 'recall-tui/compare-rows@1', plan, fingerprints: { ...workspace.fingerprints }, settings: sha256(JSON.stringify(workspace.settings)),
  backend: (await workspace.encoder())?.backend.name ?? null, users: sha256(JSON.stringify(users)),
});

/** Rows on the disk: a batch is there whole or is done again. */
export interface RowsFile {
  /** Batches found complete, by their first user. */
  readonly found: ReadonlyMap<string, readonly CompareRow[]>;
  /** Returns once the rows are on the disk. */
  append(rows: readonly CompareRow[]): void;
  close(): void;
}

interface BatchLine { readonly rows: readonly CompareRow[] }

const parse = (path: string, line: string, number: number): unknown => {
  try {
    return JSON.parse(line);
  } catch (cause) {
    throw new RecallError('bad-input', `line ${number} of ${path} is not JSON`, { todo: 'remove the file to start over', cause });
  }
};

const isBatch = (value: unknown): value is BatchLine =>
  typeof value === 'object' && value !== null && 'rows' in value && Array.isArray(value.rows)
  && value.rows.every((row: unknown) => typeof row === 'object' && row !== null && 'userId' in row && typeof row.userId === 'string' && 'a' in row && 'b' in row);

const differing = (found: unknown, header: RowsHeader): string[] => {
  if (typeof found !== 'object' || found === null) return ['no header'];
  const theirs = new Map(Object.entries(found));
  return Object.entries(header).flatMap(([name, value]) => (JSON.stringify(theirs.get(name)) === JSON.stringify(value) ? [] : [name]));
};

const read = (path: string, header: RowsHeader): Map<string, readonly CompareRow[]> => {
  const text = readFileSync(path, 'utf8');
  const [first = '', ...lines] = text.slice(0, text.lastIndexOf('\n')).split('\n');
  const other = differing(parse(path, first, 1), header);
  if (other.length > 0) {
    throw new RecallError('bad-input', `${path} holds rows of another comparison`, { found: `it differs in ${other.join(', ')}`, todo: 'give the arguments it was begun with, or another file' });
  }
  const found = new Map<string, readonly CompareRow[]>();
  lines.forEach((line, i) => {
    const value = parse(path, line, i + 2);
    if (!isBatch(value)) throw new RecallError('bad-input', `line ${i + 2} of ${path} holds no rows`, { todo: 'remove the file to start over' });
    const userId = value.rows[0]?.userId;
    if (userId !== undefined) found.set(userId, value.rows);
  });
  return found;
};

/** Opens or begins the file. A torn last line is dropped. Throws `bad-input` for the rows of another comparison. */
export const openRowsFile = (path: string, header: RowsHeader): RowsFile => {
  const there = existsSync(path) && statSync(path).size > 0;
  const journal = openJournal(path, existsSync(path) ? 'resume' : 'create');
  try {
    // Torn within its first line, it is empty now.
    const begun = there && statSync(path).size > 0;
    const found = begun ? read(path, header) : new Map<string, readonly CompareRow[]>();
    if (!begun) journal.append(JSON.stringify(header));
    return { found, append: (rows) => { journal.append(JSON.stringify({ rows })); }, close: () => { journal.close(); } };
  } catch (error) {
    journal.close();
    throw error;
  }
};
