import type { RecallQuery } from '../domain/query.ts';
import { fields } from './read.ts';
import type { AppState } from './state.ts';

/** The host's own queries come back as plain data: enough is looked at to know one from anything else. */
const isQuery = (value: unknown): value is RecallQuery => {
  const f = fields(value);
  return typeof f['userId'] === 'string' && typeof f['asOf'] === 'number' && typeof f['k'] === 'number' && typeof f['ef'] === 'number'
    && typeof f['mode'] === 'string' && typeof f['weights'] === 'object' && Array.isArray(f['excludedEvents']) && typeof f['merge'] === 'object';
};

/** Where answers carry a changed query that was run and seen to work. */
const places = ['repair', 'smallest', 'change', 'counterfactual', 'events', 'weights'];

/** The changed query on offer in the detail pane: a why-not's repair, a counterfactual's change; null where there is none. */
export const offeredQuery = (state: AppState): RecallQuery | null => {
  const { detail, query } = state;
  if (query === null || detail.kind !== 'answer' || detail.result === null) return null;
  const { data } = detail.result;
  const offered = places.map((place) => fields(data[place])['query']).find(isQuery);
  if (offered === undefined || offered.userId !== query.userId) return null;
  return JSON.stringify({ ...offered, mode: query.mode }) === JSON.stringify(query) ? null : offered;
};
