import type { ColumnProfile } from './profile.ts';
import type { TimeUnit } from '../../base/time.ts';

interface Range {
  readonly unit: TimeUnit;
  readonly perSecond: number;
}

const ranges: readonly Range[] = [
  { unit: 's', perSecond: 1 },
  { unit: 'ms', perSecond: 1e3 },
  { unit: 'us', perSecond: 1e6 },
  { unit: 'ns', perSecond: 1e9 },
];

/** 1973 to 2286 in seconds, which is where the logs of recommenders lie. */
const [earliest, latest] = [1e8, 1e10];
/** 9999-12-31 in seconds, by which tables say "for ever"; it fits whatever unit the other values have. */
const [lastDay, afterLastDay] = [253_402_214_400, 253_402_300_800];

/** A few values of another kind do not change what a column is. */
const mostOdd = 0.1;

/** A reading of a column as times, and the values that it does not fit. */
export interface FittingUnit {
  readonly unit: TimeUnit;
  readonly odd: readonly string[];
}

const within = (value: string, { perSecond }: Range): boolean => {
  const seconds = Number(value) / perSecond;
  return seconds >= earliest && seconds < latest;
};

const isForEver = (value: string, { perSecond }: Range): boolean => {
  const seconds = Number(value) / perSecond;
  return seconds >= lastDay && seconds < afterLastDay;
};

/** The unit in which the most values lie between 1973 and 2286, however few; null: none does. */
export const fittingUnit = ({ values, types }: Pick<ColumnProfile, 'values' | 'types'>): FittingUnit | null => {
  const notIso = values.filter((value) => !/^\d{4}-\d{2}-\d{2}/.test(value));
  if (notIso.length < values.length) return { unit: 'iso', odd: notIso };
  if (!types.some((type) => type === 'integer' || type === 'real')) return null;
  const [best] = ranges
    .map((range) => ({ range, fitting: values.filter((value) => within(value, range)).length }))
    .filter(({ fitting }) => fitting > 0)
    .sort((a, b) => b.fitting - a.fitting);
  if (best === undefined) return null;
  const { range } = best;
  return { unit: range.unit, odd: values.filter((value) => !within(value, range) && !isForEver(value, range)) };
};

/** The unit of nearly all values; null: no times, or days, which look like any small number. */
export const unitOf = (column: Pick<ColumnProfile, 'values' | 'types'>): TimeUnit | null => {
  const found = fittingUnit(column);
  return found !== null && found.odd.length <= mostOdd * column.values.length ? found.unit : null;
};
