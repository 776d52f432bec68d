import { extname } from 'node:path';
import { delimiterOf, splitQuoted } from '../../base/delimited.ts';
import { openRegular } from '../../base/regular-file.ts';
import { readText } from '../../base/text-file.ts';
import { RecallError } from '../../errors.ts';
import type { LabelFile } from '../../engine/ports/artefacts.ts';
import { readIds } from './ids.ts';
import { missingFile } from './missing.ts';
import { readNpyHeader } from './npy-rows.ts';

/**
 * A file that says which ad each label of an index stands for. `.csv`, `.tsv`: `label,ad_id` a line, or the other way
 * round under a header that says so; `.npy`: whole numbers, label i is that of line i of an ids file; any other: ids, and
 * the label is the line's number from 0.
 * Throws `missing-artefact`; `bad-input` naming file and line: no label, a label or an ad twice.
 */
export const readLabels = async (path: string): Promise<LabelFile> => {
  const ending = extname(path).toLowerCase();
  if (ending === '.npy') return { labels: await wholeNumbers(path), adIds: null };
  if (ending === '.csv' || ending === '.tsv') return csvLabels(path);
  const adIds = await readIds(path);
  return { labels: BigUint64Array.from(adIds, (_, line) => BigInt(line)), adIds };
};

const mostLabel = 2n ** 64n - 1n;
const wholeNumber = /^\s*\d{1,20}\s*$/;
const labelName = /^(hnsw_?|internal_?)?(label|node|idx|index|ordinal|row)(_?id)?s?$/i;
const adName = /(^|_)(ad|item|sku|product|creative|asin|movie|track|artist|song|game|video|article)s?(_?id)?s?$/i;

interface Line {
  readonly number: number;
  readonly fields: readonly string[] | null;
}

/** Places of the label and of the ad id in a line. */
interface Columns {
  readonly label: number;
  readonly adId: number;
}

/** By their names in the header; else by what they hold: a label is a whole number. Throws where both say nothing. */
const columnsOf = (path: string, header: readonly string[] | null, rows: readonly Line[]): Columns => {
  const places = (name: RegExp): number[] => (header ?? []).flatMap((field, i) => (name.test(field.trim()) ? [i] : []));
  const [[label, label2], [adId, adId2]] = [places(labelName), places(adName)];
  const two = (header ?? rows[0]?.fields ?? []).length === 2;
  if (label !== undefined && label2 === undefined && adId !== undefined && adId2 === undefined) return { label, adId };
  if (two && label !== undefined && label2 === undefined) return { label, adId: 1 - label };
  if (two && adId !== undefined && adId2 === undefined) return { label: 1 - adId, adId };
  const numbers = [0, 1].filter((i) => rows.every(({ fields }) => wholeNumber.test(fields?.[i] ?? '')));
  if (header === null || numbers.length === 0) return { label: 0, adId: 1 };
  const [only, other] = numbers;
  if (two && only !== undefined && other === undefined) return { label: only, adId: 1 - only };
  throw badLabels(
    path,
    'line 1: the header does not say which column is the label',
    'label,ad_id',
    JSON.stringify(header.join(',').slice(0, 80)),
  );
};

/** Lines of labels, cut by comma, semicolon or tab; the first is a header where no field of it is a whole number. */
const csvLabels = async (path: string): Promise<LabelFile> => {
  const lines = (await readText(path).catch(missingFile(path))).split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const delimiter = delimiterOf(lines[0] ?? '');
  const all = lines.map((line, i) => ({ number: i + 1, fields: splitQuoted(line.trim(), delimiter) }));
  const first = all[0]?.fields ?? [];
  const header = first.some((field) => wholeNumber.test(field)) ? null : first;
  const rows = header === null ? all : all.slice(1);
  const columns = columnsOf(path, header, rows);
  const labels: bigint[] = [];
  const adIds: string[] = [];
  const seen = { label: new Map<bigint, number>(), 'ad id': new Map<string, number>() };
  for (const { number, fields } of rows) {
    const label = fields?.[columns.label] ?? '';
    const adId = fields?.[columns.adId]?.trim() ?? '';
    if (
      !wholeNumber.test(label) ||
      BigInt(label) > mostLabel ||
      adId === '' ||
      fields?.length !== (header ?? first).length
    )
      throw badLabels(
        path,
        `line ${number}: not a label and an ad id`,
        'label,ad_id with a whole number of at most 64 bits',
        JSON.stringify(lines[number - 1]?.slice(0, 80)),
      );
    once(seen.label, BigInt(label), number, path, 'label');
    once(seen['ad id'], adId, number, path, 'ad id');
    labels.push(BigInt(label));
    adIds.push(adId);
  }
  if (labels.length === 0) throw badLabels(path, 'no label in the file', 'label,ad_id a line', `${lines.length} lines`);
  return { labels: BigUint64Array.from(labels), adIds };
};

const once = <T>(seen: Map<T, number>, value: T, line: number, path: string, what: string): void => {
  const before = seen.get(value);
  if (before !== undefined)
    throw badLabels(
      path,
      `lines ${before} and ${line}: the same ${what}`,
      `each ${what} once`,
      `${String(value)} twice`,
    );
  seen.set(value, line);
};

const widths: Readonly<Record<string, 4 | 8>> = { '<i4': 4, '<u4': 4, '<i8': 8, '<u8': 8 };

/** A `.npy` of one axis of whole numbers ≥ 0. Throws `bad-vectors` on its header, `bad-input` on its numbers. */
const wholeNumbers = async (path: string): Promise<BigUint64Array> => {
  const handle = await openRegular(path).catch(missingFile(path));
  try {
    const { descr, shape, offset } = await readNpyHeader(handle, path);
    const [width, count] = [widths[descr], shape[0]];
    if (width === undefined)
      throw badLabels(path, 'field descr: not whole numbers', "'<i8', '<u8', '<i4' or '<u4'", `'${descr}'`);
    if (shape.length !== 1 || count === undefined || count < 1)
      throw badLabels(path, 'field shape: not one label an id', '(labels,)', `(${shape.join(', ')})`);
    const { size } = await handle.stat();
    if (size !== offset + count * width)
      throw badLabels(
        path,
        size < offset + count * width ? 'the file is truncated' : 'the file goes on after its last label',
        `${offset + count * width} bytes`,
        `${size} bytes`,
      );
    const bytes = new DataView(new ArrayBuffer(count * width));
    await handle.read(new Uint8Array(bytes.buffer), 0, count * width, offset);
    return BigUint64Array.from({ length: count }, (_, i) => {
      const label = readNumber(bytes, i * width, descr);
      if (label < 0n) throw badLabels(path, `label ${i} is negative`, 'whole numbers from 0', String(label));
      return label;
    });
  } finally {
    await handle.close();
  }
};

const readNumber = (bytes: DataView, at: number, descr: string): bigint => {
  if (descr === '<i8') return bytes.getBigInt64(at, true);
  if (descr === '<u8') return bytes.getBigUint64(at, true);
  return BigInt(descr === '<i4' ? bytes.getInt32(at, true) : bytes.getUint32(at, true));
};

const badLabels = (path: string, message: string, expected: string, found: string): RecallError =>
  new RecallError('bad-input', `${path}: ${message}`, {
    expected,
    found,
    todo: 'write `label,ad_id` for every label of the index',
  });
