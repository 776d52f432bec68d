import type { Result } from '../../../src/answers/answers.ts';
import type { CompareAllData } from '../../../src/answers/compare-all.ts';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ArgValues } from '../../../src/console/command.ts';
import { compareCommand } from '../../../src/commands/recall/compare.ts';
import type { Space } from '../../../src/domain/metric.ts';
import { createEngine } from '../../../src/engine/create-engine.ts';
import { readManifest, writeManifest } from '../../../src/workspace/manifest/file.ts';
import { openWorkspaceAt } from '../../../src/workspace/open.ts';
import { smallAds, smallDim, smallWorkspace, type SmallWorkspace } from '../../support/small-workspace.ts';
import { fakeContext } from '../fake-workspace.ts';

/** The small workspace in another space: ad vectors of lengths from 1 to 4, and as users' vectors some of them. */
const inSpace = async (space: Space): Promise<SmallWorkspace> => {
  const small = await smallWorkspace();
  const { dir, tools } = small;
  const data = new Float32Array(new Uint8Array(readFileSync(join(dir, 'ads.vectors'))).buffer).map(
    (x, i) => x * (1 + ((Math.floor(i / smallDim) * 7919) % 100) / 33),
  );
  await tools.files.writeVectors(join(dir, 'ads.vectors'), data);
  await tools.indexes.hnsw.build({
    vectors: { data, count: smallAds, dim: smallDim, space },
    path: join(dir, 'ads.hnsw'),
    m: 16,
    efConstruction: 200,
    seed: 100,
    unit: false,
  });
  writeFileSync(
    join(dir, 'user.fvecs'),
    Buffer.concat(
      Array.from({ length: 40 }, (_, u) =>
        Buffer.concat([
          Buffer.from(Int32Array.of(smallDim).buffer),
          Buffer.from(data.slice(u * 9 * smallDim, (u * 9 + 1) * smallDim).buffer),
        ]),
      ),
    ),
  );
  writeFileSync(join(dir, 'users.txt'), Array.from({ length: 40 }, (_, u) => `u-${u}\n`).join(''));
  const hash = (name: string): Promise<string> => tools.files.sha256File(join(dir, name));
  const { vectors, index, ...rest } = await readManifest(dir);
  if (vectors === null || index === null) throw new Error('the small workspace has both');
  const sha256 = await hash('ads.vectors');
  await writeManifest(
    dir,
    {
      ...rest,
      vectors: { ...vectors, sha256, normalised: false, metric: space },
      index: { ...index, space, sha256: await hash('ads.hnsw'), builtFrom: { vectors: sha256 } },
      model: {
        kind: 'vectors',
        file: 'user.fvecs',
        sha256: await hash('user.fvecs'),
        ids: { file: 'users.txt', sha256: await hash('users.txt') },
        dim: smallDim,
        builtUntil: null,
        normalise: false,
        builtFrom: { sample: null },
      },
    },
    tools.files,
  );
  return small;
};

const isReport = (data: Result['data']): data is Result['data'] & CompareAllData =>
  'metrics' in data && 'noise' in data;

describe('the noise of an index', () => {
  it.each<Space>(['ip', 'l2', 'cosine'])(
    'is measured in the space of the workspace (%s): where a search finds everything, another seed changes nothing',
    async (space) => {
      const { dir, tools } = await inSpace(space);
      const workspace = await openWorkspaceAt(dir, { tools, createEngine });
      try {
        const args: ArgValues = {
          all: true,
          users: '30',
          workers: 0,
          k: 10,
          ef: 600,
          modes: 'i2i,model',
          noise: 2,
          'allow-leak': true,
        };
        const { data } = await compareCommand.run(fakeContext(workspace, { tools }), args);
        if (!isReport(data)) throw new Error('no report');
        expect(data.noise).toMatchObject({
          rebuilds: 2,
          rbo: { mean: expect.closeTo(1, 6), min: expect.closeTo(1, 6) },
        });
        expect(data.noise?.metrics.every(({ spread }) => spread < 1e-9)).toBe(true);
      } finally {
        await workspace.close();
      }
    },
    60_000,
  );
});
