import { open, readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { RecallError } from '../../errors.ts';
import type { LabelFile } from '../../engine/ports/artefacts.ts';
import { readIds } from './ids.ts';
import { missingFile } from './missing.ts';
import { readNpyHeader } from './npy-rows.ts';

/**
 * A file that says which ad each label of an index stands for. `.csv`: `label,ad_id` a line, with or without that header;
 * `.npy`: whole numbers, label i is that of line i of an ids file; any other: ids, and the label is the line's number from 0.
 * Throws `missing-artefact`; `bad-input` naming file and line: no label, a label or an ad twice.
 */
export const readLabels = async (path: string): Promise<LabelFile> => {
  const ending = extname(path).toLowerCase();
  if (ending === '.npy') return { labels: await wholeNumbers(path), adIds: null };
  if (ending === '.csv') return csvLabels(path);
  const adIds = await readIds(path);
  return { labels: BigUint64Array.from(adIds, (_, line) => BigInt(line)), adIds };
};

const row = /^\s*(\d{1,20})\s*,\s*(?:"((?:[^"]|"")*)"|([^"]*?))\s*$/;
const mostLabel = 2n ** 64n - 1n;

const csvLabels = async (path: string): Promise<LabelFile> => {
  const lines = (await readFile(path, 'utf8').catch(missingFile(path))).replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  const labels: bigint[] = [];
  const adIds: string[] = [];
  const seen = { label: new Map<bigint, number>(), 'ad id': new Map<string, number>() };
  for (const [i, line] of lines.entries()) {
    const found = row.exec(line);
    if (found === null && i === 0) continue;
    const [label, adId] = [BigInt(found?.[1] ?? -1), found?.[2]?.replaceAll('""', '"') ?? found?.[3] ?? ''];
    if (found === null || label > mostLabel || adId === '')
      throw badLabels(
        path,
        `line ${i + 1}: not a label and an ad id`,
        'label,ad_id with a whole number of at most 64 bits',
        JSON.stringify(line.slice(0, 80)),
      );
    once(seen.label, label, i + 1, path, 'label');
    once(seen['ad id'], adId, i + 1, path, 'ad id');
    labels.push(label);
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
  const handle = await open(path, 'r').catch(missingFile(path));
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
