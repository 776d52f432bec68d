import type { Result } from '../answers/answers.ts';
import type { RecallQuery } from '../domain/query.ts';

/**
 * The query that the next line of a script starts from: the last one that ran. A comparison has two and changes
 * nothing.
 */
export const nextQuery = (
  current: RecallQuery | null,
  { query, schema }: Pick<Result, 'query' | 'schema'>,
): RecallQuery | null => (query === undefined || schema === 'compare' ? current : query);
