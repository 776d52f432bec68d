import type { BisectUnit, Unit } from '../../src/answers/session.ts';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { defaultQuery } from '../../src/console/query-defaults.ts';
import { minimalSets } from '../../src/domain/smallest-set.ts';
import { createBisect } from '../../src/session/bisect.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import { withUnits } from '../../src/session/units.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { makeWorld } from '../support/memory-world.ts';
import { sessionWorkspace } from './support.ts';

const hash = (c: string): string => c.repeat(64);
const base = (): Workspace => sessionWorkspace();
const other = makeWorld({ seed: 9, users: 6, ads: 80, eventsPerUser: 20 });

/** The workspace with these artefacts of another world of the same ads, as fingerprints tell. */
const withOther = (workspace: Workspace, units: readonly Unit[]): Workspace => {
  const foreign = sessionWorkspace({
    world: { ...other, ads: makeWorld({ seed: 3, users: 6, ads: 80, eventsPerUser: 20 }).ads },
  });
  const mixed = withUnits(workspace, foreign, units);
  const fingerprints = { ...workspace.fingerprints };
  const names = { model: 'model', graph: 'index', data: 'sample', i2i: 'i2i' } as const;
  for (const unit of units) if (unit in names) fingerprints[names[unit as keyof typeof names]] = hash('9');
  return { ...mixed, fingerprints };
};

type Edit = (query: RecallQuery) => RecallQuery;
const bisected = async (
  a: Workspace,
  b: Workspace,
  options: { editA?: Edit; editB?: Edit; users?: readonly string[] } = {},
): Promise<Array<readonly BisectUnit[] | null | 'same'>> => {
  const { editA = (q) => q, editB = (q) => q, users = ['u0', 'u1', 'u2', 'u3'] } = options;
  const bisect = createBisect({
    a: { workspace: a, queryOf: (userId) => Promise.resolve(editA(defaultQuery(a, userId))) },
    b: { workspace: b, queryOf: (userId) => Promise.resolve(editB(defaultQuery(b, userId))) },
  });
  const found: Array<readonly BisectUnit[] | null | 'same'> = [];
  for (const userId of users) {
    const row = await bisect(userId);
    found.push(row.same ? 'same' : row.cause);
  }
  return found;
};
const inMode =
  (mode: RecallQuery['mode'], more: Partial<RecallQuery> = {}): Edit =>
  (query) => ({ ...query, mode, k: 10, ...more });
const changed = (rows: Array<readonly BisectUnit[] | null | 'same'>): Array<readonly BisectUnit[] | null> =>
  rows.flatMap((row) => (row === 'same' ? [] : [row]));
const expectOnly = (rows: Array<readonly BisectUnit[] | null | 'same'>, units: readonly BisectUnit[]): void => {
  expect(changed(rows).length).toBeGreaterThan(0);
  for (const row of changed(rows)) expect(row).toEqual(units);
};

describe('the bisection of two workspaces', () => {
  it('finds nothing between a workspace and itself', async () => {
    const workspace = base();
    expect(changed(await bisected(workspace, workspace))).toEqual([]);
  });

  it('names data or i2i where one of them alone was exchanged, and stays silent where it takes no part', async () => {
    const a = base();
    expectOnly(await bisected(a, withOther(a, ['data']), { editA: inMode('legacy'), editB: inMode('legacy') }), [
      'data',
    ]);
    expectOnly(await bisected(a, withOther(a, ['i2i']), { editA: inMode('i2i'), editB: inMode('i2i') }), ['i2i']);
    expect(
      changed(await bisected(a, withOther(a, ['i2i']), { editA: inMode('legacy'), editB: inMode('legacy') })),
    ).toEqual([]);
  });

  it('names the rules, the weights, ef, or the rest of the query where one of them alone differs', async () => {
    const a = base();
    const rules = { ...a.rules, order: [...a.rules.order].reverse() };
    expectOnly(await bisected(a, { ...a, rules }, { editA: inMode('legacy'), editB: inMode('legacy') }), ['rules']);
    const zeroed: Edit = (query) => ({ ...inMode('model')(query), weights: { ...query.weights, browse: 0 } });
    expectOnly(await bisected(a, a, { editA: inMode('model'), editB: zeroed }), ['weights']);
    expectOnly(await bisected(a, a, { editA: inMode('model'), editB: inMode('legacy') }), ['query']);
    expect(
      changed(await bisected(a, a, { editA: inMode('model', { ef: 50 }), editB: inMode('model', { ef: 60 }) })).every(
        (row) => row?.join() === 'ef',
      ),
    ).toBe(true);
  });

  it('names the rest of the query where another as-of alone was asked, and the data where it is that of the last event', async () => {
    const a = base();
    const earlier: Edit = (query) => ({ ...inMode('legacy')(query), asOf: query.asOf - 20 * 86_400_000 });
    expectOnly(await bisected(a, a, { editA: inMode('legacy'), editB: earlier }), ['query']);
    const open: Workspace = { ...a, manifest: { ...a.manifest, asOf: null } };
    expectOnly(await bisected(open, withOther(open, ['data']), { editA: inMode('legacy'), editB: earlier }), ['data']);
  });

  it('separates a list that is empty from one that could not be made', async () => {
    const a = sessionWorkspace({ deps: { model: 'none' } });
    const empty = inMode('legacy', {
      disabled: ['keyword', 'recent-category', 'frequent-category', 'priority', 'popular'],
    });
    const rows = await bisected(a, a, { editA: empty, editB: inMode('model') });
    expectOnly(rows, ['query']);
    expect(rows).not.toContain('same');
  });

  it('separates the same ads in another order from the same list', async () => {
    const a = base();
    const b = { ...a, rules: { ...a.rules, order: [...a.rules.order].reverse() } };
    // Long enough for all that the rules find: their order is then all that the rules change.
    const sideOf = (
      workspace: Workspace,
    ): { workspace: Workspace; queryOf: (userId: string) => Promise<RecallQuery> } => ({
      workspace,
      queryOf: (userId) => Promise.resolve(inMode('legacy', { k: 500 })(defaultQuery(workspace, userId))),
    });
    const bisect = createBisect({ a: sideOf(a), b: sideOf(b) });
    const rows = [await bisect('u0'), await bisect('u1'), await bisect('u2')];
    for (const row of rows) expect(row).toMatchObject({ entered: 0, left: 0, same: false, cause: ['rules'] });
    expect(rows.every(({ moved }) => moved > 0)).toBe(true);
  });

  it('names one change among many without a part in it', async () => {
    const a = base();
    const b = { ...withOther(a, ['i2i']), rules: { ...a.rules, keywordQueries: 1 } };
    const zeroed: Edit = (query) => ({ ...inMode('model')(query), weights: { ...query.weights, browse: 0 }, ef: 77 });
    expectOnly(await bisected(a, b, { editA: inMode('model'), editB: zeroed }), ['weights']);
  });

  it('names a planted pair: each change alone leaves the list as it was', async () => {
    const a = base();
    // Mode i2i does not read the rules; legacy with A's rules is not B's list either.
    const rules = { ...a.rules, order: [...a.rules.order].reverse() };
    const b = { ...a, rules };
    const rows = await bisected(a, b, { editA: inMode('i2i'), editB: inMode('legacy') });
    expect(changed(rows).some((row) => row?.join() === 'rules,query')).toBe(true);
    for (const row of changed(rows)) expect(row).toContain('query');
  });
});

describe('a bisection where each of several units gives the list by itself', () => {
  it('names all of them, and runs none that takes no part in the list', async () => {
    const a = base();
    const user = 'u1';
    const [first] = (await a.engine.recall(inMode('model')(defaultQuery(a, user)))).candidates;
    // B's sample has the ad as ended and its settings block it; its rules and neighbours are others too.
    const world = makeWorld({ seed: 3, users: 6, ads: 80, eventsPerUser: 20 });
    const ended = sessionWorkspace({
      world: { ...world, ads: world.ads.map((ad) => (ad.adId === first?.adId ? { ...ad, endAt: 1 } : ad)) },
    });
    const blocklist = [first?.adId ?? ''];
    const settings = { ...a.settings, eligibility: { ...a.settings.eligibility, blocklist } };
    const blocked = withUnits(a, sessionWorkspace({ more: { settings } }), ['settings']);
    const mixed = withUnits(blocked, ended, ['data']);
    const fingerprints = { ...a.fingerprints, sample: hash('8'), i2i: hash('9') };
    const b: Workspace = { ...mixed, fingerprints, rules: { ...a.rules, order: [...a.rules.order].reverse() } };
    const sideOf = (workspace: Workspace): Parameters<typeof createBisect>[0]['a'] => ({
      workspace,
      queryOf: (userId) => Promise.resolve(inMode('model')(defaultQuery(workspace, userId))),
    });
    const row = await createBisect({ a: sideOf(a), b: sideOf(b) })(user);
    expect(row).toMatchObject({ left: 1, cause: ['data'], causes: [['data'], ['settings']] });
    expect(row.verdict).toContain('each of these by itself accounts for it');
    expect([...row.differing].sort()).toEqual(['data', 'i2i', 'rules', 'settings']);
    // Two lists, all that takes part together, and each of it alone.
    expect(row.runs).toBe(5);
  });
});

describe('the search for minimal sets', () => {
  it('gives every set that works and of which no part does, smallest first, whatever the rule', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.func(fc.boolean()), async (n, rule) => {
        const parts = Array.from({ length: n }, (_, i) => i);
        const works = (set: readonly number[]): boolean =>
          set.length === n || (set.length > 0 && rule([...set].sort().join()));
        const { sets } = await minimalSets(parts, (some) => Promise.resolve(works(some)));
        const working = Array.from({ length: 2 ** n }, (_, mask) => parts.filter((i) => (mask >> i) & 1)).filter(works);
        const minimal = working.filter(
          (set) => !working.some((other) => other.length < set.length && other.every((part) => set.includes(part))),
        );
        expect(new Set(sets.map((set) => set.join()))).toEqual(new Set(minimal.map((set) => set.join())));
        expect(sets.map((set) => set.length)).toEqual(sets.map((set) => set.length).sort((x, y) => x - y));
      }),
      { numRuns: 100 },
    );
  });

  it('gives no set where not even all together work', async () => {
    expect(await minimalSets([1, 2], () => Promise.resolve(false))).toEqual({ sets: [], trials: 1 });
  });
});
