import type { HeldOut } from '../../answers/tune.ts';
import { usersToProve } from '../../domain/mean-bound.ts';
import { seededRandom } from '../../domain/random.ts';
import { tuneRounds } from '../../domain/tune-grid.ts';
import {
  byCost,
  pointsOf,
  reaches,
  type TuneAgainst,
  type TunePoint,
  type TuneRow,
  type TuneSettings,
} from '../../domain/tune.ts';
import { blastBatch, type UsersPlan } from '../../engine/blast.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../../console/command.ts';
import type { UserTask } from '../users/jobs.ts';
import { runUsers } from '../users/workers.ts';

/** Two of five users tune, three prove. */
const tuningShare = 0.4;
/** So many breadths of the search are run at once, cheapest first, until the target is reached. */
const breadthsAtOnce = 6;

export interface Tuning {
  readonly context: CommandContext;
  readonly workspace: Workspace;
  readonly plan: UsersPlan;
  readonly against: TuneAgainst;
  readonly target: number;
  readonly seed: number;
  readonly workers: number | undefined;
}

interface Measured {
  readonly rows: readonly TuneRow[];
  readonly workers: number;
}

const measure = async (
  { context, workspace, plan, against, workers }: Tuning,
  users: readonly string[],
  settings: readonly TuneSettings[],
  stage: string,
): Promise<Measured> => {
  const tasks = Array.from({ length: Math.ceil(users.length / blastBatch) }, (_, i): UserTask => ({
    kind: 'tune',
    plan: { ...plan, against, settings },
    users: users.slice(i * blastBatch, (i + 1) * blastBatch),
  }));
  const ran = await runUsers(context, workspace, { tasks, users: users.length, workers, stage });
  return { rows: ran.rows.flatMap((batch) => (batch.kind === 'tune' ? batch.rows : [])), workers: ran.workers };
};

/** A setting that reached the target on the tuning users, tried on the others. */
export interface Trial {
  readonly point: TunePoint;
  readonly heldOut: HeldOut;
  readonly proved: boolean;
}

const trialsAtOnce = 3;
const mostTrials = 8;

/**
 * The n-th trial must hold at 1 − .05 ÷ 2ⁿ⁻¹ (two-sided): the chance that any of them is proved by luck then stays below
 * 5 % in all, however many are tried.
 */
const levelOf = (before: number): number => 1 - 0.05 / 2 ** before;

/** Users without anything to find do not count. Throws `unsupported` where the rest of a part cannot prove the target. */
const requireCounted = (target: number, counted: number, of: number): void => {
  const least = usersToProve(target);
  if (counted >= least) return;
  throw new RecallError('unsupported', `tune needs at least ${least} users with something to find in either part`, {
    expected: `so many to prove a recall of ${target}, even if it is 1 for each of them`,
    found: `${counted} of the ${of} users of one part`,
    todo: 'choose more --users, a lower --recall, or an earlier --at',
  });
};

/** Tries these settings on the users held out, one after the other, until one is proved. */
const prove = async (
  tuning: Tuning,
  users: readonly string[],
  points: readonly TunePoint[],
  before: number,
): Promise<Trial[]> => {
  const settings = points.map((point) => point.settings);
  const { rows } = await measure(tuning, users, settings, 'proof');
  const options = { seed: tuning.seed, resamples: 10_000 };
  const plain = pointsOf(rows, settings, options);
  requireCounted(tuning.target, plain[0]?.users ?? 0, users.length);
  const trials: Trial[] = [];
  for (const [i, point] of points.entries()) {
    const own = plain[i];
    const strict = pointsOf(rows, settings, { ...options, level: levelOf(before + i) })[i];
    if (own === undefined || strict === undefined) break;
    const { users: held, recall, lower95 } = own;
    const proved = reaches(strict, tuning.target);
    trials.push({ point, heldOut: { users: held, recall, lower95 }, proved });
    if (proved) break;
  }
  return trials;
};

export interface Search {
  /** Rows of the first part of the grid on the tuning users. */
  readonly rows: readonly TuneRow[];
  /** Cheapest first. */
  readonly points: readonly TunePoint[];
  readonly trials: readonly Trial[];
  readonly untried: number;
  readonly workers: number;
}

/**
 * From the cheapest breadths upwards: what reaches the target on the tuning users is tried on the others, cheapest first,
 * until a setting is proved. So each cheaper one was run, and misses the target on either part.
 */
export const searchSettings = async (
  tuning: Tuning,
  [tuningUsers, others]: readonly [readonly string[], readonly string[]],
  grid: readonly TuneSettings[],
): Promise<Search> => {
  const { query } = tuning.plan;
  const points: TunePoint[] = [];
  const trials: Trial[] = [];
  let first: Measured | null = null;
  for (const [i, round] of tuneRounds(query, grid, breadthsAtOnce).entries()) {
    const ran = await measure(tuning, tuningUsers, round, `tuning, part ${i + 1} of the grid`);
    first ??= ran;
    const made = pointsOf(ran.rows, round, { seed: tuning.seed, resamples: 2_000 }).sort(byCost(query));
    points.push(...made);
    const [part] = made;
    if (part !== undefined && part.users > 0) requireCounted(tuning.target, part.users, tuningUsers.length);
    const good = made.filter((point) => reaches(point, tuning.target));
    while (good.length > 0 && trials.at(-1)?.proved !== true && trials.length < mostTrials)
      trials.push(...(await prove(tuning, others, good.splice(0, trialsAtOnce), trials.length)));
    if (trials.at(-1)?.proved === true || trials.length >= mostTrials) break;
  }
  return {
    rows: first?.rows ?? [],
    points: points.sort(byCost(query)),
    trials,
    untried: grid.length - points.length,
    workers: first?.workers ?? 0,
  };
};

/** How many of these users tune. */
const tuningPart = (users: number): number => Math.max(1, Math.round(users * tuningShare));

/** Throws `unsupported` where either part of the users is too small to reach the target whatever is measured. */
export const requireUsers = (target: number, sampled: number, all: number): void => {
  const least = usersToProve(target);
  if (tuningPart(sampled) >= least) return;
  let needed = Math.ceil(least / tuningShare);
  while (tuningPart(needed - 1) >= least) needed -= 1;
  throw new RecallError('unsupported', `tune needs at least ${needed} users`, {
    expected: `${least} that tune and as many held out, to prove a recall of ${target}`,
    found: sampled < all ? `${sampled} of ${all} users` : `${all} in the workspace`,
    todo: needed <= all ? `--users ${needed}` : 'a lower --recall',
  });
};

/** The users in two parts, drawn with the seed. */
export const splitUsers = (users: readonly string[], seed: number): readonly [string[], string[]] => {
  const order = seededRandom(seed).shuffle(Uint32Array.from(users, (_, i) => i));
  const tuning = tuningPart(users.length);
  const part = (from: number, to: number): string[] =>
    Array.from(order.subarray(from, to), (i) => users[i] ?? '').sort();
  return [part(0, tuning), part(tuning, users.length)];
};
