import { timeWord } from '../../base/time.ts';
import type { Leak } from '../../answers/compare-all.ts';
import { queryFor, type UsersPlan } from '../../engine/blast.ts';
import { engagementsOf } from '../../engine/hydrate.ts';
import type { LossQuestion } from '../../engine/losses.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, CommandContext } from '../../console/command.ts';
import { defaultQuery } from '../../console/query-defaults.ts';
import { queryFromFile } from '../query/args.ts';
import { leaksOf } from '../recall/compare-sides.ts';
import type { Beside } from '../users/beside.ts';
import { firstUser, planOf, usersPlan } from '../users/plan.ts';

export interface MissesSide {
  readonly name: string;
  readonly workspace: Workspace;
  readonly plan: UsersPlan;
}

/** The side asked, or a and b: two query files, two instants, two workspaces. */
export type MissesSides = readonly [MissesSide] | readonly [MissesSide, MissesSide];

const fromFiles = async (
  context: CommandContext,
  workspace: Workspace,
  files: readonly [string, string],
): Promise<MissesSides> => {
  const based = { ...context, baseQuery: context.baseQuery ?? defaultQuery(workspace, firstUser(workspace)) };
  const side = async (name: string, file: string): Promise<MissesSide> => ({
    name,
    workspace,
    plan: planOf(workspace, await queryFromFile(based, file)),
  });
  return [await side('a', files[0]), await side('b', files[1])];
};

const asOfName = (asOf: number | null): string =>
  asOf === null ? 'as of each user’s last event' : `as of ${timeWord(asOf)}`;

/** Throws `usage` where the arguments name more than one pair of sides. */
export const missesSides = async (
  context: CommandContext,
  args: ArgValues,
  beside: Beside | null,
): Promise<MissesSides> => {
  const workspace = await context.workspace();
  const [a, b, since] = [textArg(args, 'a'), textArg(args, 'b'), numberArg(args, 'since')];
  const named = [a ?? b, since, beside ?? undefined].filter((one) => one !== undefined).length;
  if (named > 1 || (a === undefined) !== (b === undefined))
    throw new RecallError('usage', 'the two sides are not clear', {
      expected: '--a FILE with --b FILE, or --since TIME, or --beside DIR',
    });
  if (a !== undefined && b !== undefined) return fromFiles(context, workspace, [a, b]);
  const plan = await usersPlan(context, args);
  const own = { name: workspace.name, workspace, plan };
  if (beside !== null)
    return [
      own,
      { name: beside.workspace.name, workspace: beside.workspace, plan: await usersPlan(beside.context, args) },
    ];
  if (since === undefined) return [own];
  const earlier = { ...plan, query: { ...plan.query, asOf: since }, asOf: since };
  return [
    { ...own, name: asOfName(since), plan: earlier },
    { ...own, name: asOfName(plan.asOf ?? plan.defaultAsOf) },
  ];
};

export interface Asked {
  /** One list of questions a side, of the same users and ads. */
  readonly questions: ReadonlyArray<readonly LossQuestion[]>;
  readonly without: number;
  readonly missing: number;
}

/**
 * The pairs: ads that the first workspace's users engaged with after the later as-of of the sides. Each side is asked for
 * the same ones, at its own as-of.
 */
export const questionsOf = (sides: MissesSides, users: readonly string[]): Asked => {
  const [{ workspace: truth }] = sides;
  const questions = sides.map((): LossQuestion[] => []);
  let [without, missing] = [0, 0];
  for (const userId of users) {
    if (sides.some(({ workspace }) => workspace.store.user(userId) === null)) {
      missing += 1;
      continue;
    }
    const queries = sides.map(({ workspace, plan }) => queryFor(workspace.engine, plan, userId));
    const asOf = Math.max(...queries.map((query) => query.asOf));
    const adIds = [...engagementsOf(truth, { userId, asOf }).keys()];
    if (adIds.length === 0) without += 1;
    else queries.forEach((query, s) => questions[s]?.push({ query, adIds }));
  }
  return { questions, without, missing };
};

/** Artefacts of either side that have seen data at or after its as-of. */
export const leaksOfSides = async (sides: MissesSides, users: readonly string[]): Promise<Leak[]> => {
  const all: Leak[] = [];
  for (const { workspace, plan } of sides)
    all.push(...(await leaksOf(workspace, { ...plan, before: plan.query, after: plan.query, filters: [] }, users)));
  return all;
};
