import type { Space } from '../metric.ts';

/** How the vectors an index keeps relate to those of a file, row by row. */
export interface StoredVectors {
  readonly compared: number;
  /** Rows that are the file's as they lie, and rows that are the file's brought to unit length; zeros are both. */
  readonly raw: number;
  readonly scaled: number;
  /** Rows that are both: of unit length, or zeros. */
  readonly both: number;
  /** Rows of the file of unit length: for them the two are the same. */
  readonly unit: number;
  /** Rows of zeros in the file and in the index. */
  readonly zeros: readonly number[];
  /** Rows that are neither, and whether the file has only zeros there. */
  readonly apart: ReadonlyArray<{ readonly row: number; readonly zeros: boolean }>;
}

/** float32 rounding of a normalisation, and of norms a file was written with. */
const tolerance = 1e-5;
const unitTolerance = 1e-3;

/** Compares `rows` rows of `dim` columns: `stored` from the index, `given` from the file. */
export const compareStored = (stored: Float32Array, given: Float32Array, dim: number): StoredVectors => {
  const rows = given.length / dim;
  const found = { compared: rows, raw: 0, scaled: 0, both: 0, unit: 0 };
  const zeros: number[] = [];
  const different: Array<{ row: number; zeros: boolean }> = [];
  for (let row = 0; row < rows; row += 1) {
    const [kept, own] = [stored.subarray(row * dim, (row + 1) * dim), given.subarray(row * dim, (row + 1) * dim)];
    const norm = Math.hypot(...own);
    const apart = (scale: number): number =>
      own.reduce((most, x, i) => Math.max(most, Math.abs((kept[i] ?? 0) - x * scale)), 0);
    const raw = apart(1) <= tolerance * Math.max(1, norm);
    const scaled = norm > 0 ? apart(1 / norm) <= tolerance : raw;
    if (raw) found.raw += 1;
    if (scaled) found.scaled += 1;
    if (raw && scaled) found.both += 1;
    if (raw && norm === 0) zeros.push(row);
    if (!raw && !scaled) different.push({ row, zeros: norm === 0 });
    if (Math.abs(norm - 1) <= unitTolerance) found.unit += 1;
  }
  return { ...found, zeros, apart: different };
};

/** An index that keeps other vectors than the file in more than this share of rows is the index of another file. */
const mostStale = 0.5;

/** Rows of the file that the index keeps, as they lie or at unit length. */
export const agreeing = ({ raw, scaled, both }: StoredVectors): number => raw + scaled - both;

/**
 * The space that the vectors of an index fit; `choices`: other spaces that fit as well, undecidable from the vectors
 * alone. Rows that are neither were embedded again after the index was built: the others decide.
 */
export const spaceFrom = (
  stored: StoredVectors,
): { readonly space: Space | null; readonly choices: readonly Space[] } => {
  const { compared, raw, scaled, both, unit, zeros } = stored;
  if (agreeing(stored) === 0 || agreeing(stored) < (1 - mostStale) * compared || (raw > both && scaled > both))
    return { space: null, choices: [] };
  if (scaled > both) return { space: 'cosine', choices: ['cosine'] };
  if (raw > both || unit + zeros.length < compared) return { space: null, choices: ['ip', 'l2'] };
  return { space: 'ip', choices: ['ip', 'cosine', 'l2'] };
};
