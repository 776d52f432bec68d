import { canonicalJson } from '../base/json.ts';
import type { Unit, BisectUnit, Bisected } from '../answers/session.ts';
import { compareLists } from '../domain/compare-lists.ts';
import type { RecallQuery } from '../domain/query.ts';
import { minimalSets } from '../domain/smallest-set.ts';
import { cancelledError, RecallError } from '../errors.ts';
import { differingUnits, sameCatalogue, takesPart, unitTitles, withUnits } from './units.ts';
import { artefactsOf, type SessionWorkspace } from './workspace.ts';

const titles: Readonly<Record<BisectUnit, string>> = {
  ...unitTitles,
  ef: 'ef',
  weights: 'the weights',
  query: 'the rest of the query',
};

/** `the graph over the same vectors and the legacy rules` */
export const titleOf = (units: readonly BisectUnit[]): string => units.map((unit) => titles[unit]).join(' and ');

export interface Side {
  readonly workspace: SessionWorkspace;
  /** Throws `unknown-user`. */ readonly queryOf: (userId: string) => Promise<RecallQuery>;
}

export interface BisectOptions {
  readonly a: Side;
  readonly b: Side;
  readonly signal?: AbortSignal | undefined;
}

/** Artefacts that differ, before any query is asked. Both sides run in one process, so on one backend. */
export const differingArtefacts = ({ a, b }: BisectOptions): Unit[] =>
  differingUnits({ artefacts: artefactsOf(b.workspace), backend: null }, a.workspace).map(({ unit }) => unit);

const fields = ({
  ef,
  weights,
  rules,
  asOf,
  userId: _,
  ...rest
}: RecallQuery): Record<'ef' | 'weights' | 'rules' | 'asOf' | 'rest', unknown> => ({ ef, weights, rules, asOf, rest });

/** Where as-of is not the manifest's it is the user's last event: it belongs to the data. */
const asOfUnit = ({ a, b }: BisectOptions): BisectUnit =>
  a.workspace.manifest.asOf === b.workspace.manifest.asOf ? 'data' : 'query';

const queryUnits = (a: RecallQuery, b: RecallQuery, asOf: BisectUnit, artefacts: readonly Unit[]): BisectUnit[] => {
  const [left, right] = [fields(a), fields(b)];
  const differs = (name: keyof typeof left): boolean => canonicalJson(left[name]) !== canonicalJson(right[name]);
  const found: BisectUnit[] = [
    ...(differs('rules') ? ['rules' as const] : []),
    ...(differs('weights') ? ['weights' as const] : []),
    ...(differs('ef') ? ['ef' as const] : []),
    ...(differs('rest') ? ['query' as const] : []),
    ...(differs('asOf') && !(asOf === 'data' && artefacts.includes('data')) ? ['query' as const] : []),
  ];
  return [...new Set(found)];
};

/** A's query with these units of B's. */
const mixQuery = (a: RecallQuery, b: RecallQuery, set: readonly BisectUnit[], asOf: BisectUnit): RecallQuery => ({
  ...(set.includes('query') ? b : a),
  userId: a.userId,
  rules: (set.includes('rules') ? b : a).rules,
  weights: (set.includes('weights') ? b : a).weights,
  ef: (set.includes('ef') ? b : a).ef,
  asOf: (set.includes('query') || (asOf === 'data' && set.includes('data')) ? b : a).asOf,
});

type Answer = { readonly ids: readonly string[]; readonly error: string | null };

const ask = async (
  workspace: SessionWorkspace,
  query: RecallQuery,
  signal: AbortSignal | undefined,
): Promise<Answer> => {
  try {
    return {
      ids: (await workspace.engine.recall(query, signal === undefined ? {} : { signal })).candidates.map((c) => c.adId),
      error: null,
    };
  } catch (error) {
    if (!(error instanceof RecallError) || error.code === 'cancelled' || error.code === 'internal') throw error;
    return { ids: [], error: error.code };
  }
};

const ranked = ({ ids }: Answer): Array<{ adId: string; rank: number }> =>
  ids.map((adId, i) => ({ adId, rank: i + 1 }));
const equal = (x: Answer, y: Answer): boolean =>
  x.error === y.error && x.ids.length === y.ids.length && x.ids.every((id, i) => id === y.ids[i]);

/** Engines over mixed artefacts, made once: their encodings are then shared by all users. */
const createMixer = ({ a, b }: BisectOptions): ((units: readonly BisectUnit[]) => SessionWorkspace) => {
  const made = new Map<string, SessionWorkspace>();
  const isUnit = (unit: BisectUnit): unit is Unit => unit !== 'ef' && unit !== 'weights' && unit !== 'query';
  return (set) => {
    const units = set.filter(isUnit);
    const key = units.join();
    const known = made.get(key) ?? withUnits(a.workspace, b.workspace, units);
    made.set(key, known);
    return known;
  };
};

/** Can this unit change one of the two lists? What cannot is left out of the search, which doubles with each unit. */
const matters = (unit: BisectUnit, queries: readonly RecallQuery[]): boolean => {
  if (unit === 'query') return true;
  return takesPart(unit === 'ef' || unit === 'weights' ? 'model' : unit, { command: 'recall' }, queries);
};

/** The artefacts whose rows are ordinals of the catalogue: samples with other ads take them all along. */
const rowArtefacts: readonly Unit[] = ['model', 'graph', 'data', 'i2i'];

/**
 * Swaps artefacts and parts of the query between two workspaces until A gives B's list exactly: one unit at
 * a time, then two, then more. Every claim has been run; there are at most eight units (the graph is one only where the
 * model is the same), so at most 256 runs a user. Throws `unknown-user` for a user neither side has, `cancelled`.
 */
export const createBisect = (options: BisectOptions): ((userId: string) => Promise<Bisected>) => {
  const { a, b, signal } = options;
  // Rules reach a list through its query: whether they differ there is judged query by query.
  const artefacts = differingArtefacts(options).filter((unit) => unit !== 'rules');
  const tied = sameCatalogue(a.workspace, b.workspace) ? [] : rowArtefacts;
  const mixed = createMixer(options);
  const asOf = asOfUnit(options);
  return async (userId) => {
    const [queryA, queryB] = [await a.queryOf(userId), await b.queryOf(userId)];
    const [left, right] = [await ask(a.workspace, queryA, signal), await ask(b.workspace, queryB, signal)];
    const { overlap, entered, left: gone, moved } = compareLists(ranked(left), ranked(right));
    const differing: BisectUnit[] = [...artefacts, ...queryUnits(queryA, queryB, asOf, artefacts)];
    const row = {
      userId,
      rbo: overlap.rbo,
      entered: entered.length,
      left: gone.length,
      moved: moved.length,
      differing,
    };
    if (equal(left, right))
      return { ...row, same: true, cause: null, causes: [], runs: 2, verdict: 'the lists are the same' };
    const isTied = (unit: BisectUnit): boolean => tied.some((one) => one === unit);
    const tried = differing.filter((unit) => matters(unit, [queryA, queryB]));
    // Those that go together are run together, and named so: also where one of them alone matters.
    const together = tried.some(isTied) ? differing.filter(isTied) : [];
    const alone = tried.filter((unit) => !isTied(unit)).map((unit) => [unit]);
    const groups = together.length === 0 ? alone : [[...together], ...alone];
    const units = (set: ReadonlyArray<readonly BisectUnit[]>): BisectUnit[] =>
      set.flatMap((group) =>
        group.some((unit) => together.includes(unit)) ? [...new Set([...group, ...tied])] : group,
      );
    const { sets, trials } = await minimalSets(groups, async (set) => {
      if (signal?.aborted === true) throw cancelledError();
      return equal(await ask(mixed(units(set)), mixQuery(queryA, queryB, units(set), asOf), signal), right);
    });
    const causes = sets.map((set) => set.flat());
    return { ...row, same: false, cause: causes[0] ?? null, causes, runs: 2 + trials, verdict: verdictOf(causes) };
  };
};

/** Units whose title is a plural. */
const several: ReadonlySet<BisectUnit> = new Set(['model', 'i2i', 'rules', 'settings', 'weights']);

const verdictOf = (causes: ReadonlyArray<readonly BisectUnit[]>): string => {
  const [cause, ...others] = causes;
  if (cause === undefined) return "not accounted for: with everything of B in place A still does not give B's list";
  const named = titleOf(cause);
  if (others.length > 0)
    return `each of these by itself accounts for it: ${causes.map(titleOf).join('; or ')}: with any one of B's, A gives B's list exactly`;
  return cause.length === 1
    ? `${named} alone ${cause.every((unit) => several.has(unit)) ? 'account' : 'accounts'} for it: with B's, A gives B's list exactly`
    : `${named} together account for it: with B's, A gives B's list exactly; no smaller set does`;
};
