import { z } from 'zod';
import { lackingFields } from '../../domain/served/columns.ts';
import { column, time } from './mapping-schema.ts';

const columns = z
  .strictObject({
    user: column,
    time,
    list: column.optional(),
    separator: column.optional(),
    ad: column.optional(),
    rank: column.optional(),
    scores: column.optional(),
    channels: column.optional(),
  })
  .check((context) => {
    const lacking = lackingFields((field) => context.value[field] !== undefined);
    if (lacking !== null)
      context.issues.push({
        code: 'custom',
        input: context.value,
        message: `list, or ad and rank, of each request: there is ${lacking}`,
      });
  });

/**
 * The log of served lists: a file next to the manifest (JSON lines of user, time, list; or a table as CSV, TSV,
 * Parquet), or a table, view or SELECT of the sample's SQLite file.
 */
export const servedSchema = z
  .looseObject({
    file: z.string().optional(),
    table: z.string().min(1).optional(),
    sql: z.string().min(1).optional(),
    /** Columns of a table, or of a file whose header names do not show them. */
    columns: columns.optional(),
  })
  .check((context) => {
    const { file, table, sql, columns: named } = context.value;
    const wrong = (message: string): void => {
      context.issues.push({ code: 'custom', input: context.value, message });
    };
    if ([file, table, sql].filter((one) => one !== undefined).length !== 1)
      wrong('one of file, table and sql says where the lists are');
    else if (file === undefined && named === undefined)
      wrong('columns: a table or SELECT needs them: {"user", "time", "list"} or {"user", "time", "ad", "rank"}');
  });
