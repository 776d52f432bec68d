import type Database from 'better-sqlite3';
import { readTime, timeUnits, type TimeUnit } from '../../../base/time.ts';
import { optionalNumber, targetingOf, timeProblem } from '../../../domain/sample/values.ts';

/** The result of a function for a value that cannot be read: of a type that no valid result has. */
export const badNumber = 'bad';
export const badTargeting = 0;

const isUnit = (unit: unknown): unit is TimeUnit => timeUnits.some((known) => known === unit);

const isEmpty = (value: unknown): boolean => value === null || value === '';

/** A time, or why it is none, as text. */
const timeOf = (value: unknown, unit: unknown, minutesEast: unknown, day: unknown): number | string | null => {
  if (isEmpty(value)) return null;
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'bigint') return 'bad-time';
  const form = {
    unit: isUnit(unit) ? unit : null,
    minutesEast: Number(minutesEast),
    day: day === 'last' ? 'last' : 'first',
  } as const;
  return readTime(value, form) ?? timeProblem(value, form);
};

const readNumber = (value: unknown): number | string | null => {
  const found = typeof value === 'string' ? optionalNumber(value) : value;
  if (found === null) return null;
  return typeof found === 'number' && Number.isFinite(found) ? found : badNumber;
};

const readTargeting = (value: unknown): string | number | null => {
  if (isEmpty(value)) return null;
  const found = typeof value === 'string' ? targetingOf(value) : false;
  if (found === false) return badTargeting;
  return found === null ? null : JSON.stringify(found);
};

/** `(name, value, name, value, …)` as a JSON object, names in code-unit order as given; empty values are omitted. */
const readAttributes = (...pairs: readonly unknown[]): string => {
  const kept: Array<readonly [string, string]> = [];
  for (let i = 0; i < pairs.length; i += 2)
    if (!isEmpty(pairs[i + 1])) kept.push([String(pairs[i]), String(pairs[i + 1])]);
  return JSON.stringify(Object.fromEntries(kept));
};

/**
 * The readings of values that the importers use, as SQL functions of this connection: a view then reads as an import
 * does.
 */
export const addFunctions = (db: Database.Database): void => {
  db.function('recall_time', { deterministic: true }, timeOf);
  db.function('recall_number', { deterministic: true }, readNumber);
  db.function('recall_targeting', { deterministic: true }, readTargeting);
  db.function('recall_attributes', { deterministic: true, varargs: true }, readAttributes);
};
