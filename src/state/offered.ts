import type { RecallQuery } from '../domain/query.ts';
import { fields, number } from './read.ts';
import type { AppState } from './state.ts';

const weightsOf = (value: unknown, groups: readonly string[]): Record<string, number> =>
  Object.fromEntries(groups.map((g) => [g, number(fields(value)[g], 1)]));

/**
 * The changed query that the answer in the detail pane offers: the repair of a why-not, or the change
 * of a counterfactual. Read field by field onto the current query, so that nothing malformed gets in.
 */
const onto = (query: RecallQuery, offered: unknown): RecallQuery => {
  const f = fields(offered);
  const groups = Object.keys(query.weights);
  return {
    ...query,
    ef: number(f['ef'], query.ef),
    k: number(f['k'], query.k),
    weights: f['weights'] === undefined ? query.weights : { ...query.weights, ...weightsOf({ ...query.weights, ...fields(f['weights']) }, groups) },
    excludedEvents: Array.isArray(f['excludedEvents']) ? f['excludedEvents'].map(String) : query.excludedEvents,
    eligibility: typeof f['eligibility'] === 'boolean' ? f['eligibility'] : query.eligibility,
  };
};

/** null where there is no answer, or its change was not run and seen to work. */
export const offeredQuery = (state: AppState): RecallQuery | null => {
  const { detail, query } = state;
  if (query === null || detail.kind !== 'answer' || detail.result === null) return null;
  const { data } = detail.result;
  const repair = fields(data['repair']);
  const offered = repair['query'] ?? fields(data['smallest'])['query'] ?? fields(data['change'])['query'];
  if (offered === undefined || offered === null) return null;
  const next = onto(query, offered);
  return JSON.stringify(next) === JSON.stringify(query) ? null : next;
};
