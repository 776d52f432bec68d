import type { RecallRow, Side, ListDifference } from '../../answers/recall.ts';
import { profileOf, type ListProfile } from '../../domain/list-profile.ts';
import { byCodeUnit } from '../../base/order.ts';
import { evidenceSubject, ruleNames, type ChannelName } from '../../domain/channels.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { explainAll } from '../../engine/explain/groups.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';

const placedBy = (side: Side, rows: readonly RecallRow[]): ListDifference[] => {
  const counts = new Map<ChannelName, number>();
  for (const { via } of rows) counts.set(via, (counts.get(via) ?? 0) + 1);
  return [...counts]
    .sort(([x, m], [y, n]) => n - m || byCodeUnit(x, y))
    .map(([channel, ads]) => ({ kind: 'placed-by', side, channel, ads, share: ads / rows.length }));
};

const ruleSaw = (side: Side, rows: readonly RecallRow[]): ListDifference[] =>
  ruleNames.flatMap((rule): ListDifference[] => {
    const subjects = rows.flatMap(({ via, channels }) =>
      via !== rule
        ? []
        : channels.filter((hit) => hit.channel === rule).flatMap((hit) => evidenceSubject(hit.evidence) ?? []),
    );
    const [first] = subjects;
    return first === undefined
      ? []
      : [{ kind: 'rule-saw', side, rule, what: first.what, values: [...new Set(subjects.map(({ value }) => value))] }];
  });

/** Shares of Σ|φ| over the list; nothing where the side's list is not the model's, or cannot be explained. */
const carriedBy = async (
  workspace: Workspace,
  side: Side,
  query: RecallQuery,
  rows: readonly RecallRow[],
): Promise<ListDifference[]> => {
  const own = rows.filter((row) => row.via === 'model');
  if (own.length === 0) return [];
  try {
    const { groups, rows: explained } = await explainAll(
      workspace.engine.core,
      query,
      own.map((row) => row.ordinal),
    );
    const sums = groups.map(({ group }, g) => ({
      group,
      phi: explained.reduce((sum, row) => sum + (row.phi[g] ?? 0), 0),
      size: explained.reduce((sum, row) => sum + Math.abs(row.phi[g] ?? 0), 0),
    }));
    const total = sums.reduce((sum, { size }) => sum + size, 0);
    return sums
      .filter(({ size }) => size > 0)
      .sort((x, y) => y.size - x.size || byCodeUnit(x.group, y.group))
      .map(({ group, phi, size }) => ({
        kind: 'carried-by',
        side,
        group,
        share: size / total,
        phi: phi / explained.length,
      }));
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported') return [];
    throw error;
  }
};

const mostCategories = 5;

const categories = (a: ListProfile, b: ListProfile): ListDifference[] => {
  const share = (profile: ListProfile): Map<string, number> =>
    new Map(profile.categories.map((c) => [c.category, c.share]));
  const [inA, inB] = [share(a), share(b)];
  return [...new Set([...inA.keys(), ...inB.keys()])]
    .map((category) => ({ kind: 'category' as const, category, a: inA.get(category) ?? 0, b: inB.get(category) ?? 0 }))
    .filter((one) => one.a !== one.b)
    .sort((x, y) => Math.abs(y.b - y.a) - Math.abs(x.b - x.a) || byCodeUnit(x.category, y.category))
    .slice(0, mostCategories);
};

const engagedOnly = (side: Side, rows: readonly RecallRow[], other: readonly RecallRow[]): ListDifference[] => {
  const there = new Set(other.map((row) => row.adId));
  const adIds = rows.filter((row) => row.engaged && !there.has(row.adId)).map((row) => row.adId);
  return adIds.length === 0 ? [] : [{ kind: 'engaged-only-in', side, adIds }];
};

export interface Lists {
  readonly queries: { readonly a: RecallQuery; readonly b: RecallQuery };
  readonly a: readonly RecallRow[];
  readonly b: readonly RecallRow[];
}

/** Profiles of both lists, and their differences. */
export const differencesOf = async (
  workspace: Workspace,
  { queries, a, b }: Lists,
): Promise<{ profiles: { a: ListProfile; b: ListProfile }; differences: ListDifference[] }> => {
  const profiles = { a: profileOf(a), b: profileOf(b) };
  const [medianA, medianB] = [profiles.a.price?.median, profiles.b.price?.median];
  return {
    profiles,
    differences: [
      ...placedBy('a', a),
      ...ruleSaw('a', a),
      ...(await carriedBy(workspace, 'a', queries.a, a)),
      ...placedBy('b', b),
      ...ruleSaw('b', b),
      ...(await carriedBy(workspace, 'b', queries.b, b)),
      ...categories(profiles.a, profiles.b),
      ...(medianA === undefined || medianB === undefined || medianA === medianB
        ? []
        : [{ kind: 'price' as const, a: medianA, b: medianB }]),
      ...engagedOnly('a', a, b),
      ...engagedOnly('b', b, a),
    ],
  };
};
