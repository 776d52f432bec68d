import { asResult } from '../support/partial-answer.ts';
import { describe, expect, it } from 'vitest';
import { plainQuery } from '../../src/domain/query-defaults.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import { initialState } from '../../src/state/initial.ts';
import { isDetailStale } from '../../src/state/select.ts';
import type { AppState } from '../../src/state/state.ts';

const query = plainQuery(
  {
    k: 10,
    ef: 10,
    mode: 'model',
    context: {},
    merge: { order: ['model'], quota: { model: 10 } },
    rules: defaultRules,
    asOf: null,
    groups: [{ name: 'browse' }],
  },
  'u1',
  1000,
);
const changed = { ...query, excludedEvents: ['e1'] };

const showing = (now: typeof query): AppState => ({
  ...initialState(null, { columns: 120, rows: 40 }),
  userId: 'u1',
  query: now,
  detail: {
    kind: 'answer',
    command: 'what-if',
    args: {},
    title: 'what if',
    follows: false,
    scroll: 0,
    error: null,
    progress: null,
    asked: query,
    result: asResult({ schema: 'what-if', query: changed, data: {} }),
  },
});

describe('an answer in the detail pane', () => {
  it('is not stale for a change it was asked with', () => {
    expect(isDetailStale(showing(query))).toBe(false);
  });

  it('is stale once the query of the screen has changed', () => {
    expect(isDetailStale(showing({ ...query, ef: 20 }))).toBe(true);
  });
});
