import type { HeldOut, TuneData } from '../../answers/tune.ts';
import { readsModel } from '../../domain/sources.ts';
import { tuneGrid } from '../../domain/tune-grid.ts';
import {
  reaches,
  settingsOf,
  withSettings,
  type TuneAgainst,
  type TunePoint,
  type TuneRow,
} from '../../domain/tune.ts';
import { sampleUsers, type UsersPlan } from '../../engine/blast.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { refuseUnable, saidOfModel } from '../../console/abilities.ts';
import { flagArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { savePreset } from '../query/presets-store.ts';
import { leaksOf, refuseLeaks } from '../recall/compare-sides.ts';
import { usersPlan } from '../users/plan.ts';
import { sampleSize } from '../users/sample-size.ts';
import { requireUsers, searchSettings, splitUsers, type Search, type Tuning } from './tune-search.ts';

const targetOf = (args: ArgValues): number => {
  const target = numberArg(args, 'recall') ?? 0.99;
  if (target > 0 && target < 1) return target;
  throw new RecallError('usage', `--recall cannot be ${target}`, {
    expected: 'a share between 0 and 1: no number of users proves a recall of 1',
    todo: '--recall .99',
  });
};

const wholeNumbers = (args: ArgValues, name: string): readonly number[] | undefined => {
  const text = textArg(args, name);
  if (text === undefined) return undefined;
  const numbers = text.split(',').map((part) => (/^ *[1-9]\d* *$/.test(part) ? Number(part) : Number.NaN));
  if (numbers.every((n) => Number.isSafeInteger(n))) return numbers;
  throw new RecallError('usage', `--${name} cannot be "${text}"`, {
    expected: 'whole numbers from 1, like 100,200,400',
  });
};

/** Against the exact list there must be an index that can miss something. Throws `unsupported`. */
const requireIndex = ({ index, scan }: Workspace, { query }: UsersPlan): void => {
  if (!readsModel(query))
    throw new RecallError('unsupported', `mode ${query.mode} does not search the index: its list is the exact one`, {
      todo: '--mode model, or --against engaged',
    });
  if (index === null || scan === null)
    throw new RecallError('unsupported', 'this workspace has no index and vectors to tune', {
      todo: 'recall-tui index DIR',
    });
};

const nobodyCounts = (against: TuneAgainst, rows: readonly TuneRow[]): RecallError =>
  new RecallError(
    'unsupported',
    rows.find(({ failed }) => failed !== null)?.failed ??
      (against === 'engaged' ? 'no user engaged with an ad after as-of' : 'no user has an exact list'),
    {
      found: `so for each of the ${rows.length} users that should tune`,
      todo: 'choose an earlier --at, or more --users',
    },
  );

const nothing = (): never => {
  throw new RecallError('internal', 'the grid of settings is empty');
};

/** The proved setting with the one before it by cost; without one, the best. */
const answerOf = (
  { points, trials }: Search,
  target: number,
): Pick<TuneData, 'settings' | 'recall' | 'lower95' | 'cost' | 'nextCheaper' | 'best'> => {
  const heldOut = (point: TunePoint): HeldOut | null => trials.find((trial) => trial.point === point)?.heldOut ?? null;
  const chosen = trials.find(({ proved }) => proved) ?? null;
  const cheaper = chosen === null ? undefined : points[points.indexOf(chosen.point) - 1];
  const top = points.reduce((best, point) => (point.lower95 > best.lower95 ? point : best), points[0] ?? nothing());
  return {
    settings: chosen?.point.settings ?? null,
    recall: chosen?.heldOut.recall ?? null,
    lower95: chosen?.heldOut.lower95 ?? null,
    cost: chosen?.point.cost ?? null,
    nextCheaper:
      cheaper === undefined
        ? null
        : { ...cheaper, missesOn: reaches(cheaper, target) ? 'held-out' : 'tuning', heldOut: heldOut(cheaper) },
    best: { ...top, heldOut: heldOut(top) },
  };
};

const run = async (context: CommandContext, args: ArgValues): Promise<{ data: TuneData; plan: UsersPlan }> => {
  const workspace = await context.workspace();
  const plan = await usersPlan(context, args);
  refuseUnable(workspace, [plan.query]);
  const against: TuneAgainst = textArg(args, 'against') === 'engaged' ? 'engaged' : 'exact';
  if (against === 'exact') requireIndex(workspace, plan);
  const target = targetOf(args);
  const seed = numberArg(args, 'seed') ?? 1;
  const [efs, ks] = [wholeNumbers(args, 'efs'), wholeNumbers(args, 'ks')];
  const ids = workspace.store.userIds();
  const sampled = sampleUsers(ids, sampleSize(args, ids.length, '1000'), seed);
  requireUsers(target, sampled.length, ids.length);
  if (against === 'engaged' && !flagArg(args, 'allow-leak')) {
    const sides = { ...plan, before: plan.query, after: plan.query, filters: [] };
    refuseLeaks(await leaksOf(workspace, sides, sampled), sampled.length);
  }
  const tuning: Tuning = { context, workspace, plan, against, target, seed, workers: numberArg(args, 'workers') };
  const grid = tuneGrid(plan.query, against, {
    ads: workspace.catalog.adCount,
    indexed: workspace.index?.size ?? 1,
    ...(efs === undefined ? {} : { efs }),
    ...(ks === undefined ? {} : { ks }),
  });
  const search = await searchSettings(tuning, splitUsers(sampled, seed), grid);
  if ((search.points[0]?.users ?? 0) === 0) throw nobodyCounts(against, search.rows);
  const data: TuneData = {
    target,
    against,
    ...answerOf(search, target),
    asked: settingsOf(plan.query),
    grid: search.points,
    untried: search.untried,
    users: {
      of: ids.length,
      sampled: sampled.length,
      tuning: search.points[0]?.users ?? 0,
      heldOut: search.trials.at(-1)?.heldOut.users ?? 0,
      without: search.rows.filter(({ failed, wanted }) => failed === null && wanted === 0).length,
      failed: search.rows.filter(({ failed }) => failed !== null).length,
    },
    seed,
    workers: search.workers,
    saved: null,
    approximations: await saidOfModel(workspace, [plan.query]),
  };
  return { data, plan };
};

/** The answer's settings as a preset; without an answer nothing is written. */
const saved = async (
  context: CommandContext,
  args: ArgValues,
  { query }: UsersPlan,
  data: TuneData,
): Promise<{ data: TuneData; notices: readonly string[] }> => {
  const name = textArg(args, 'save');
  if (name === undefined || data.settings === null) return { data, notices: [] };
  const title = `tuned to a recall of ${data.target} ${data.against === 'exact' ? 'of the exact list' : 'of engaged ads'}`;
  const { path, notices } = await savePreset(context, name, withSettings(query, data.settings), {
    title,
    replace: flagArg(args, 'replace'),
  });
  return { data: { ...data, saved: { name, path } }, notices };
};

export const tuneCommand: Command<'tune'> = {
  id: 'tune',
  title: 'Find the cheapest settings that reach a recall',
  doc: 'Finds the cheapest settings (ef; against engaged ads also k and quotas) whose recall reaches a target: of the exact list, or of the ads that users engaged with after as-of. Settings are tried in the order of their cost, in distances that the search computes, on two fifths of the users; the first to reach the target is proved on the other three fifths: the lower end of its 95 % interval (bootstrap over users, and no higher than so many users can prove) must reach the target there too, else the next one is tried, at a stricter level each time. Exit code 1 where no setting does.',
  family: 'change',
  needs: 'workspace',
  takesQuery: true,
  args: [
    { name: 'recall', type: 'number', default: 0.99, doc: 'The recall to reach, a share of 1.' },
    {
      name: 'against',
      type: 'choice',
      choices: ['exact', 'engaged'],
      default: 'exact',
      doc: 'What is to be recalled: the list that an exact search gives, or the ads that users engaged with after as-of.',
    },
    {
      name: 'users',
      type: 'string',
      default: '1000',
      doc: 'How many users are sampled, or all. A recall of .99 needs 919, one of .95 needs 179.',
    },
    { name: 'seed', type: 'int', default: 1, doc: 'Seed of the sample, of its two parts and of the intervals.' },
    {
      name: 'efs',
      type: 'string',
      doc: 'The only values of ef to try, like 100,150,200; one below what is read from the index, such as k, acts as that (default: a ladder up to the whole index).',
    },
    {
      name: 'ks',
      type: 'string',
      doc: 'With --against engaged: the values of k to try (default: a quarter of k to four times k).',
    },
    { name: 'save', type: 'string', doc: 'Save the settings as a preset of this name.' },
    { name: 'replace', type: 'flag', doc: 'Overwrite a preset of that name.' },
    {
      name: 'allow-leak',
      type: 'flag',
      doc: 'With --against engaged: measure even if the model or the item neighbours have seen data at or after as-of.',
    },
    { name: 'workers', type: 'int', doc: 'Worker threads; 0 runs in this one.' },
  ],
  examples: [
    'tune --recall .99',
    'tune --recall .995 -k 50 --users all --save quick',
    'tune --recall .2 --against engaged --mode merged',
  ],
  run: async (context, args) => {
    const { tick } = (await context.workspace()).clock;
    const started = tick();
    const { data: found, plan } = await run(context, args);
    const { data, notices } = await saved(context, args, plan, found);
    return {
      schema: 'tune',
      query: data.settings === null ? plan.query : withSettings(plan.query, data.settings),
      data,
      notices,
      timingsMs: { total: tick() - started },
      ...(data.settings === null ? { exitCode: 1 } : {}),
    };
  },
};
