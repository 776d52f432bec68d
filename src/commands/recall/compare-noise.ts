import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { noiseOf, type NoiseFloor } from '../../domain/compare-all/noise.ts';
import type { CompareRow } from '../../domain/compare-all/rows.ts';
import { seededRandom } from '../../domain/random.ts';
import { blastBatch } from '../../engine/blast.ts';
import { compareUsers, type ComparePlan } from '../../engine/compare-all.ts';
import { createEngine } from '../../engine/create-engine.ts';
import type { Engine } from '../../engine/engine.ts';
import { yieldToEventLoop } from '../../engine/interrupt.ts';
import type { AdIndex } from '../../engine/ports/ports.ts';
import { RecallError } from '../../errors.ts';
import { withUnits } from '../../session/units.ts';
import { rebuildIndexOf } from '../../workspace/indexes/index.ts';
import { openWorkspaceAt } from '../../workspace/open.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../../console/command.ts';

export interface NoiseOptions {
  readonly rebuilds: number;
  readonly seed: number;
}

/** The workspace's ads in another order: what the manifest leaves out on purpose, and what has no vector, stays out. */
const orderOf = ({ catalog, manifest, vectors }: Workspace, seed: number): Uint32Array => {
  const left = new Set(manifest.index?.leftOut ?? []);
  const ordinals = Uint32Array.from({ length: catalog.adCount }, (_, ordinal) => ordinal).filter(
    (ordinal) => vectors?.present?.[ordinal] !== 0 && !left.has(catalog.idOf(ordinal)),
  );
  return seededRandom(seed).shuffle(ordinals);
};

/** The same engine over another index of the same vectors. */
const engineWith = (workspace: Workspace, index: AdIndex): Engine => {
  const { settings, store, catalog, text, vectors, scan, i2i, encoder, adEncoder, clock } = workspace;
  return createEngine({
    settings,
    store,
    catalog,
    text,
    index,
    vectors,
    scan,
    i2i,
    graph: () => Promise.resolve(null),
    encoder,
    adEncoder,
    clock,
  });
};

const rebuild = async (
  context: CommandContext,
  workspace: Workspace,
  path: string,
  seed: number,
  stage: string,
): Promise<AdIndex> => {
  const {
    vectors,
    manifest: { index },
  } = workspace;
  if (vectors === null || index === null)
    throw new RecallError('unsupported', 'the workspace has no index whose noise could be measured', {
      todo: 'build one: recall-tui index DIR',
    });
  return rebuildIndexOf(
    {
      entry: index,
      vectors,
      order: orderOf(workspace, seed),
      path,
      seed,
      signal: context.signal,
      onProgress: (done, total) => {
        context.progress({ stage, done, total });
      },
    },
    context.tools,
  );
};

const rowsWith = async (
  context: CommandContext,
  engine: Engine,
  plan: ComparePlan,
  users: readonly string[],
): Promise<CompareRow[]> => {
  const rows: CompareRow[] = [];
  for (let from = 0; from < users.length; from += blastBatch) {
    await yieldToEventLoop();
    rows.push(
      ...(await compareUsers(engine, plan, users.slice(from, from + blastBatch), () => context.signal.aborted)).rows,
    );
  }
  return rows;
};

/** Engines over the workspace's index built again with other seeds and insert orders, one at a time. */
export async function* rebuiltEngines(
  context: CommandContext,
  workspace: Workspace,
  { rebuilds, seed }: NoiseOptions,
): AsyncGenerator<Engine> {
  const dir = await mkdtemp(join(tmpdir(), 'recall-noise-'));
  try {
    for (let r = 1; r <= rebuilds; r += 1) {
      const stage = `index ${r} of ${rebuilds}`;
      yield engineWith(workspace, await rebuild(context, workspace, join(dir, `${r}.hnsw`), seed * 1000 + r, stage));
    }
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

/**
 * The A/A noise floor: the index rebuilt with other seeds and insert orders, everything else as it is, and
 * the same users asked again. The workspace is not touched.
 */
export const measureNoise = async (
  context: CommandContext,
  workspace: Workspace,
  plan: ComparePlan,
  base: readonly CompareRow[],
  options: NoiseOptions,
): Promise<NoiseFloor> => {
  const users = base.map((row) => row.userId);
  const rebuilt: CompareRow[][] = [];
  for await (const engine of rebuiltEngines(context, workspace, options))
    rebuilt.push(await rowsWith(context, engine, plan, users));
  return noiseOf(base, rebuilt, plan.before.k);
};

const requireReseeded = (workspace: Workspace, other: Workspace): void => {
  const wrong =
    other.fingerprints.model === null
      ? 'it has no model'
      : other.fingerprints.sample !== workspace.fingerprints.sample
        ? 'its sample differs'
        : other.fingerprints.model === workspace.fingerprints.model
          ? 'its model is the same'
          : null;
  if (wrong !== null)
    throw new RecallError('usage', `--reseeded ${other.dir} does not isolate the seed: ${wrong}`, {
      expected: 'a copy of the workspace, trained with another --seed and indexed',
      todo: 'cp -r DIR COPY; recall-tui train COPY --seed 2; recall-tui index COPY',
    });
};

/**
 * Measures the effect of the model's seed: it recalls the same users with model, vectors and graph of each of these workspaces,
 * everything else as it is.
 */
export const measureReseeded = async (
  context: CommandContext,
  workspace: Workspace,
  plan: ComparePlan,
  base: readonly CompareRow[],
  dirs: readonly string[],
): Promise<NoiseFloor> => {
  const all: CompareRow[][] = [];
  for (const [i, dir] of dirs.entries()) {
    const other = await openWorkspaceAt(dir, { tools: context.tools, createEngine, signal: context.signal });
    try {
      requireReseeded(workspace, other);
      context.progress({ stage: 'reseeded models', done: i, total: dirs.length });
      all.push(
        await rowsWith(
          context,
          withUnits(workspace, other, ['model']).engine,
          plan,
          base.map((row) => row.userId),
        ),
      );
    } finally {
      await other.close();
    }
  }
  return noiseOf(base, all, plan.before.k);
};
