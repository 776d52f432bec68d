import type { RecallQuery } from '../domain/query.ts';
import { fields } from './read.ts';
import type { AppState } from './state.ts';

/** The host's own queries come back as plain data: enough is looked at to know one from anything else. */
const isQuery = (value: unknown): value is RecallQuery => {
  const f = fields(value);
  return (
    typeof f['userId'] === 'string' &&
    typeof f['asOf'] === 'number' &&
    typeof f['k'] === 'number' &&
    typeof f['ef'] === 'number' &&
    typeof f['mode'] === 'string' &&
    typeof f['weights'] === 'object' &&
    Array.isArray(f['excludedEvents']) &&
    typeof f['merge'] === 'object'
  );
};

/** The changed query on offer in the detail pane: a why-not's repair, a counterfactual's change; null where there is none. */
export const offeredQuery = (state: AppState): RecallQuery | null => {
  const { detail, query } = state;
  if (query === null || detail.kind !== 'answer' || detail.result === null) return null;
  const data = fields(detail.result.data);
  const repair = fields(data['repair']);
  const offered = [
    repair['verified'] === true ? repair['query'] : null,
    data['verified'] === true ? data['applied'] : null,
  ].find(isQuery);
  if (offered === undefined || offered.userId !== query.userId) return null;
  return JSON.stringify({ ...offered, mode: query.mode }) === JSON.stringify(query) ? null : offered;
};
