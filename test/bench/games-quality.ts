/**
 * The anchor of recall quality: HR@20/50/100 of the held-out target of 6,000 users, full ranking over
 * all 16,859 items, own history not removed, beside the published lists of other models.
 *
 *   node --import tsx test/bench/games-quality.ts [--out DIR] [--epochs N] [--seed N] [--valid]
 *
 * Imports, trains without each user's last two items, and reports. `--valid` measures the second-last
 * item from what came before it instead: the only figure that settings may be chosen by.
 */
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { createFactories, openWorkspace } from '../../src/index.ts';
import { importWorkspace } from '../../src/ingest/import-workspace.ts';
import { defaultHyper } from '../../src/training/hyper.ts';
import { trainWorkspace } from '../../src/training/train-workspace.ts';
import { buildIndexArtefacts } from '../../src/workspace/index-artefacts.ts';
import { modelRanks } from './model-ranks.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const source = join(resolve(root, process.env['RECALL_DATA'] ?? '../shared/data'), 'amazon-games-2018');
if (!existsSync(source)) {
  console.log(`skipped: ${source} is missing (set RECALL_DATA)`);
  process.exit(0);
}
const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    epochs: { type: 'string' },
    seed: { type: 'string' },
    valid: { type: 'boolean', default: false },
    hyper: { type: 'string', default: '{}' },
  },
});
const out = values.out ?? join(mkdtempSync(join(tmpdir(), 'recall-games-')), 'games');
const overrides: Partial<typeof defaultHyper> = JSON.parse(values.hyper);
const hyper = {
  ...defaultHyper,
  epochs: values.epochs === undefined ? null : Number(values.epochs),
  seed: Number(values.seed ?? defaultHyper.seed),
  ...overrides,
};

const lines = (file: string): string[][] =>
  readFileSync(join(source, `Games-6k.${file}`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split('\t'));
const targets = new Map(
  lines(values.valid ? 'valid.inter' : 'test.inter')
    .slice(1)
    .map(([user = '', , target = '']) => [user, target]),
);
const listed = lines('sasrec').map(([user = '']) => user);
const cuts = [20, 50, 100] as const;
const row = (name: string, ranks: readonly number[]): string =>
  [
    name.padEnd(12),
    ...cuts.map((k) => (ranks.filter((rank) => rank <= k).length / ranks.length).toFixed(4).padStart(8)),
  ].join('');

const recorded = (file: string): number[] =>
  lines(file).map(([user = '', list = '']) => {
    const at = list.split(' ').indexOf(targets.get(user) ?? '');
    return at < 0 ? Number.POSITIVE_INFINITY : at + 1;
  });

const tools = createFactories();
const { signal } = new AbortController();
const quiet = (): void => undefined;
const { manifest } = await importWorkspace({
  format: 'games',
  source,
  out,
  name: null,
  mappingFile: null,
  tools,
  signal,
  onProgress: quiet,
});
const started = performance.now();
const cpu = process.cpuUsage();
const trained = await trainWorkspace(out, tools, {
  hyper,
  until: null,
  signal,
  onProgress: (stage, done, total, note) => {
    if (stage.startsWith('epoch') && done === total && note !== '') console.error(`${stage}: ${note}`);
  },
});
const seconds = (performance.now() - started) / 1000;
const used = process.cpuUsage(cpu);
const asOf = values.valid ? trained.until : manifest.asOf;
const ranks = await modelRanks({
  dir: out,
  manifest: trained.manifest,
  tools,
  asOf: asOf ?? 0,
  users: listed,
  targets,
});

/** Rank of each target in the item-to-item list of the engine itself, co-occurrence counted before the same cut as the training. */
const i2iRanks = async (): Promise<number[]> => {
  await buildIndexArtefacts(out, tools, { m: 16, efConstruction: 100, seed: 1, until: null });
  const workspace = await openWorkspace({ dir: out, cwd: root, env: process.env });
  try {
    const found: number[] = [];
    for (const userId of listed) {
      const plain = workspace.engine.defaultQuery(
        { ...workspace.manifest.defaults, rules: workspace.rules, asOf },
        userId,
      );
      const { candidates } = await workspace.engine.recall({ ...plain, mode: 'i2i', k: 100, eligibility: false });
      found.push(candidates.find(({ adId }) => adId === targets.get(userId))?.rank ?? Number.POSITIVE_INFINITY);
    }
    return found;
  } finally {
    await workspace.close();
  }
};

console.log(
  `${listed.length} users, ${values.valid ? 'second-last item (validation)' : 'target of .test.inter'}, full ranking, standard error about .006`,
);
console.log(['list'.padEnd(12), ...cuts.map((k) => `HR@${k}`.padStart(8))].join(''));
if (!values.valid)
  for (const file of ['pop', 'bm25', 'bpr', 'gru4rec', 'sasrec']) console.log(row(file, recorded(file)));
console.log(row('i2i', await i2iRanks()));
console.log(row('two-tower', ranks));
console.log(
  `backend ${trained.backend.name}: ${trained.epochs.length} epochs in ${seconds.toFixed(0)} s of wall, ${(used.user / 1e6).toFixed(0)} s of processor time (${trained.samples.train} samples); best epoch ${trained.best.epoch}`,
);
console.log(`epoch seconds: ${trained.epochs.map((e) => e.seconds.toFixed(0)).join(', ')}; workspace ${out}`);
