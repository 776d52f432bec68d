import { basename } from 'node:path';
import { delimiterOf, quotesOf, splitQuoted } from '../../base/delimited.ts';
import { readTime, timeHint } from '../../base/time.ts';
import { expectations, type TriagePair } from '../../domain/triage.ts';
import { RecallError } from '../../errors.ts';
import { parseRow } from '../../ingest/tables/jsonl.ts';
import { isDamaged, lineBatches, type SourceLine } from '../../ingest/tables/lines.ts';
import type { CommandContext } from '../../console/command.ts';

/** A line of the input: a pair, or the reason why it is none. */
export interface ReadPair extends TriagePair {
  readonly problem: string | null;
}

const names = {
  user: ['user', 'userid', 'user_id', 'uid'],
  ad: ['ad', 'adid', 'ad_id', 'item', 'item_id', 'itemid'],
  at: ['time', 'at', 'as_of', 'asof', 'timestamp', 'ts'],
  expect: ['expect', 'expectation', 'expected'],
} as const;
type Field = keyof typeof names;

const fieldNames: readonly Field[] = ['user', 'ad', 'at', 'expect'];

/** Which field a column is: by its name, capitals and blanks aside. */
const fieldOf = (name: string): Field | null =>
  fieldNames.find((field) => names[field].some((one) => one === name.trim().toLowerCase().replaceAll(' ', '_'))) ??
  null;

const isExpectation = (text: string | undefined): boolean =>
  expectations.some((one) => one === text?.trim().toLowerCase());

type Texts = Readonly<Partial<Record<Field, string>>>;

const pairOf = (line: number, { user = '', ad = '', at = '', expect = '' }: Texts): ReadPair => {
  const word = expectations.find((one) => one === expect.trim().toLowerCase()) ?? null;
  const time = at.trim() === '' ? null : readTime(at.trim());
  const problem =
    user === ''
      ? 'no user'
      : ad === ''
        ? 'no ad'
        : at.trim() !== '' && time === null
          ? `time "${at}": ${timeHint(at.trim()) ?? 'neither ISO-8601 nor ms'}`
          : expect.trim() !== '' && word === null
            ? `expectation "${expect}": present or absent`
            : null;
  return { line, userId: user, adId: ad, at: time, expect: word, problem };
};

const unreadable = (line: number, problem: string): ReadPair => ({ ...pairOf(line, {}), problem });

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : value == null ? '' : '�';

const jsonPair = ({ line, text }: SourceLine): ReadPair => {
  const row = parseRow(text);
  if (row === null) return unreadable(line, 'not a JSON object');
  const texts: Partial<Record<Field, string>> = {};
  for (const [name, value] of Object.entries(row)) {
    const field = fieldOf(name);
    if (field !== null) texts[field] = textOf(value);
  }
  const odd = fieldNames.find((field) => texts[field] === '�');
  return odd === undefined
    ? pairOf(line, texts)
    : { ...pairOf(line, { ...texts, [odd]: '' }), problem: `${odd} is neither a text nor a number` };
};

const needsColumns = (found: string): RecallError =>
  new RecallError('bad-input', 'the header names no user and no ad', {
    expected: 'columns user and ad, and time and expect where there are such; or lines without a header in this order',
    found: found.slice(0, 200),
  });

/** The columns of a delimited file: those of its header, else user, ad, time, expect. Throws `bad-input`. */
const columnsOf = (
  first: readonly string[],
): { readonly header: boolean; readonly fields: ReadonlyArray<Field | null> } => {
  const fields = first.map(fieldOf);
  if (fields.every((field) => field === null))
    return { header: false, fields: isExpectation(first[2]) ? ['user', 'ad', 'expect'] : fieldNames };
  if (!fields.includes('user') || !fields.includes('ad')) throw needsColumns(first.join(', '));
  return { header: true, fields };
};

/** Lines a record may span whose quote is open. */
const longestRecord = 50;

/** Reads the lines one by one, each into at most one pair. */
const reader = (): ((line: SourceLine) => ReadPair | null) => {
  let json: boolean | null = null;
  let delimiter = ',';
  let fields: ReadonlyArray<Field | null> | null = null;
  let open: SourceLine[] = [];
  const record = ({ line, text }: SourceLine): ReadPair | null => {
    const cells = splitQuoted(text, delimiter);
    if (cells === null) return unreadable(line, 'broken quotes');
    if (fields === null) {
      const columns = columnsOf(cells);
      fields = columns.fields;
      if (columns.header) return null;
    }
    const texts: Partial<Record<Field, string>> = {};
    fields.forEach((field, i) => {
      if (field !== null) texts[field] ??= (cells[i] ?? '').trim();
    });
    return pairOf(line, texts);
  };
  return (line) => {
    if (open.length === 0 && line.text.trim() === '') return null;
    if (isDamaged(line.text)) return unreadable(line.line, 'not UTF-8');
    json ??= line.text.trimStart().startsWith('{');
    if (json) return jsonPair(line);
    if (fields === null && open.length === 0) delimiter = delimiterOf(line.text);
    open.push(line);
    const text = open.map((part) => part.text).join('\n');
    if (quotesOf(text, delimiter) === 'open' && open.length < longestRecord) return null;
    const first = open[0]?.line ?? line.line;
    open = [];
    return record({ line: first, text });
  };
};

async function* linesOf(context: CommandContext, file: string): AsyncGenerator<SourceLine> {
  if (file !== '-') {
    const read = { encoding: 'utf-8' as const, onBytes: () => undefined, signal: context.signal };
    for await (const batch of lineBatches(file, read)) yield* batch;
    return;
  }
  const text = await context.stdin();
  let line = 0;
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from);
    const whole = text.slice(from, end < 0 ? undefined : end);
    yield { line: ++line, text: whole.endsWith('\r') ? whole.slice(0, -1) : whole };
    from = end < 0 ? text.length : end + 1;
  }
}

/**
 * The pairs of a file, or of standard input (`-`), in their order: CSV, TSV or JSON lines, told by the first line; `.gz`
 * is unpacked. A line that is no pair is one with its problem. Throws `bad-input` for a file that cannot be read, or whose
 * header names neither user nor ad.
 */
export async function* readPairs(context: CommandContext, file: string): AsyncGenerator<ReadPair> {
  const pair = reader();
  const where = file === '-' ? 'standard input' : basename(file);
  let [any, last] = [false, 0];
  for await (const line of linesOf(context, file)) {
    last = line.line;
    const read = pair(line);
    if (read !== null) yield read;
    any ||= read !== null;
  }
  if (!any)
    throw new RecallError('bad-input', `no pair in ${where}`, {
      expected: 'lines of a user, an ad and, where wanted, a time and present or absent',
      found: last === 0 ? 'nothing' : `${last} ${last === 1 ? 'line' : 'lines'} without one`,
    });
}
