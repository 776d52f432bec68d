import type { HeldOut } from '../../answers/tune.ts';
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

/** The users in two parts, drawn with the seed. */
export const splitUsers = (users: readonly string[], seed: number): readonly [string[], string[]] => {
  const order = seededRandom(seed).shuffle(Uint32Array.from(users, (_, i) => i));
  const tuning = Math.max(1, Math.round(users.length * tuningShare));
  const part = (from: number, to: number): string[] =>
    Array.from(order.subarray(from, to), (i) => users[i] ?? '').sort();
  return [part(0, tuning), part(tuning, users.length)];
};
