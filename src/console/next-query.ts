import type { RecallQuery } from '../domain/query.ts';
import type { CommandResult } from './command.ts';

/** What the next line of a script starts from: the last query that was asked. A comparison has two and changes nothing. */
export const nextQuery = (
  current: RecallQuery | null,
  { query, schema }: Pick<CommandResult, 'query' | 'schema'>,
): RecallQuery | null => (query === undefined || schema === 'compare' ? current : query);
