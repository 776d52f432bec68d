import { isDay, readTime, timeHint, type DayEdge } from '../../base/time.ts';
import { formOf } from '../../domain/sample/mapping.ts';
import { isMissing, timeProblem } from '../../domain/sample/values.ts';
import type { HeaderMapping, ImportRun } from './format.ts';

export const timeFields = ['startAt', 'endAt', 'at', 'since'] as const;
export type TimeField = (typeof timeFields)[number];
export const isTimeField = (column: string): column is TimeField => timeFields.some((one) => one === column);

/** An ad starts with its first day and ends with its last; events and friendships are known when their day is over. */
const dayEdge: Readonly<Record<TimeField, DayEdge>> = { startAt: 'first', endAt: 'last', at: 'last', since: 'last' };

/** The times of one column, and what the report says of them. */
export interface TimeReader {
  /** ms; a text: why the row is rejected. */
  read(text: string): number | string;
  /** null where there is none. */
  optional(text: string): number | string | null;
  /** Sentences on the days without an hour and on the numbers of another unit, with counts. */
  notes(): string[];
}

export const timeReader = (run: ImportRun, table: keyof HeaderMapping, field: TimeField): TimeReader => {
  const mapped = run.mapping?.[table]?.[field];
  const form = formOf(mapped, dayEdge[field]);
  const zone = typeof mapped === 'object' ? mapped.zone : undefined;
  let days = 0;
  const misread = new Map<string, { readonly hint: string; rows: number }>();
  const refuse = (text: string): string => {
    const problem = timeProblem(text, form);
    const hint = problem === 'bad-time' ? null : timeHint(text);
    const same = misread.get(problem);
    if (same !== undefined) same.rows += 1;
    else if (hint !== null) misread.set(problem, { hint, rows: 1 });
    return problem;
  };
  const read = (text: string): number | string => {
    const at = readTime(text, form);
    if (at === null) return refuse(text);
    if (isDay(text, form)) days += 1;
    return at;
  };
  return {
    read,
    optional: (text) => (isMissing(text) ? null : read(text)),
    notes: () => [
      ...(days === 0
        ? []
        : [
            `${table}.${field}: ${days} of the times name a day without an hour; each is the ${dayEdge[field]} millisecond of its day, in ${zone ?? 'UTC'}.`,
          ]),
      ...[...misread].map(
        ([problem, { hint, rows }]) =>
          `${table}.${field}: ${rows} of the times are rejected as ${problem}, because numbers are read as milliseconds: ${hint}${problem === 'date-without-dashes' ? '' : `, or name the unit in the mapping: {"column": "…", "unit": "s" | "ms" | "us" | "ns"}`}.`,
      ),
    ],
  };
};
