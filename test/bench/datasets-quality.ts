/**
 * Recall@100 of the ads users really engaged with afterwards, for every way to recall, on public data:
 * import → train (nothing at or after the import's cut is seen) → index → every user with engaged ads.
 *
 *   node --import tsx test/bench/datasets-quality.ts [--dataset movielens,lastfm] [--out DIR] [--seed N] [--hyper JSON]
 *
 * Users' means with 95 % bootstrap intervals, the model's paired lift over the rules and over i2i, and the
 * segments in which the model loses. Online-retail: ads new to the user, both in the lists and in the truth.
 */
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { asSide, sideNames } from '../../src/commands/recall/compare-sides.ts';
import { defaultQuery } from '../../src/console/query-defaults.ts';
import { recallAtK } from '../../src/domain/metrics.ts';
import { pairedBootstrap } from '../../src/domain/significance.ts';
import type { Interval } from '../../src/domain/significance.ts';
import { segmentsOf } from '../../src/engine/audience.ts';
import { engagementsOf } from '../../src/engine/hydrate.ts';
import { createFactories, openWorkspace } from '../../src/index.ts';
import { importWorkspace } from '../../src/ingest/import-workspace.ts';
import { defaultHyper } from '../../src/training/hyper.ts';
import type { HyperChoice } from '../../src/training/hyper.ts';
import { trainWorkspace } from '../../src/training/train-workspace.ts';
import { buildIndexArtefacts } from '../../src/workspace/index-artefacts.ts';
import { defaultIndexOptions } from '../../src/workspace/index-options.ts';
import { writeManifest } from '../../src/workspace/manifest/file.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const data = resolve(root, process.env['RECALL_DATA'] ?? '../shared/data');
const folders = {
  games: 'amazon-games-2018',
  movielens: 'ml-100k',
  'online-retail': 'uci-online-retail',
  lastfm: 'lastfm-hetrec2011',
  completejourney: 'completejourney',
} as const;
type Dataset = keyof typeof folders;
/** Lists and truth without what the user already bought. */
const newOnly: ReadonlySet<Dataset> = new Set(['online-retail']);
const isDataset = (name: string): name is Dataset => name in folders;

const { values } = parseArgs({
  options: {
    dataset: { type: 'string', default: Object.keys(folders).join(',') },
    out: { type: 'string' },
    seed: { type: 'string' },
    hyper: { type: 'string', default: '{}' },
  },
});
const out = values.out ?? mkdtempSync(join(tmpdir(), 'recall-datasets-'));
const overrides: Partial<HyperChoice> = JSON.parse(values.hyper);
const hyper = { ...defaultHyper, seed: Number(values.seed ?? defaultHyper.seed), ...overrides };
const tools = createFactories();
const { signal } = new AbortController();
const k = 100;

interface Measured {
  readonly segments: ReadonlyArray<readonly [string, string]>;
  readonly recall: Readonly<Record<string, number>>;
}

const build = async (dataset: Dataset, dir: string): Promise<string> => {
  const { manifest } = await importWorkspace({
    format: dataset,
    source: join(data, folders[dataset]),
    out: dir,
    name: null,
    mappingFile: null,
    tools,
    signal,
    onProgress: () => undefined,
  });
  if (newOnly.has(dataset))
    await writeManifest(
      dir,
      {
        ...manifest,
        eligibility: { ...manifest.eligibility, alreadyBought: { kinds: [...manifest.engagementKinds] } },
      },
      tools.files,
    );
  const started = performance.now();
  const trained = await trainWorkspace(dir, tools, { hyper, until: null, signal, onProgress: () => undefined });
  const seconds = (performance.now() - started) / 1000;
  await buildIndexArtefacts(dir, tools, { ...defaultIndexOptions, until: null });
  return `${trained.samples.train} samples, ${trained.epochs.length} epochs (best ${trained.best.epoch}) in ${seconds.toFixed(0)} s; built until ${new Date(trained.until).toISOString()}, as-of ${manifest.asOf === null ? 'each user’s' : new Date(manifest.asOf).toISOString()}`;
};

const measure = async (workspace: Workspace, onlyNew: boolean): Promise<Measured[]> => {
  const { store, engine } = workspace;
  const measured: Measured[] = [];
  for (const userId of store.userIds()) {
    const query = { ...defaultQuery(workspace, userId), k };
    const known = new Set(onlyNew ? engine.core.history(query).map((event) => event.adId) : []);
    const relevant = new Set([...engagementsOf(engine.core.deps, query).keys()].filter((adId) => !known.has(adId)));
    if (relevant.size === 0) continue;
    const recall: Record<string, number> = {};
    for (const side of sideNames) {
      const { candidates } = await engine.recall(asSide(query, side));
      recall[side] =
        recallAtK(
          candidates.map(({ adId }) => adId),
          relevant,
          k,
        ) ?? 0;
    }
    measured.push({ segments: segmentsOf(engine, query), recall });
  }
  return measured;
};

const column = (rows: readonly Measured[], side: string): number[] => rows.map(({ recall }) => recall[side] ?? 0);
const show = ({ low, high }: Interval, digits = 3): string => `${low.toFixed(digits)} … ${high.toFixed(digits)}`;
const percent = (ci: Interval | null): string =>
  ci === null ? '–' : `${(ci.low * 100).toFixed(0)} … ${(ci.high * 100).toFixed(0)} %`;

/** Segments of at least 20 users in which the other side recalls more. */
const losing = (rows: readonly Measured[], other: string): string[] => {
  const groups = new Map<string, Measured[]>();
  for (const row of rows)
    for (const [field, value] of row.segments) {
      const name = `${field}=${value}`;
      groups.set(name, [...(groups.get(name) ?? []), row]);
    }
  return [...groups]
    .filter(([, own]) => own.length >= 20)
    .map(([name, own]) => ({
      name,
      users: own.length,
      ...pairedBootstrap(column(own, other), column(own, 'model'), { resamples: 2000 }),
    }))
    .filter(({ delta }) => delta < 0)
    .sort((a, b) => a.delta - b.delta)
    .slice(0, 6)
    .map(
      ({ name, users, delta, deltaCi }) =>
        `  ${name} (${users} users): model − ${other} ${delta.toFixed(3)} (${show(deltaCi)})`,
    );
};

const report = (dataset: Dataset, rows: readonly Measured[], how: string): void => {
  console.log(`\n${dataset}: ${rows.length} users${newOnly.has(dataset) ? ', ads new to the user' : ''}; ${how}`);
  for (const side of sideNames) {
    const { meanB, deltaCi } = pairedBootstrap(
      rows.map(() => 0),
      column(rows, side),
    );
    console.log(`${side.padEnd(8)} recall@${k} ${meanB.toFixed(4)} (${show(deltaCi)})`);
  }
  for (const other of ['legacy', 'i2i']) {
    const { lift, liftCi, delta, deltaCi } = pairedBootstrap(column(rows, other), column(rows, 'model'));
    console.log(
      `model over ${other}: delta ${delta.toFixed(4)} (${show(deltaCi)}), lift ${lift === null ? '–' : `${(lift * 100).toFixed(0)} %`} (${percent(liftCi)})`,
    );
    for (const line of losing(rows, other)) console.log(line);
  }
};

for (const dataset of values.dataset.split(',')) {
  if (!isDataset(dataset)) throw new Error(`no dataset ${dataset}: ${Object.keys(folders).join(', ')}`);
  if (!existsSync(join(data, folders[dataset]))) {
    console.log(`skipped ${dataset}: ${join(data, folders[dataset])} is missing (set RECALL_DATA)`);
    continue;
  }
  const dir = join(out, dataset);
  const how = await build(dataset, dir);
  const workspace = await openWorkspace({ dir, cwd: root, env: process.env });
  try {
    report(dataset, await measure(workspace, newOnly.has(dataset)), how);
  } finally {
    await workspace.close();
  }
}
console.log(`\nworkspaces: ${out}`);
