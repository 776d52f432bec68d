import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src/index.ts';
import type { AdEncoder } from '../../src/engine/ports/ports.ts';
import type { Factories } from '../../src/workspace/factories.ts';
import { examine } from '../../src/workspace/doctor/doctor.ts';
import { buildIndexArtefacts } from '../../src/workspace/index-artefacts.ts';
import { defaultIndexOptions } from '../../src/workspace/index-options.ts';
import { readManifest, writeManifest } from '../../src/workspace/manifest/file.ts';
import { smallAds, smallDim, smallWorkspace } from '../support/small-workspace.ts';
import type { SmallWorkspace } from '../support/small-workspace.ts';
import { normalise, temporaryFolder } from '../support/vectors.ts';

let small: SmallWorkspace;
beforeAll(async () => {
  small = await smallWorkspace();
});

const copy = (): string => {
  const dir = temporaryFolder('index');
  cpSync(small.dir, dir, { recursive: true });
  return dir;
};

/** An ad tower of the test: a vector that follows from the id alone. */
const adEncoder: AdEncoder = {
  dim: 8,
  encodeAds: async (ads) =>
    Float32Array.from(
      ads.flatMap(({ adId }) => {
        const n = Number(adId.slice(3));
        return Array.from(normalise(Float32Array.from({ length: 8 }, (_, i) => Math.sin((n + 1) * (i + 1)))));
      }),
    ),
};

const withTower = (tools: Factories): Factories => ({
  ...tools,
  models: {
    ...tools.models,
    'two-tower': async () => ({
      adEncoder,
      backend: { name: 'none', version: '0', reason: 'a test' },
      encoder: {
        groups: [],
        dim: 8,
        backend: { name: 'none', version: '0', reason: 'a test' },
        builtUntil: null,
        abilities: { weights: true, groups: true, events: true, approximations: [] },
        encodeGroups: async () => [],
        fuse: () => new Float32Array(0),
        describeInputs: () => [],
      },
    }),
  },
});

/** The workspace with a model folder (its content is the test tower's business). */
const withModel = async (dir: string): Promise<void> => {
  const manifest = await readManifest(dir);
  await small.tools.files.atomicWrite(join(dir, 'model', 'model.json'), '{}');
  await writeManifest(
    dir,
    {
      ...manifest,
      model: {
        kind: 'two-tower',
        dir: 'model',
        sha256: '0'.repeat(64),
        dim: 99,
        builtUntil: 1_005_000,
        builtFrom: { sample: manifest.sample?.sha256 ?? '' },
      },
    },
    small.tools.files,
  );
};

describe('the command index', () => {
  it('counts for item-to-item, without a model, only events before the declared as-of, so that the default question has no leak', async () => {
    const dir = copy();
    await writeManifest(dir, { ...(await readManifest(dir)), asOf: 1_006_000 }, small.tools.files);
    expect((await buildIndexArtefacts(dir, small.tools, { ...defaultIndexOptions, until: null })).i2iUntil).toBe(
      1_006_000,
    );
  });

  it('clears the files of a killed build, and leaves those of a running one', async () => {
    const dir = copy();
    const killed = spawnSync(process.execPath, ['-e', '']).pid;
    for (const name of [`.building-${killed}`, `.building-${process.ppid}`, '.building-mine'])
      mkdirSync(join(dir, name));
    await buildIndexArtefacts(dir, small.tools, { ...defaultIndexOptions, until: null });
    expect(
      readdirSync(dir)
        .filter((name) => name.startsWith('.building'))
        .sort(),
    ).toEqual([`.building-${process.ppid}`, '.building-mine'].sort());
  });

  it('makes vectors, index and neighbours that agree with each other, and the doctor agrees', async () => {
    const dir = copy();
    await withModel(dir);
    const stages = new Set<string>();
    const report = await buildIndexArtefacts(dir, withTower(small.tools), {
      ...defaultIndexOptions,
      until: null,
      onProgress: (stage) => stages.add(stage),
    });
    expect([...stages]).toEqual(['ad vectors', 'index', 'item-to-item']);
    expect(report).toMatchObject({ ads: smallAds, dim: 8, i2iUntil: 1_005_000 });
    expect(report.notices.join()).toContain('the model was not the one');
    expect((await examine(dir, withTower(small.tools))).checks.filter((check) => !check.ok)).toEqual([]);
    expect(readdirSync(dir).filter((name) => name.includes('building') || name.includes('partial'))).toEqual([]);
    const workspace = await openWorkspace({ dir, cwd: '/', env: { XDG_CACHE_HOME: join(dir, '.cache') } });
    const first = await adEncoder.encodeAds(workspace.catalog.ads([7]));
    expect((await workspace.index?.search(first, 1, 200))?.ordinals[0]).toBe(7);
    await workspace.close();
  });

  it('indexes, without a model, the vectors that were supplied', async () => {
    const dir = copy();
    const report = await buildIndexArtefacts(dir, small.tools, { ...defaultIndexOptions, m: 8, until: null });
    expect(report.manifest.index).toMatchObject({ m: 8, dim: smallDim, count: smallAds });
    expect(report.manifest.vectors?.sha256).toBe(small.manifest.vectors?.sha256);
    expect((await examine(dir, small.tools)).checks.filter((check) => !check.ok)).toEqual([]);
  });

  it('leaves the workspace as it was when it is aborted at any stage', async () => {
    for (const at of ['ad vectors', 'index', 'item-to-item']) {
      const dir = copy();
      await withModel(dir);
      const abort = new AbortController();
      const names = readdirSync(dir);
      const before = await small.tools.files.sha256Dir(dir);
      const running = buildIndexArtefacts(dir, withTower(small.tools), {
        ...defaultIndexOptions,
        until: null,
        signal: abort.signal,
        onProgress: (stage) => {
          if (stage === at) abort.abort();
        },
      });
      await expect(running).rejects.toMatchObject({ code: 'cancelled' });
      expect(await small.tools.files.sha256Dir(dir)).toBe(before);
      expect(readdirSync(dir).filter((name) => name !== '.cache')).toEqual(names);
    }
  });

  it('counts for item-to-item only events before --until', async () => {
    const dir = copy();
    await buildIndexArtefacts(dir, small.tools, { ...defaultIndexOptions, until: 1_003_000 });
    const few = readFileSync(join(dir, 'ads.i2i')).length;
    await buildIndexArtefacts(dir, small.tools, { ...defaultIndexOptions, until: null });
    expect(few).toBeLessThan(readFileSync(join(dir, 'ads.i2i')).length);
    expect((await readManifest(dir)).i2i?.builtUntil).toBe(1_000_000 + 11 * 1000 + 1);
  });
});
