import {
  campaignCheck,
  churnCheck,
  churnOf,
  crowdingCheck,
  groupsCheck,
  poissonSlack,
  recallCheck,
  stateCheck,
  type GateCheck,
  type GateGroup,
  type GateUser,
} from '../../domain/gate.ts';
import type { BisectUnit } from '../../answers/session.ts';
import { sampleUsers } from '../../engine/blast.ts';
import { throwIfAborted, yieldToEventLoop } from '../../engine/interrupt.ts';
import { examine } from '../../workspace/doctor/doctor.ts';
import { unreachableAds } from '../../workspace/unreachable.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../../console/command.ts';
import { rebuiltEngines } from './compare-noise.ts';
import { gateUsers, listsUnder, type GateSides } from './gate-lists.ts';

export interface GateBounds {
  readonly margin: number;
  /** null: any churn of a new model; that of anything else stays under `leastChurn`. */
  readonly maxChurn: number | null;
  readonly rebuilds: number;
  readonly seed: number;
  readonly k: number;
}

/** Churn that only a new model or new data explain. */
const leastChurn = 0.1;

const mostChurn = (differing: readonly BisectUnit[], { maxChurn }: GateBounds): number | null =>
  maxChurn ?? (differing.includes('model') || differing.includes('data') ? null : leastChurn);

const adsOf = ({ catalog }: Workspace, ordinals: Iterable<number>): string[] =>
  [...ordinals].map((ordinal) => catalog.idOf(ordinal));

/** The ads whose element of the index is in this state: 0 = none, 2 = marked as deleted. */
const inState = (workspace: Workspace, state: 0 | 2): string[] =>
  adsOf(
    workspace,
    [...(workspace.index?.elements?.states ?? [])].flatMap((of, ordinal) => (of === state ? [ordinal] : [])),
  );

const unreachableOf = async (workspace: Workspace, context: CommandContext): Promise<string[]> =>
  adsOf(workspace, (await unreachableAds(workspace, context.tools.files)) ?? []);

/** Unreachable, deleted and absent ads of the two indexes. A rebuild leaves a few more or less unreachable by chance. */
export const indexChecks = async (
  context: CommandContext,
  { a, b }: { a: Workspace; b: Workspace },
): Promise<GateCheck[]> => {
  if (a.index === null || b.index === null) return [];
  const [left, right] = [await unreachableOf(a, context), await unreachableOf(b, context)];
  const slack = a.fingerprints.index === b.fingerprints.index ? 0 : poissonSlack([left.length]);
  return [
    stateCheck('unreachable ads', left, right, slack),
    stateCheck('deleted ads', inState(a, 2), inState(b, 2), 0),
    stateCheck('ads without a node', inState(a, 0), inState(b, 0), 0),
  ];
};

/** A's doctor against B's: a check that A passes and B does not; stale and mismatched artefacts are among them. */
export const healthCheck = async (context: CommandContext, dirs: readonly [string, string]): Promise<GateCheck> => {
  const [a, b] = [
    await examine(dirs[0], context.tools, () => undefined, context.signal),
    await examine(dirs[1], context.tools, () => undefined, context.signal),
  ];
  const failing = new Set(a.checks.filter(({ ok }) => !ok).map(({ name }) => name));
  const fresh = b.checks.filter(({ ok, name }) => !ok && !failing.has(name));
  return {
    name: 'doctor',
    says: `${b.checks.filter(({ ok }) => ok).length} of ${b.checks.length} checks pass`,
    figures: { checks: b.checks.length, failed: b.checks.filter(({ ok }) => !ok).length },
    objections: fresh.map(({ name, expected, found }) => ({
      text: `${name}: expected ${expected}, found ${found}`,
      userIds: [],
      adIds: [],
    })),
  };
};

const noiseOf = async (
  context: CommandContext,
  sides: GateSides,
  users: readonly GateUser[],
  { rebuilds, seed }: GateBounds,
): Promise<number[][]> => {
  const builds: number[][] = [];
  for await (const engine of rebuiltEngines(context, sides.a.workspace, { rebuilds, seed })) {
    const lists = await listsUnder(engine, sides, users, context.signal);
    builds.push(users.map(({ a }, i) => churnOf(a.ads, lists[i] ?? [])));
  }
  return builds;
};

/** Users of both workspaces: those of the sample, and more of them where the sample cannot tell. */
export interface GatePeople {
  readonly sample: readonly string[];
  readonly others: readonly string[];
}

/**
 * Recall of engaged ads. Of some hundred users one lost ad widens the interval beyond the margin: where the mean itself
 * is within it, three times as many users are asked, until the interval is, or there are no more.
 */
const recallOfMore = async (
  context: CommandContext,
  sides: GateSides,
  { rows, others }: { readonly rows: readonly GateUser[]; readonly others: readonly string[] },
  mode: 'legacy' | null,
  bounds: GateBounds,
): Promise<GateCheck> => {
  const name = mode ?? 'the query';
  let [seen, rest] = [rows, others];
  for (;;) {
    const check = recallCheck(name, seen, bounds);
    const { a, b } = check.figures;
    if (check.objections.length === 0 || rest.length === 0 || (a ?? 0) - (b ?? 0) > bounds.margin) return check;
    const next = new Set(sampleUsers(rest, Math.max(1, seen.length) * 3, bounds.seed));
    rest = rest.filter((userId) => !next.has(userId));
    seen = [...seen, ...(await gateUsers(context, sides, [...next], mode))];
  }
};

/** What is asked of the lists of one mode; null: the mode of the query. */
const modeChecks = async (
  context: CommandContext,
  sides: GateSides,
  { sample, others }: GatePeople,
  mode: 'legacy' | null,
  differing: readonly BisectUnit[],
  bounds: GateBounds,
): Promise<GateCheck[]> => {
  const rows = await gateUsers(context, sides, sample, mode);
  await yieldToEventLoop();
  const name = mode ?? 'the query';
  const onlyIndex = mode === null && differing.length === 1 && differing[0] === 'graph';
  const noise = onlyIndex ? await noiseOf(context, sides, rows, bounds) : null;
  const { catalog } = sides.a.workspace;
  const campaigns = new Map<string, string | null>();
  const campaignOf = (adId: string): string | null => {
    const known = campaigns.get(adId);
    if (known !== undefined) return known;
    const ordinal = catalog.ordinalOf(adId);
    const campaign = ordinal === null ? null : (catalog.ads([ordinal])[0]?.campaign ?? null);
    campaigns.set(adId, campaign);
    return campaign;
  };
  return [
    churnCheck(name, rows, {
      noise,
      most: onlyIndex ? bounds.maxChurn : mostChurn(differing, bounds),
      seed: bounds.seed,
    }),
    await recallOfMore(context, sides, { rows, others }, mode, bounds),
    campaignCheck(name, rows, campaignOf, differing.includes('model') || differing.includes('graph')),
    crowdingCheck(name, rows, bounds),
  ];
};

/** Users asked without each group: enough to tell whether a group does anything at all. */
const groupUsers = 24;

const sameVector = (x: readonly number[] | null, y: readonly number[] | null): boolean =>
  x !== null && y !== null && x.every((value, i) => Math.abs(value - (y[i] ?? 0)) < 1e-6);

/** Does the user's vector change without the group, and which ads leave the list then? null: the model cannot tell. */
const without = async (
  { workspace, queryOf }: GateSides['a'],
  userId: string,
  group: string,
): Promise<readonly string[] | null> => {
  const query = await queryOf(userId);
  const { userVector, candidates } = await workspace.engine.recall(query);
  const off = await workspace.engine.recall({ ...query, weights: { ...query.weights, [group]: 0 } });
  if (userVector === null || sameVector(userVector, off.userVector)) return null;
  const stays = new Set(off.candidates.map(({ adId }) => adId));
  return candidates.map(({ adId }) => adId).filter((adId) => !stays.has(adId));
};

/** Whether each feature group that does something on A does so on B. */
export const groupChecks = async (
  { signal }: Pick<CommandContext, 'signal'>,
  sides: GateSides,
  users: readonly string[],
): Promise<GateCheck[]> => {
  const [a, b] = [sides.a.workspace, sides.b.workspace];
  if (
    a.fingerprints.model === null ||
    b.fingerprints.model === null ||
    a.abilities?.groups !== true ||
    b.abilities?.groups !== true
  )
    return [];
  const asked = users.slice(0, groupUsers);
  const groups: GateGroup[] = [];
  for (const { name: group } of a.settings.groups) {
    const moved = { a: new Array<string>(), b: new Array<string>() };
    const adIds: string[] = [];
    for (const userId of asked) {
      throwIfAborted(signal);
      await yieldToEventLoop();
      const left = await without(sides.a, userId, group);
      if (left === null) continue;
      moved.a.push(userId);
      adIds.push(...left);
      if ((await without(sides.b, userId, group)) !== null) moved.b.push(userId);
    }
    groups.push({ group, ...moved, adIds });
  }
  return [groupsCheck(groups, asked.length)];
};

/** The lists as the query asks for them, and as the rules alone give them where there are any. */
export const listChecks = async (
  context: CommandContext,
  sides: GateSides,
  people: GatePeople,
  differing: readonly BisectUnit[],
  bounds: GateBounds,
  ownMode: string,
): Promise<GateCheck[]> => {
  const rules = ownMode !== 'legacy' && differing.some((unit) => unit === 'rules' || unit === 'data');
  return [
    ...(await modeChecks(context, sides, people, null, differing, bounds)),
    ...(rules ? await modeChecks(context, sides, people, 'legacy', differing, bounds) : []),
  ];
};
