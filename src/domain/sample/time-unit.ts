import type { ColumnProfile } from './profile.ts';
import type { TimeUnit } from '../../base/time.ts';

const unitRanges: ReadonlyArray<readonly [TimeUnit, number, number]> = [
  ['s', 1e8, 1e10],
  ['ms', 1e11, 1e13],
  ['us', 1e14, 1e16],
  ['ns', 1e17, 1e19],
];

/** The unit in which all values lie between 1973 and 2286; null: no times, or days, which look like any small number. */
export const unitOf = ({ values, types }: Pick<ColumnProfile, 'values' | 'types'>): TimeUnit | null => {
  if (values.length === 0) return null;
  if (values.every((value) => /^\d{4}-\d{2}-\d{2}/.test(value))) return 'iso';
  if (types.some((type) => type !== 'integer' && type !== 'real')) return null;
  return (
    unitRanges.find(([, low, high]) => values.every((value) => Number(value) >= low && Number(value) < high))?.[0] ??
    null
  );
};
