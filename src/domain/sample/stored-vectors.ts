import type { Space } from '../metric.ts';

/** How the vectors an index keeps relate to those of a file, row by row. */
export interface StoredVectors {
  readonly compared: number;
  /** Rows that are the file's as they lie, and rows that are the file's brought to unit length. */
  readonly raw: number;
  readonly scaled: number;
  /** Rows of the file of unit length: for them the two are the same. */
  readonly unit: number;
  /** The first row that is neither, and whether the file has only zeros there. */
  readonly apart: { readonly row: number; readonly zeros: boolean } | null;
}

/** float32 rounding of a normalisation, and of norms a file was written with. */
const tolerance = 1e-5;
const unitTolerance = 1e-3;

/** Compares `rows` rows of `dim` columns: `stored` from the index, `given` from the file. */
export const compareStored = (stored: Float32Array, given: Float32Array, dim: number): StoredVectors => {
  const rows = given.length / dim;
  const found = { compared: rows, raw: 0, scaled: 0, unit: 0 };
  let first: StoredVectors['apart'] = null;
  for (let row = 0; row < rows; row += 1) {
    const [kept, own] = [stored.subarray(row * dim, (row + 1) * dim), given.subarray(row * dim, (row + 1) * dim)];
    const norm = Math.hypot(...own);
    const apart = (scale: number): number =>
      own.reduce((most, x, i) => Math.max(most, Math.abs((kept[i] ?? 0) - x * scale)), 0);
    const [raw, scaled] = [apart(1) <= tolerance * Math.max(1, norm), norm > 0 && apart(1 / norm) <= tolerance];
    if (raw) found.raw += 1;
    if (scaled) found.scaled += 1;
    if (!raw && !scaled) first ??= { row, zeros: norm === 0 };
    if (Math.abs(norm - 1) <= unitTolerance) found.unit += 1;
  }
  return { ...found, apart: first };
};

/** What the vectors of an index say of its space; `choices`: those that fit as well, undecidable from the vectors alone. */
export const spaceFrom = ({
  compared,
  raw,
  scaled,
  unit,
}: StoredVectors): { readonly space: Space | null; readonly choices: readonly Space[] } => {
  if (unit === compared && raw === compared) return { space: 'ip', choices: ['ip', 'cosine', 'l2'] };
  if (raw === compared) return { space: null, choices: ['ip', 'l2'] };
  if (scaled === compared) return { space: 'cosine', choices: ['cosine'] };
  return { space: null, choices: [] };
};
