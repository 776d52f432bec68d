import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Space } from '../../src/domain/metric.ts';
import { createFactories } from '../../src/index.ts';
import { parseManifest, writeManifest } from '../../src/workspace/manifest/file.ts';
import { realCli } from '../support/real-cli.ts';
import { groundTruth, siftFolder } from '../support/sift.ts';
import { temporaryFolder } from '../support/vectors.ts';

const folder = siftFolder();
const [ads, users, dim] = [4500, 500, 128];
/** Every so manieth query is asked; 1 asks all. */
const every = Number(process.env['RECALL_SIFT_EVERY'] ?? 10);
const adId = (row: number): string => `v-${String(row).padStart(4, '0')}`;
const userId = (row: number): string => `q-${String(row).padStart(3, '0')}`;

/** The descriptors as ads, the queries as users who never did anything; the index is still to be built. */
const siftWorkspace = async (metric: Space): Promise<{ dir: string; env: Record<string, string> }> => {
  const dir = temporaryFolder(`sift-workspace-${metric}`);
  const env = {
    XDG_CACHE_HOME: join(dir, '.cache'),
    XDG_STATE_HOME: join(dir, '.state'),
    XDG_CONFIG_HOME: join(dir, '.config'),
  };
  const tools = createFactories(env);
  const writer = tools.createSample(join(dir, 'sample.sqlite'));
  for (let row = 0; row < ads; row += 1)
    writer.addAd({
      adId: adId(row),
      title: '',
      category: '',
      brand: '',
      price: null,
      campaign: null,
      startAt: null,
      endAt: null,
      budgetLeft: null,
      targeting: null,
    });
  for (let row = 0; row < users; row += 1) writer.addUser({ userId: userId(row), attributes: {} });
  const counts = writer.finish();
  for (const name of ['base.fvecs', 'query.fvecs']) copyFileSync(join(folder ?? '', name), join(dir, name));
  writeFileSync(join(dir, 'ads.txt'), Array.from({ length: ads }, (_, row) => `${adId(row)}\n`).join(''));
  writeFileSync(join(dir, 'users.txt'), Array.from({ length: users }, (_, row) => `${userId(row)}\n`).join(''));
  const entry = async (file: string): Promise<{ file: string; sha256: string }> => ({
    file,
    sha256: await tools.files.sha256File(join(dir, file)),
  });
  await writeManifest(
    dir,
    parseManifest(
      JSON.stringify({
        format: 'recall-tui/workspace@1',
        name: `sift ${metric}`,
        asOf: 1_750_000_000_000,
        groups: [{ name: 'browse', source: 'events', kinds: ['view'] }],
        sample: { ...(await entry('sample.sqlite')), users: counts.users, ads: counts.ads, events: counts.events },
        model: {
          kind: 'vectors',
          ...(await entry('query.fvecs')),
          ids: await entry('users.txt'),
          dim,
          builtUntil: null,
          normalise: false,
        },
        vectors: {
          ...(await entry('base.fvecs')),
          dim,
          count: ads,
          normalised: false,
          metric,
          ids: await entry('ads.txt'),
        },
      }),
      'recall.json',
    ),
    tools.files,
  );
  return { dir, env };
};

interface Answer {
  readonly candidates: ReadonlyArray<{ readonly adId: string }>;
  readonly ann: { readonly recallAtK: number; readonly missed: readonly string[] } | null;
}

describe.skipIf(folder === null).each<Space>(['l2', 'ip', 'cosine'])(
  'a folder of descriptors and queries, without any behaviour, in the metric %s',
  (metric) => {
    it('is a workspace: `index` builds, `recall --ef 400 --check-ann` finds 99 % of the ground truth, and its exact scan is the ground truth', async () => {
      const { dir, env } = await siftWorkspace(metric);
      const built = await realCli(['index', dir, '--json'], env);
      expect(built.code, built.err).toBe(0);
      const truth = groundTruth(folder ?? '', metric);
      const sum = { asked: 0, hit: 0, exact: 0, said: 0 };
      for (let q = 0; q < users; q += every) {
        const ran = await realCli(
          ['recall', userId(q), '-w', dir, '-k', '100', '--ef', '400', '--check-ann', '--json'],
          env,
        );
        expect(ran.code, ran.err).toBe(0);
        const { candidates, ann }: Answer = JSON.parse(ran.out);
        if (ann === null) throw new Error('no comparison with the exact scan');
        const wanted = new Set(Array.from(truth[q] ?? [], (row) => adId(row)));
        const listed = candidates.map((one) => one.adId);
        // What the index missed stands above as many of what it found: the worst of them.
        const exact = [...listed.slice(0, 100 - ann.missed.length), ...ann.missed];
        sum.asked += 100;
        sum.hit += listed.filter((one) => wanted.has(one)).length;
        sum.exact += exact.filter((one) => wanted.has(one)).length;
        sum.said += Math.round(ann.recallAtK * 100);
      }
      process.stderr.write(
        `sift workspace ${metric}: recall@100 ${(sum.hit / sum.asked).toFixed(4)} at ef 400 over ${sum.asked / 100} queries; exact scan ${sum.exact} of ${sum.asked} ids\n`,
      );
      expect(readFileSync(join(dir, 'recall.json'), 'utf8')).toContain(`"space": "${metric}"`);
      expect(sum.hit / sum.asked).toBeGreaterThanOrEqual(0.99);
      expect(sum.exact).toBe(sum.asked);
      expect(sum.said).toBe(sum.hit);
    }, 300_000);
  },
);
