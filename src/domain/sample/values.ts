import { readJson } from '../../base/json.ts';
import { misreadingOf, type TimeForm } from '../../base/time.ts';
import type { Targeting } from '../ads.ts';

/** How databases and data frames print a value that is missing: Hive and MySQL, SQL, numpy. */
const missing = /^(?:|\\N|NULL|null|NaN|nan)$/;

/** Does a cell of numbers, times or JSON hold no value? */
export const isMissing = (text: string): boolean => missing.test(text.trim());

/** null where there is no value; NaN where the text is no number. */
export const optionalNumber = (text: string): number | null => (isMissing(text) ? null : Number(text));

const misreadings = {
  seconds: 'time-in-seconds',
  microseconds: 'time-in-microseconds',
  nanoseconds: 'time-in-nanoseconds',
  'a date without dashes': 'date-without-dashes',
} as const;

/** The reason for which a row is rejected whose time `readTime` refused. */
export const timeProblem = (value: string | number | bigint, { unit = null }: TimeForm = {}): string => {
  const misreading = unit === null ? misreadingOf(value) : null;
  return misreading === null ? 'bad-time' : misreadings[misreading];
};

/** `{"city":["tier-1"]}`; no value = everyone. `false`: not that. */
export const targetingOf = (text: string): Targeting | null | false => {
  if (isMissing(text)) return null;
  let parsed: unknown;
  try {
    parsed = readJson(text);
  } catch {
    return false;
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return false;
  const entries = Object.entries(parsed).map(([name, values]: [string, unknown]): [string, unknown[]] => [
    name,
    Array.isArray(values) ? values : [values],
  ]);
  return entries.every(([, values]) => values.every((value) => ['string', 'number', 'boolean'].includes(typeof value)))
    ? Object.fromEntries(entries.map(([name, values]) => [name, values.map(String)]))
    : false;
};
