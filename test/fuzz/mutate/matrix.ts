import { generic, ofFixedLength, truncated } from './bytes.ts';
import { damaged, oneOf, onCopy, pick, type Mutate } from './mutation.ts';

/** Rows of float32: raw, with the dimension before each (`.fvecs`), or after a NumPy header (float16 too). */
export interface Rows {
  readonly start: number;
  /** Bytes before the numbers of a row. */
  readonly prefix: 0 | 4;
  readonly dim: number;
  readonly width: 2 | 4;
}

const strideOf = ({ prefix, dim, width }: Rows): number => prefix + dim * width;
const countOf = (rows: Rows, bytes: Buffer): number => Math.floor((bytes.length - rows.start) / strideOf(rows));

const oddFloats = [0x7fc00000, 0x7f800000, 0xff800000, 0x7f800001] as const;
const oddHalves = [0x7e00, 0x7c00, 0xfc00] as const;

const notFinite = (rows: Rows): Mutate =>
  onCopy((copy, random) => {
    const row = random.below(countOf(rows, copy));
    const column = random.below(rows.dim);
    const at = rows.start + row * strideOf(rows) + rows.prefix + column * rows.width;
    if (rows.width === 4) copy.writeUInt32LE(pick(random, oddFloats), at);
    else copy.writeUInt16LE(pick(random, oddHalves), at);
    return { what: `row ${row}, column ${column} is not finite`, breaks: true };
  });

const swappedRows = (rows: Rows): Mutate =>
  onCopy((copy, random) => {
    const stride = strideOf(rows);
    const [a, b] = [random.below(countOf(rows, copy)), random.below(countOf(rows, copy))];
    const [at, other] = [rows.start + a * stride, rows.start + b * stride];
    const held = Buffer.from(copy.subarray(at, at + stride));
    copy.copyWithin(at, other, other + stride);
    held.copy(copy, other);
    return { what: `rows ${a} and ${b} swapped` };
  });

const zeroRow = (rows: Rows): Mutate =>
  onCopy((copy, random) => {
    const row = random.below(countOf(rows, copy));
    const at = rows.start + row * strideOf(rows) + rows.prefix;
    copy.fill(0, at, at + rows.dim * rows.width);
    return { what: `row ${row} of zeros` };
  });

const hugeRow = (rows: Rows): Mutate =>
  onCopy((copy, random) => {
    const row = random.below(countOf(rows, copy));
    const at = rows.start + row * strideOf(rows) + rows.prefix;
    for (let i = 0; i < rows.dim; i += 1)
      if (rows.width === 4) copy.writeUInt32LE(0x7f7fffff, at + 4 * i);
      else copy.writeUInt16LE(0x7bff, at + 2 * i);
    return { what: `row ${row} of the largest numbers` };
  });

const atBorder =
  (rows: Rows): Mutate =>
  (bytes, random) => {
    const stride = strideOf(rows);
    const length = rows.start + random.below(countOf(rows, bytes)) * stride;
    return damaged(bytes.subarray(0, length), `cut after ${length} bytes, at a row`, true);
  };

const dimensions: Mutate = onCopy((copy, random) => {
  const dim = copy.readInt32LE(0);
  const row = random.below(Math.floor(copy.length / (4 + 4 * dim)));
  const value = pick(random, [0, 1, -1, dim + 1, dim - 1, 2 ** 31 - 1, -(2 ** 31)]);
  copy.writeInt32LE(value, row * (4 + 4 * dim));
  return { what: `row ${row} says dimension ${value}`, breaks: true };
});

const npyHeaders: Mutate = (bytes, random) => {
  const length = 10 + bytes.readUInt16LE(8);
  const header = bytes.subarray(10, length).toString('latin1');
  const [from, to] = pick<readonly [RegExp, string]>(random, [
    [/\((\d+), (\d+)\)/, '($2, $1)'],
    [/\((\d+),/, '($11,'],
    [/\((\d+),/, '(0,'],
    [/\((\d+),/, '(-1,'],
    [/\((\d+),/, '(99999999999999999999,'],
    [/\((\d+),/, '(4294967296,'],
    [/, (\d+)\)/, ', 0)'],
    [/'<f[24]'/, "'<f8'"],
    [/'<f[24]'/, "'>f4'"],
    [/'<f[24]'/, "'|O'"],
    [/False/, 'True'],
    [/\{/, '['],
    [/'shape'/, "'shapes'"],
  ]);
  const changed = header
    .replace(from, to)
    .slice(0, length - 10)
    .padEnd(length - 10);
  const copy = Buffer.concat([bytes.subarray(0, 10), Buffer.from(changed, 'latin1'), bytes.subarray(length)]);
  // Rows one after the other, or columns: of a single column it is the same.
  const same = changed === header || (to === 'True' && /\(\d+,\)/.test(header));
  return damaged(copy, `header ${String(from)} → ${to}`, !same);
};

const npyPreambles: Mutate = onCopy((copy, random) => {
  const [at, value] = pick<readonly [number, number]>(random, [
    [6, 0],
    [6, 2],
    [6, 9],
    [8, 0],
    [8, 0xff],
    [9, 0xff],
    [0, 0],
  ]);
  copy[at] = value;
  return { what: `byte ${at} of the preamble = ${value}` };
});

const rowMutations = (rows: Rows): Mutate =>
  oneOf(
    [3, notFinite(rows)],
    [1, swappedRows(rows)],
    [1, zeroRow(rows)],
    [1, hugeRow(rows)],
    [1, atBorder(rows)],
    [2, ofFixedLength(generic)],
    [0.5, ofFixedLength(truncated)],
  );

export const rawMatrix = (dim: number): Mutate => rowMutations({ start: 0, prefix: 0, dim, width: 4 });

export const fvecs: Mutate = (bytes, random) =>
  oneOf([2, dimensions], [5, rowMutations({ start: 0, prefix: 4, dim: bytes.readInt32LE(0), width: 4 })])(
    bytes,
    random,
  );

export const npy: Mutate = (bytes, random) => {
  const start = 10 + bytes.readUInt16LE(8);
  const header = bytes.subarray(10, start).toString('latin1');
  const dim = Number(/, (\d+)\)/.exec(header)?.[1] ?? 1);
  const width = header.includes('<f2') ? 2 : 4;
  return oneOf([2, npyHeaders], [1, npyPreambles], [5, rowMutations({ start, prefix: 0, dim, width })])(bytes, random);
};
