import { z } from 'zod';
import { channelNames } from '../../domain/query.ts';
import { userMetrics, type CompareRow } from '../../domain/compare-all/rows.ts';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { jsonOf } from '../../base/json.ts';
import { readRegularSync } from '../../base/regular-file.ts';
import type { ComparePlan } from '../../engine/compare-all.ts';
import { RecallError } from '../../errors.ts';
import { openJournal } from '../../session/journal.ts';
import type { Workspace } from '../../workspace/workspace.ts';

const at = (path: readonly PropertyKey[]): string =>
  path
    .map(String)
    .reduce((text, part) => (/^\d+$/.test(part) ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`), '');

export type ReadRows = { readonly rows: readonly CompareRow[] } | { readonly field: string; readonly problem: string };

/**
 * Reads the rows of a batch, of lists at `k` over a catalogue of `ads`: the rows, or the first field that is not as it
 * must be.
 */
export const rowsReader = (k: number, ads: number): ((json: unknown) => ReadRows) => {
  const digits = new RegExp(`^[0-${channelNames.length - 1}]*$`);
  const side = z
    .object({
      ads: z.array(
        z
          .int()
          .min(0)
          .max(ads - 1),
      ),
      via: z.string().regex(digits, 'not one digit of a channel an ad'),
      hits: z.array(z.int().min(1)),
      values: z.array(z.number().nullable()).length(userMetrics(k).length),
    })
    .refine(({ ads: list, via }) => list.length === via.length, {
      path: ['via'],
      message: 'not as many channels as ads',
    });
  const batch = z
    .array(
      z.object({
        userId: z.string().min(1),
        asOf: z.int(),
        engaged: z.int().min(0),
        rbo: z.number(),
        segments: z.array(z.tuple([z.string(), z.string()])),
        a: side,
        b: side,
        failed: z.string().nullable(),
      }),
    )
    .min(1);
  return (json) => {
    const { success, data, error } = batch.safeParse(json);
    if (success) return { rows: data };
    const [issue] = error.issues;
    return { field: at(['rows', ...(issue?.path ?? [])]), problem: issue?.message ?? 'unreadable' };
  };
};

const format = 'recall-tui/compare-rows@2';

/** Everything the rows are a function of. Rows under another header are never mixed in. */
export interface RowsHeader {
  readonly format: typeof format;
  readonly plan: ComparePlan;
  readonly fingerprints: Readonly<Record<string, string | null>>;
  /** sha256 of what the manifest settles for every query. */
  readonly settings: string;
  readonly backend: string | null;
  /** sha256 over the users, in order. */
  readonly users: string;
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export const rowsHeader = async (
  workspace: Workspace,
  plan: ComparePlan,
  users: readonly string[],
): Promise<RowsHeader> => ({
  format,
  plan,
  fingerprints: { ...workspace.fingerprints },
  settings: sha256(JSON.stringify(workspace.settings)),
  backend: (await workspace.encoder())?.backend.name ?? null,
  users: sha256(JSON.stringify(users)),
});

/** Rows on the disk: a batch is there whole and untouched, or is measured again. */
export interface RowsFile {
  /** Batches found intact, by their first user. */
  readonly found: ReadonlyMap<string, readonly CompareRow[]>;
  /** Notices about the file. */
  readonly notices: readonly string[];
  /** Returns once the rows are on the disk. */
  append(rows: readonly CompareRow[]): void;
  close(): void;
}

/** Each line carries the checksum of its own text: a changed digit is as good JSON as the right one. */
const sealed = (kind: 'header' | 'rows', value: unknown): string => {
  const body = JSON.stringify(value);
  return `{"sha256":"${sha256(body)}","${kind}":${body}}`;
};

/** The text that was sealed; null where a byte of the line is another one. */
const unsealed = (kind: 'header' | 'rows', line: string): string | null => {
  const start = line.indexOf(`","${kind}":`);
  const body = line.slice(start + kind.length + 5, -1);
  return start >= 0 && line === `{"sha256":"${sha256(body)}","${kind}":${body}}` ? body : null;
};

/**
 * Complete lines, and what follows the last of them. Decoded one by one: all rows together may be longer than a string
 * can be.
 */
const linesOf = (path: string): { lines: string[]; torn: string } => {
  const bytes = readRegularSync(path);
  const lines: string[] = [];
  let from = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
    lines.push(bytes.toString('utf8', from, end));
    from = end + 1;
  }
  return { lines, torn: bytes.toString('utf8', from) };
};

const jsonIn = (body: string, where: string): unknown =>
  jsonOf(body, { code: 'bad-input', where, message: `${where} is not JSON`, todo: startOver });

const older = /^\{"format":"recall-tui\/compare-rows@\d+"/;

const startOver = 'name another file, or remove this one to measure all users again';

/** Throws `bad-input` unless the first line is this comparison's header, intact. */
const checkHeader = (path: string, line: string, header: RowsHeader): void => {
  if (older.test(line))
    throw new RecallError('bad-input', `${path} was written by an older version, whose rows carry no checksum`, {
      expected: format,
      found: line.slice(11, line.indexOf('"', 11)),
      todo: startOver,
    });
  const body = unsealed('header', line);
  if (body === null) {
    throw new RecallError('bad-input', `line 1 of ${path} is not the header of a rows file`, {
      expected: `the header of ${format} with its checksum, as compare --all --resume writes it`,
      found: line.startsWith('{"sha256"')
        ? 'a damaged one: its checksum does not hold'
        : 'something else: damaged, or no rows file at all',
      todo: startOver,
    });
  }
  const theirs = new Map(Object.entries(jsonIn(body, `line 1 of ${path}`) ?? {}));
  const other = Object.entries(header).flatMap(([name, value]) =>
    JSON.stringify(theirs.get(name)) === JSON.stringify(value) ? [] : [name],
  );
  if (other.length > 0)
    throw new RecallError('bad-input', `${path} holds rows of another comparison`, {
      found: `it differs in ${other.join(', ')}`,
      todo: 'give the arguments it was begun with, or another file',
    });
};

const damageNotice = (path: string, damaged: readonly number[]): string[] => {
  if (damaged.length === 0) return [];
  const [first, rest] = [damaged.slice(0, 5).join(', '), damaged.length - 5];
  return [
    `${path}: line${damaged.length === 1 ? '' : 's'} ${first}${rest > 0 ? ` and ${rest} more` : ''} damaged (the checksum does not hold) and left out: the users no other line has are measured again`,
  ];
};

const readRows = (
  path: string,
  lines: readonly string[],
  ads: number,
  { plan }: RowsHeader,
): Pick<RowsFile, 'found' | 'notices'> => {
  const found = new Map<string, readonly CompareRow[]>();
  const damaged: number[] = [];
  const parse = rowsReader(plan.before.k, ads);
  lines.forEach((line, i) => {
    const body = unsealed('rows', line);
    if (body === null) {
      damaged.push(i + 2);
      return;
    }
    const read = parse(jsonIn(body, `line ${i + 2} of ${path}`));
    if ('problem' in read)
      throw new RecallError('bad-input', `line ${i + 2} of ${path} holds no rows of this comparison`, {
        expected: 'rows as compare --all --resume writes them',
        found: `${read.field}: ${read.problem}`,
        todo: startOver,
      });
    const [first] = read.rows;
    if (first !== undefined) found.set(first.userId, read.rows);
  });
  return { found, notices: damageNotice(path, damaged) };
};

/**
 * Opens or begins the file, for a catalogue of `ads`. A torn last line is dropped, a damaged one is skipped with a
 * notice. Throws `bad-input` for the rows of another comparison, of another version, and for a file of another kind,
 * which stays as it is.
 */
export const openRowsFile = (path: string, header: RowsHeader, ads: number): RowsFile => {
  const first = sealed('header', header);
  const there = existsSync(path);
  const { lines, torn } = there ? linesOf(path) : { lines: [], torn: '' };
  const [theirs, ...rest] = lines;
  // Torn within its first line it holds nothing yet; what is no beginning of that line is somebody's other file.
  if (theirs !== undefined || !first.startsWith(torn)) checkHeader(path, theirs ?? torn, header);
  const { found, notices } = readRows(path, rest, ads, header);
  const journal = openJournal(path, there ? 'resume' : 'create');
  if (theirs === undefined) journal.append(first);
  return {
    found,
    notices,
    append: (rows) => {
      journal.append(sealed('rows', rows));
    },
    close: () => {
      journal.close();
    },
  };
};
