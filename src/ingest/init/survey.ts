import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { decodeText, markOf, readText } from '../../base/text-file.ts';
import { openRegular } from '../../base/regular-file.ts';
import { isRecord, parseJson } from '../../base/json.ts';
import { unitOf } from '../../domain/sample/time-unit.ts';
import { lackingFields, servedFieldOf, type ServedColumns } from '../../domain/served/columns.ts';
import { RecallError } from '../../errors.ts';
import type { IndexHeader, LabelFile, MatrixShape } from '../../engine/ports/artefacts.ts';
import type { Factories } from '../../workspace/factories.ts';
import { recogniseModel } from '../../workspace/models/index.ts';
import { delimiterOf, splitQuoted } from '../../base/delimited.ts';

/** The kind of a file by its content. `text` holds ids if every line is one. */
export type FoundFile = { readonly file: string } & (
  | { readonly is: 'sqlite' }
  | { readonly is: 'matrix'; readonly shape: MatrixShape }
  | { readonly is: 'index'; readonly header: IndexHeader }
  | { readonly is: 'labels'; readonly labels: LabelFile }
  | { readonly is: 'ids'; readonly ids: readonly string[] }
  | {
      readonly is: 'served';
      /** Columns of a table whose times do not follow from its names; absent: the names suffice. */ readonly columns?: ServedColumns;
    }
  | { readonly is: 'model'; readonly what: string; readonly leftOut: string }
  /** `of`: what it is by content or name, though it cannot be used; `other`: nothing that is known. */
  | {
      readonly is: 'unusable';
      readonly of: 'vectors' | 'index' | 'ids' | 'other';
      readonly what: string;
      readonly error: RecallError;
    }
  | { readonly is: 'table'; /** Why it is no file of labels, of a `.csv` or `.tsv`. */ readonly error?: RecallError }
);

/** Text beyond this is not a list of ids that anyone keeps next to a SQLite sample. */
const mostTextBytes = 256 * 2 ** 20;

const startOf = async (path: string, length: number): Promise<Buffer> => {
  const handle = await openRegular(path);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
};

const tried = async <T>(read: () => Promise<T>): Promise<T | RecallError> =>
  read().catch((error: unknown) => {
    if (error instanceof RecallError) return error;
    throw error;
  });

const servesLists = (start: string): boolean => {
  const first = parseJson(start.slice(0, Math.max(0, start.indexOf('\n'))));
  return isRecord(first) && typeof first.user === 'string' && Array.isArray(first.list);
};

const numbersIn = async (path: string, file: string, tools: Factories): Promise<FoundFile> => {
  const shape = await tried(() => tools.files.matrixShape(path));
  if (!(shape instanceof RecallError)) return { file, is: 'matrix', shape };
  const labels = file.endsWith('.npy') ? await tried(() => tools.files.readLabels(path)) : shape;
  return labels instanceof RecallError
    ? { file, is: 'unusable', of: 'vectors', what: 'numbers', error: shape }
    : { file, is: 'labels', labels };
};

/** A table whose header says what was served: by its names, and the unit of its times by their values. */
const servedIn = (file: string, start: string): FoundFile | null => {
  const delimiter = delimiterOf(start.split(/\r?\n/, 1)[0] ?? '');
  const [header = [], ...rows] = start
    .split(/\r?\n/)
    .slice(0, -1)
    .filter((line) => line !== '')
    .map((line) => splitQuoted(line, delimiter) ?? []);
  const named = new Map(header.map((name) => [servedFieldOf(name.trim()), name.trim()]));
  const [user, column] = [named.get('user'), named.get('time')];
  if (lackingFields((field) => named.has(field)) !== null || user === undefined || column === undefined) return null;
  const values = rows
    .map((row) => row[header.findIndex((name) => name.trim() === column)] ?? '')
    .filter((value) => value !== '');
  const unit = unitOf({
    values,
    types: values.every((value) => /^-?\d+(\.\d+)?$/.test(value)) ? ['integer'] : ['text'],
  });
  if (unit === null || unit === 'iso' || unit === 'ms') return { file, is: 'served' };
  const others = (['list', 'ad', 'rank', 'scores', 'channels'] as const).flatMap((field) => {
    const name = named.get(field);
    return name === undefined ? [] : [[field, name] as const];
  });
  return { file, is: 'served', columns: { user, time: { column, unit }, ...Object.fromEntries(others) } };
};

const textIn = async (path: string, file: string, tools: Factories): Promise<FoundFile> => {
  if (/\.(csv|tsv)$/i.test(file)) {
    const labels = await tried(() => tools.files.readLabels(path));
    return labels instanceof RecallError ? { file, is: 'table', error: labels } : { file, is: 'labels', labels };
  }
  const ids = await tried(() => tools.files.readIds(path));
  return ids instanceof RecallError
    ? { file, is: 'unusable', of: 'ids', what: 'a file of another kind', error: ids }
    : { file, is: 'ids', ids };
};

const unknownBinary = (file: string, cause: RecallError): RecallError =>
  new RecallError('bad-input', `${file}: neither SQLite, NumPy nor hnswlib by its content`, { cause });

/**
 * The first three sizes of hnswlib's header: level 0 starts at 0, most elements, elements. A file cut short has them
 * too.
 */
const startsAsIndex = (start: Buffer): boolean => {
  if (start.length < 24 || start.readBigUInt64LE(0) !== 0n) return false;
  const [most, count] = [start.readBigUInt64LE(8), start.readBigUInt64LE(16)];
  return count > 0n && count <= most && most < 2n ** 32n;
};

const fileAt = async (dir: string, file: string, tools: Factories): Promise<FoundFile> => {
  const path = join(dir, file);
  const start = await startOf(path, 1 << 16);
  if (start.subarray(0, 16).toString('latin1') === 'SQLite format 3\0') return { file, is: 'sqlite' };
  if (start.subarray(1, 6).toString('latin1') === 'NUMPY' || /\.(npy|fvecs)$/i.test(file))
    return numbersIn(path, file, tools);
  if (/model\.json$/.test(file)) {
    const model = recogniseModel(parseJson(await readText(path)));
    if (model !== null) return { file, is: 'model', ...model };
  }
  const text = decodeText(start);
  if (servesLists(text)) return { file, is: 'served' };
  const served = /\.(csv|tsv)$/i.test(file) ? servedIn(file, text) : null;
  if (served !== null) return served;
  if (/\.(jsonl|ndjson|json|parquet)(\.gz)?$|\.(csv|tsv)\.gz$/i.test(file)) return { file, is: 'table' };
  const named = /\.hnsw$/i.test(file) || startsAsIndex(start);
  const binary = markOf(start) === null && start.includes(0);
  const header = named || binary ? await tried(() => tools.indexes.hnsw.readHeader(path)) : null;
  if (header instanceof RecallError)
    return named
      ? { file, is: 'unusable', of: 'index', what: 'an hnswlib index', error: header }
      : { file, is: 'unusable', of: 'other', what: 'a binary file', error: unknownBinary(file, header) };
  if (header !== null) return { file, is: 'index', header };
  if ((await stat(path)).size > mostTextBytes) return { file, is: 'table' };
  return textIn(path, file, tools);
};

/** Files init itself writes, and a team's scripts and notes. */
const aside = /^(recall\.json|rules\.json|key\.hex|ads\.i2i)$|\.(md|py|ipynb|sh|log|yml|yaml|toml)$/i;

/**
 * Every file of a folder (and each model.json one level below), by content. Throws `bad-input` where the folder cannot
 * be read.
 */
export const surveyFolder = async (dir: string, tools: Factories): Promise<readonly FoundFile[]> => {
  const entries = await readdir(dir, { withFileTypes: true }).catch((cause: unknown) => {
    throw new RecallError('bad-input', `${dir} cannot be read as a folder`, {
      expected: 'a folder',
      found: cause instanceof Error ? cause.message : String(cause),
      cause,
    });
  });
  const seen = entries.filter(({ name }) => !name.startsWith('.') && !aside.test(name));
  const below = await Promise.all(
    seen
      .filter((entry) => entry.isDirectory())
      .map(async ({ name }) => ((await readdir(join(dir, name))).includes('model.json') ? [`${name}/model.json`] : [])),
  );
  const names = [...seen.filter((entry) => entry.isFile()).map(({ name }) => name), ...below.flat()].sort();
  const found: FoundFile[] = [];
  for (const name of names) found.push(await fileAt(dir, name, tools));
  return found;
};
