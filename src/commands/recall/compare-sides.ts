import type { Leak } from '../../answers/compare-all.ts';
import { modes, type RecallQuery } from '../../domain/query.ts';
import type { ComparePlan } from '../../engine/compare-all.ts';
import { sourcesOf } from '../../domain/sources.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { textArg } from '../../console/arg-values.ts';
import type { ArgValues, CommandContext } from '../../console/command.ts';
import { withoutPart } from './compare-ablation.ts';
import { queryFromArgs, queryFromFile } from '../query/args.ts';
import { firstUser, refuseExclude } from '../users/plan.ts';
import { defaultQuery } from '../../console/query-defaults.ts';

/** The values of `--modes`: the modes, and `popular`, the legacy recall with its one rule popular. */
export const sideNames = [...modes, 'popular'] as const;
export type SideName = (typeof sideNames)[number];

/** The query as this side asks it. */
export const asSide = (query: RecallQuery, side: SideName): RecallQuery => {
  if (side !== 'popular') return { ...query, mode: side };
  const { rules } = query;
  return {
    ...query,
    mode: 'legacy',
    rules: { ...rules, order: ['popular'], quota: { ...rules.quota, popular: Math.max(1, rules.quota.popular ?? 0) } },
  };
};

/** `legacy,model` as two names. Throws `usage`. */
export const sidesOf = (text: string): readonly [SideName, SideName] => {
  const named = text.split(',').map((name) => sideNames.find((m) => m === name));
  const [a, b] = named;
  if (named.length === 2 && a !== undefined && b !== undefined) return [a, b];
  throw new RecallError('usage', `--modes cannot be "${text}"`, {
    expected: 'two modes, like legacy,model',
    todo: `choose from ${sideNames.join(', ')}`,
  });
};

export interface Sides {
  readonly names: readonly [string, string];
  readonly plan: ComparePlan;
  /** The query as asked, before it became two. */ readonly query: RecallQuery;
}

const fromFiles = async (
  context: CommandContext,
  workspace: Workspace,
  files: readonly [string, string],
): Promise<Omit<Sides, 'plan'> & { readonly pair: readonly [RecallQuery, RecallQuery] }> => {
  const based: CommandContext = {
    ...context,
    baseQuery: context.baseQuery ?? defaultQuery(workspace, firstUser(workspace)),
  };
  const pair = [await queryFromFile(based, files[0]), await queryFromFile(based, files[1])] as const;
  return { names: ['a', 'b'], pair, query: pair[0] };
};

const fromModes = async (
  context: CommandContext,
  workspace: Workspace,
  args: ArgValues,
): Promise<Omit<Sides, 'plan'> & { readonly pair: readonly [RecallQuery, RecallQuery] }> => {
  const nobody = context.baseQuery === null && textArg(args, 'query') === undefined;
  const query = await queryFromArgs(
    context,
    args,
    textArg(args, 'user') ?? (nobody ? firstUser(workspace) : undefined),
  );
  const without = textArg(args, 'without');
  if (without !== undefined)
    return {
      names: [query.mode, `${query.mode} without ${without}`],
      pair: [query, withoutPart(query, without)],
      query,
    };
  const names = sidesOf(textArg(args, 'modes') ?? `legacy,${query.mode === 'legacy' ? 'model' : query.mode}`);
  return { names, pair: [asSide(query, names[0]), asSide(query, names[1])], query };
};

const checkPair = ([a, b]: readonly [RecallQuery, RecallQuery]): void => {
  if (a.k !== b.k)
    throw new RecallError('usage', `the two sides have lists of ${a.k} and of ${b.k} ads`, {
      expected: 'one k for both: metrics at different lengths do not compare',
    });
  if (a.userId === b.userId && a.asOf !== b.asOf)
    throw new RecallError('usage', 'the two sides ask at different instants', {
      expected: 'one as-of for both: the ads engaged with afterwards are the truth of both',
    });
  if (a.excludedEvents.length + b.excludedEvents.length > 0)
    throw new RecallError('usage', 'a knock-out by id belongs to one user', {
      todo: 'leave out --exclude, or use blast --exclude FILTER',
    });
};

/**
 * The two sides of `compare --all`: two query files, or two modes of one query. The users' own as-of unless one was
 * chosen.
 */
export const sidesFromArgs = async (context: CommandContext, args: ArgValues): Promise<Sides> => {
  const workspace = await context.workspace();
  const [a, b] = [textArg(args, 'a'), textArg(args, 'b')];
  if ((a === undefined) !== (b === undefined))
    throw new RecallError('usage', '--a and --b come together', {
      expected: 'two query files',
      todo: 'recall USER --json | jq .query > a.json writes one',
    });
  refuseExclude(args);
  const { names, pair, query } =
    a !== undefined && b !== undefined
      ? await fromFiles(context, workspace, [a, b])
      : await fromModes(context, workspace, args);
  checkPair(pair);
  const own = defaultQuery(workspace, pair[0].userId).asOf;
  return {
    names,
    query,
    plan: {
      before: pair[0],
      after: pair[1],
      asOf: pair[0].asOf === own ? null : pair[0].asOf,
      defaultAsOf: workspace.manifest.asOf,
      filters: [],
    },
  };
};

/** Which artefacts that either side reads have seen data at or after as-of, and for how many users. */
export const leaksOf = async (
  workspace: Workspace,
  { before, after, asOf, defaultAsOf }: ComparePlan,
  users: readonly string[],
): Promise<Leak[]> => {
  const until = { model: (await workspace.encoder())?.builtUntil ?? null, i2i: workspace.i2i?.builtUntil ?? null };
  const fixed = asOf ?? defaultAsOf;
  const instants = users.map((userId) => fixed ?? (workspace.store.lastEventAt(userId) ?? before.asOf - 1) + 1);
  return (['model', 'i2i'] as const).flatMap((artefact) => {
    const builtUntil = until[artefact];
    if (
      builtUntil === null ||
      ![before, after].some((query) => sourcesOf(query).some(({ channel }) => channel === artefact))
    )
      return [];
    const early = instants.filter((at) => at < builtUntil);
    return early.length === 0
      ? []
      : [{ artefact, builtUntil, users: early.length, earliestAsOf: early.reduce((least, at) => Math.min(least, at)) }];
  });
};

const iso = (ms: number): string => new Date(ms).toISOString();

/** Refuses a comparison whose artefacts have seen the future. Throws `usage`, naming what leaks. */
export const refuseLeaks = (leaks: readonly Leak[], of: number): void => {
  if (leaks.length === 0) return;
  const latest = Math.max(...leaks.map((leak) => leak.builtUntil));
  throw new RecallError(
    'usage',
    `as-of leaks: ${leaks.map((leak) => leak.artefact).join(' and ')} ${leaks.length === 1 ? 'has' : 'have'} seen the future`,
    {
      expected: `an as-of at or after ${iso(latest)}`,
      found: leaks
        .map(
          ({ artefact, builtUntil, users, earliestAsOf }) =>
            `${artefact}: built on data until ${iso(builtUntil)}, as-of of ${users} of ${of} users lies before (earliest ${iso(earliestAsOf)})`,
        )
        .join('; '),
      todo: `--at ${iso(latest)}, or --allow-leak to measure it all the same`,
    },
  );
};
