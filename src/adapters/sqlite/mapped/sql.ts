import type { DayEdge } from '../../../base/time.ts';
import { columnOf, formOf, type KindColumn, type TimeColumn } from '../../../domain/sample/mapping.ts';

/** A name as SQL takes it, whatever it holds. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** A column of the source `s`; NULL where the mapping names none. */
export const column = (name: string | undefined): string => (name === undefined ? 'NULL' : `s.${quoteName(name)}`);

/**
 * An id as text. Integers become decimal text, exact to 64 bits; so do whole REALs, which is what a table with
 * gaps in an integer column becomes on its way through a data frame. Bytes are no id.
 */
export const idText = (name: string | undefined): string => {
  const c = column(name);
  const real = `CASE WHEN ${c} = CAST(${c} AS INTEGER) THEN CAST(CAST(${c} AS INTEGER) AS TEXT) ELSE CAST(${c} AS TEXT) END`;
  return `CASE typeof(${c}) WHEN 'real' THEN ${real} WHEN 'blob' THEN NULL ELSE nullif(CAST(${c} AS TEXT), '') END`;
};

export const text = (name: string | undefined): string => `coalesce(CAST(${column(name)} AS TEXT), '')`;

export const textOrNull = (name: string | undefined): string => `nullif(CAST(${column(name)} AS TEXT), '')`;

export const time = (mapped: TimeColumn | undefined, day: DayEdge): string => {
  if (mapped === undefined) return 'NULL';
  const { unit = null, minutesEast = 0 } = formOf(mapped, day);
  const values = [column(columnOf(mapped)), unit === null ? 'NULL' : literal(unit), String(minutesEast), literal(day)];
  return `recall_time(${values.join(', ')})`;
};

export const number = (name: string | undefined): string => `recall_number(${column(name)})`;

export const kind = (mapped: KindColumn): string => {
  if (typeof mapped === 'string') return textOrNull(mapped);
  if ('constant' in mapped) return literal(mapped.constant);
  const cases = Object.entries(mapped.values).map(([theirs, ours]) => `WHEN ${literal(theirs)} THEN ${literal(ours)}`);
  return cases.length === 0
    ? textOrNull(mapped.column)
    : `CASE CAST(${column(mapped.column)} AS TEXT) ${cases.join(' ')} ELSE ${textOrNull(mapped.column)} END`;
};
