import { privateFile, writeTextFile } from '../../base/atomic-file.ts';
import type { ResultOf } from '../../answers/answers.ts';
import type { Leak, TitledHubs, ReportHeader, CompareAllData } from '../../answers/compare-all.ts';
import { hubsOf, type Hubs } from '../../domain/compare-all/hubs.ts';
import { losingGroups } from '../../domain/compare-all/subgroups.ts';
import { judge, metricsOf, type MetricComparison } from '../../domain/compare-all/metrics.ts';
import { userMetrics, type CompareRow } from '../../domain/compare-all/rows.ts';
import { compareSegments } from '../../domain/compare-all/segments.ts';
import { beyondNoise } from '../../domain/compare-all/noise.ts';
import { mostContrasted, differenceBins, recallCurve } from '../../domain/compare-all/shape.ts';
import { blastBatch, sampleUsers } from '../../engine/blast.ts';
import { yieldToEventLoop } from '../../engine/interrupt.ts';
import { cancelledError, RecallError } from '../../errors.ts';
import { indexParameters } from '../../workspace/indexes/index.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { refuseUnable, saidOfModel } from '../../console/abilities.ts';
import { flagArg, listArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, CommandContext } from '../../console/command.ts';
import { compareAllMarkdown } from './compare-report.ts';
import { measureNoise, measureReseeded } from './compare-noise.ts';
import { reproduceLine } from './compare-report.ts';
import { openRowsFile, rowsHeader, type RowsFile } from './rows-file.ts';
import { leaksOf, refuseLeaks, sidesFromArgs, type Sides } from './compare-sides.ts';
import { sampleSize } from '../users/sample-size.ts';
import { titlesOf } from '../../engine/titles.ts';
import type { UserTask } from '../users/jobs.ts';
import { runUsers } from '../users/workers.ts';

const topHubs = 10;
const topUsers = 50;
const resamples = 10_000;

export interface Measured {
  readonly rows: readonly CompareRow[];
  readonly encodeMs: number;
  readonly restMs: number;
  readonly workers: number;
}

/**
 * The rows of these users, in their order: those of the file, the others in workers. The cut into batches never
 * depends on what the file holds.
 */
export const measureUsers = async (
  context: CommandContext,
  workspace: Workspace,
  plan: Sides['plan'],
  users: readonly string[],
  options: { file: RowsFile | null; workers: number | undefined },
): Promise<Measured> => {
  const { file, workers } = options;
  const batches = Array.from({ length: Math.ceil(users.length / blastBatch) }, (_, i) =>
    users.slice(i * blastBatch, (i + 1) * blastBatch),
  );
  const known = batches.map((batch) => {
    const rows = file?.found.get(batch[0] ?? '');
    return rows !== undefined && rows.length === batch.length && rows.every((row, u) => row.userId === batch[u])
      ? rows
      : null;
  });
  const tasks = batches.flatMap((batch, i): UserTask[] =>
    known[i] === null ? [{ kind: 'compare', plan, users: batch }] : [],
  );
  const left = tasks.reduce((sum, task) => sum + (task.kind === 'compare' ? task.users.length : 0), 0);
  const ran = await runUsers(context, workspace, {
    tasks,
    users: left,
    workers,
    stage: 'users',
    onBatch: (batch) => {
      if (batch.kind === 'compare') file?.append(batch.rows);
    },
  });
  const made = ran.rows.flatMap((batch) => (batch.kind === 'compare' ? [batch] : []));
  let next = 0;
  return {
    rows: known.flatMap((rows) => rows ?? made[next++]?.rows ?? []),
    workers: ran.workers,
    encodeMs: made.reduce((sum, batch) => sum + batch.encodeMs, 0),
    restMs: made.reduce((sum, batch) => sum + batch.restMs, 0),
  };
};

/** The report over the rows: a function of them, of k, the catalogue and the seed. */
export const summariseCompare = async (
  context: Pick<CommandContext, 'progress' | 'signal'>,
  all: readonly CompareRow[],
  options: { k: number; ads: number; seed: number },
): Promise<
  Omit<
    CompareAllData,
    'sides' | 'queries' | 'report' | 'sampled' | 'of' | 'hubs' | 'noise' | 'modelNoise' | 'approximations'
  >
> => {
  const { k, ads, seed } = options;
  const rows = all.filter((row) => row.failed === null);
  const metrics: MetricComparison[] = [];
  const total = userMetrics(k).length + 1;
  context.progress({ stage: 'tests', done: 0, total });
  for (const metric of metricsOf(rows, k, ads, { seed, resamples })) {
    metrics.push(metric);
    context.progress({ stage: 'tests', done: metrics.length, total });
    await yieldToEventLoop();
    if (context.signal.aborted) throw cancelledError();
  }
  return {
    failed: all.length - rows.length,
    measured: rows.filter((row) => row.engaged > 0).length,
    metrics: judge(metrics),
    segments: compareSegments(rows, k, { seed }),
    losing: losingGroups(rows, k, { seed }),
    curve: recallCurve(rows, k),
    differences: differenceBins(rows, k),
    users: mostContrasted(rows, k, topUsers),
  };
};

const titled = ({ catalog }: Workspace, hubs: Hubs): TitledHubs => {
  const ids = hubs.top.map(({ ordinal }) => catalog.idOf(ordinal));
  const titles = titlesOf(catalog, ids);
  return {
    ...hubs,
    top: hubs.top.map((hub, i) => ({ ...hub, adId: ids[i] ?? '', title: titles.get(ids[i] ?? '') ?? '' })),
  };
};

const headerOf = async (
  workspace: Workspace,
  { plan }: Sides,
  more: { seed: number; leaks: readonly Leak[]; command: string },
): Promise<ReportHeader> => {
  const { manifest, store, catalog, fingerprints } = workspace;
  const { index } = manifest;
  const encoder = await workspace.encoder();
  return {
    workspace: workspace.name,
    users: store.userCount,
    ads: catalog.adCount,
    fingerprints: { ...fingerprints },
    model: encoder === null ? null : { builtUntil: encoder.builtUntil, dim: encoder.dim },
    index: index === null ? null : { space: index.space, ...indexParameters(index) },
    backend: encoder?.backend.name ?? null,
    asOf: plan.asOf ?? plan.defaultAsOf,
    horizonMs: workspace.settings.horizonMs,
    k: plan.before.k,
    ef: plan.after.ef,
    resamples,
    ...more,
  };
};

/** Nobody could be answered: the reason is the answer. */
const refuseAllFailed = (rows: readonly CompareRow[]): void => {
  const first = rows[0]?.failed ?? null;
  if (first !== null && rows.every((row) => row.failed !== null))
    throw new RecallError('unsupported', first, { found: `so for all ${rows.length} users` });
};

const checkedRebuilds = (rebuilds: number): number => {
  if (rebuilds < 1)
    throw new RecallError('usage', `--noise cannot be ${rebuilds}`, { expected: 'a whole number of rebuilds from 1' });
  return rebuilds;
};

/** `compare --all`. */
export const compareAll = async (context: CommandContext, args: ArgValues): Promise<ResultOf<'compare-all'>> => {
  const workspace = await context.workspace();
  const {
    clock: { tick },
    store,
  } = workspace;
  const seed = numberArg(args, 'seed') ?? 1;
  const sides = await sidesFromArgs(context, args);
  refuseUnable(workspace, [sides.plan.before, sides.plan.after]);
  const ids = store.userIds();
  const users = sampleUsers(ids, sampleSize(args, ids.length, 'all'), seed);
  const leaks = await leaksOf(workspace, sides.plan, users);
  if (!flagArg(args, 'allow-leak')) refuseLeaks(leaks, users.length);
  const path = textArg(args, 'resume');
  const file =
    path === undefined
      ? null
      : openRowsFile(path, await rowsHeader(workspace, sides.plan, users), workspace.catalog.adCount);
  const started = tick();
  const measured = await measureUsers(context, workspace, sides.plan, users, {
    file,
    workers: numberArg(args, 'workers'),
  }).finally(() => {
    file?.close();
  });
  refuseAllFailed(measured.rows);
  const ran = tick();
  const summary = await summariseCompare(context, measured.rows, {
    k: sides.plan.before.k,
    ads: workspace.catalog.adCount,
    seed,
  });
  const answered = measured.rows.filter((row) => row.failed === null);
  const rebuilds = numberArg(args, 'noise');
  const noise =
    rebuilds === undefined
      ? null
      : await measureNoise(context, workspace, sides.plan, answered, { rebuilds: checkedRebuilds(rebuilds), seed });
  const reseeded = listArg(args, 'reseeded');
  const modelNoise =
    reseeded.length === 0 ? null : await measureReseeded(context, workspace, sides.plan, answered, reseeded);
  const data: CompareAllData = {
    sides: { a: sides.names[0], b: sides.names[1] },
    queries: { a: sides.plan.before, b: sides.plan.after },
    report: await headerOf(workspace, sides, {
      seed,
      leaks,
      command: reproduceLine(args, context.baseQuery === null ? null : sides.query, workspace.dir),
    }),
    sampled: users.length,
    of: ids.length,
    ...summary,
    noise,
    modelNoise,
    approximations: await saidOfModel(workspace, [sides.plan.before, sides.plan.after]),
    metrics: noise === null ? summary.metrics : beyondNoise(summary.metrics, noise),
    hubs: {
      a: titled(workspace, hubsOf(answered, 'a', topHubs)),
      b: titled(workspace, hubsOf(answered, 'b', topHubs)),
    },
  };
  const markdown = textArg(args, 'markdown');
  if (markdown !== undefined) await writeTextFile(markdown, compareAllMarkdown(data), privateFile);
  return {
    schema: 'compare-all',
    query: sides.plan.after,
    data,
    notices: file?.notices ?? [],
    timingsMs: {
      users: ran - started,
      encode: measured.encodeMs,
      recallAndMeasure: measured.restMs,
      workers: measured.workers,
      tests: tick() - ran,
    },
  };
};
