import { families } from './features.ts';
import type { Family, FeatureKeys } from './features.ts';

/** Rows of the embedding table by family and key; rows of a family are contiguous, families in their order. */
export interface Vocabulary {
  readonly size: number;
  /** Keys of each family in row order. */
  readonly keys: Readonly<Record<Family, readonly string[]>>;
  rowOf(family: Family, key: string): number | null;
}

export const vocabularyOf = (keys: Readonly<Record<Family, readonly string[]>>): Vocabulary => {
  const maps = new Map<Family, Map<string, number>>();
  let size = 0;
  for (const family of families) {
    const map = new Map<string, number>();
    for (const key of keys[family]) map.set(key, size++);
    maps.set(family, map);
  }
  return { size, keys, rowOf: (family, key) => maps.get(family)?.get(key) ?? null };
};

/**
 * Rows and weights of a thing: each family contributes Σ rows ÷ √n over its n known keys, so that a
 * long title does not outshout a short one.
 */
export const rowsOf = (
  vocabulary: Vocabulary,
  features: FeatureKeys,
  emit: (row: number, weight: number) => void,
): void => {
  for (const [family, keys] of features) {
    const rows = keys.map((key) => vocabulary.rowOf(family, key)).filter((row) => row !== null);
    const weight = 1 / Math.sqrt(rows.length);
    for (const row of rows) emit(row, weight);
  }
};
