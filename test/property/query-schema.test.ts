import fc from 'fast-check';
import { expect, test } from 'vitest';
import { acceptQuery, canonicalQuery, normaliseQuery, parseQuery } from '../../src/domain/query-schema.ts';
import { RecallError } from '../../src/errors.ts';
import { worldGroups, worldQuery } from '../support/memory-world.ts';
import { cases } from '../support/recall-arbitraries.ts';

const groups = worldGroups.map((group) => group.name);
const query = worldQuery('u1');
const problem = (json: unknown): string => {
  try {
    parseQuery(json, groups);
  } catch (error) {
    if (error instanceof RecallError) {
      expect([error.code, error.exitCode]).toEqual(['usage', 2]);
      return error.found ?? '';
    }
    throw error;
  }
  return 'accepted';
};

test('a query survives JSON in its canonical form, however its keys were ordered', () => {
  fc.assert(
    fc.property(cases, ({ query: any }) => {
      const shuffled = Object.fromEntries(
        Object.entries({ ...any, weights: Object.fromEntries(Object.entries(any.weights).reverse()) }).reverse(),
      );
      const back = parseQuery(JSON.parse(JSON.stringify(shuffled)), groups);
      expect(JSON.stringify(back)).toBe(JSON.stringify(normaliseQuery(any, groups)));
      expect(canonicalQuery(back, groups)).toBe(canonicalQuery(any, groups));
    }),
    { numRuns: 200 },
  );
});

test('what is out of bounds is named by its path', () => {
  expect(problem({ ...query, weights: { ...query.weights, search: 4.01 } })).toContain('weights.search');
  expect(problem({ ...query, weights: { nonsense: 1 } })).toContain(
    'weights.nonsense: unknown group; the groups are browse, search',
  );
  expect(problem({ ...query, ef: 0 })).toContain('ef');
  expect(problem({ ...query, k: 1.5 })).toContain('k');
  expect(problem({ ...query, disabled: ['radio'] })).toContain('disabled.0');
  expect(problem({ ...query, merge: { order: ['model'], quota: { radio: 1 } } })).toContain('merge.quota');
  expect(problem({ ...query, mode: 'best' })).toContain('mode');
  expect(problem({ ...query, extraEvents: [{ kind: 'search', at: query.asOf, query: 'x' }] })).toContain(
    'extraEvents.0',
  );
  expect(problem({ ...query, asOf: '2024' })).toContain('asOf');
  expect(problem([])).toContain('query');
  expect(problem(null)).toContain('query');
});

test('unknown fields are refused with the nearest name, wherever they stand', () => {
  for (const [json, said] of [
    [{ ...query, wieghts: {} }, 'wieghts: unknown field, did you mean "weights"?'],
    [{ ...query, comment: 'x' }, 'comment: unknown field'],
    [
      { ...query, rules: { ...query.rules, popularKind: [] } },
      'rules.popularKind: unknown field, did you mean "popularKinds" or',
    ],
    [
      { ...query, rules: { ...query.rules, quota: { populr: 1 } } },
      'rules.quota.populr: unknown field, did you mean "popular"?',
    ],
    [{ ...query, merge: { ...query.merge, oder: [] } }, 'merge.oder: unknown field, did you mean "order"?'],
    [
      { ...query, extraEvents: [{ kind: 'view', at: 1, adid: 'a' }] },
      'extraEvents.0.adid: unknown field, did you mean "adId"?',
    ],
  ] as const)
    expect(problem(json)).toContain(said);
});

test('missing fields come from the base, an unsaid group has weight 1', () => {
  expect(parseQuery({ k: 3 }, groups, query)).toEqual(normaliseQuery({ ...query, k: 3 }, groups));
  expect(parseQuery({ ...query, weights: { search: 2 } }, groups).weights).toMatchObject({ browse: 1, search: 2 });
  expect(Object.is(parseQuery({ ...query, weights: { search: -0 } }, groups).weights.search, 0)).toBe(true);
});

test('an accepted query is taken as it is, a copy or other groups are checked again', () => {
  const once = acceptQuery(query, groups);
  expect(once).toEqual(normaliseQuery(query, groups));
  expect(acceptQuery(once, groups)).toBe(once);
  expect(acceptQuery({ ...once }, groups)).not.toBe(once);
  expect(() => acceptQuery({ ...once, k: 0 }, groups)).toThrow(RecallError);
  expect(() => acceptQuery(once, ['another'])).toThrow(RecallError);
});
