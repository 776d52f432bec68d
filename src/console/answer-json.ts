import { isRecord } from '../base/json.ts';
import type { Result } from '../answers/answers.ts';

type Json = Readonly<Record<string, unknown>>;

/** Answers of which a field has another type or meaning than at first (CHANGELOG). */
const versions: Readonly<Partial<Record<Result['schema'], number>>> = { 'search-path': 2 };

/**
 * The one JSON object of an answer: schema, workspace, query, the command's fields, timings last. A
 * command's own `workspace` fields join the header.
 */
export const answerJson = (result: Result, header: Json): Json => {
  const { workspace: more, ...data }: Json = { ...result.data };
  const workspace = { ...header, ...(isRecord(more) ? more : {}) };
  return {
    schema: `recall-tui/${result.schema}@${versions[result.schema] ?? 1}`,
    ...(Object.keys(workspace).length === 0 ? {} : { workspace }),
    ...(result.query === undefined ? {} : { query: result.query }),
    ...data,
    timingsMs: result.timingsMs ?? {},
  };
};
