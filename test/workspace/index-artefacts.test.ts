import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openWorkspace } from '../../src/index.ts';
import type { AdEncoder } from '../../src/engine/ports/ports.ts';
import type { Factories } from '../../src/workspace/factories.ts';
import { examine } from '../../src/workspace/doctor/doctor.ts';
import { buildIndexArtefacts } from '../../src/workspace/index-artefacts.ts';
import { defaultIndexOptions } from '../../src/workspace/index-options.ts';
import { manifestText, readManifest, writeManifest } from '../../src/workspace/manifest/file.ts';
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
      expect(readdirSync(dir).filter((name) => name !== '.cache')).toEqual(names.filter((name) => name !== '.cache'));
    }
  });

  it('puts new files under free names, clears its own old ones once the manifest names the new, and never a file of others', async () => {
    const dir = copy();
    const build = (seed: number): ReturnType<typeof buildIndexArtefacts> =>
      buildIndexArtefacts(dir, withTower(small.tools), { ...defaultIndexOptions, seed, until: null });
    const ads = (): string[] => readdirSync(dir).filter((name) => name.startsWith('ads'));
    await withModel(dir);
    writeFileSync(join(dir, 'ads-mine.hnsw'), 'mine');
    // The vectors of the team, which say of nothing what they were built from, stay.
    const theirs = ['ads-mine.hnsw', 'ads.vectors'];
    const named = ({ manifest }: Awaited<ReturnType<typeof build>>): string[] =>
      [manifest.index?.file ?? '', manifest.vectors?.file ?? '', manifest.i2i?.file ?? ''].sort();
    const first = await build(1);
    expect(named(first).every((name) => /^ads(-[0-9a-f]{12})?\.(hnsw|i2i|vectors)$/.test(name))).toBe(true);
    expect(first.manifest.vectors?.file).toMatch(/^ads-[0-9a-f]{12}\.vectors$/);
    expect(ads()).toEqual([...theirs, ...named(first)].sort());
    const same = await build(1);
    expect([same.manifest, ads()]).toEqual([first.manifest, [...theirs, ...named(first)].sort()]);
    const second = await build(2);
    expect(second.manifest.index?.file).not.toBe(first.manifest.index?.file);
    expect(ads()).toEqual([...theirs, ...named(second)].sort());
    expect(readFileSync(join(dir, 'ads-mine.hnsw'), 'utf8')).toBe('mine');
  });

  it('clears nothing outside the workspace, whatever a manifest or a note of a killed build names', async () => {
    // Even where this fails, what is removed is the test's own.
    const outside = temporaryFolder('outside');
    const dir = join(outside, 'workspace');
    cpSync(small.dir, dir, { recursive: true });
    const file = join(outside, 'ads.hnsw');
    writeFileSync(file, 'mine');
    mkdirSync(join(outside, 'kept'));
    const sha256 = await small.tools.files.sha256File(file);
    const named = [file, relative(dir, file), join(outside, 'kept'), '../kept'].map((one) => ({ file: one, sha256 }));
    const manifest = join(dir, 'recall.json');
    writeFileSync(manifest, JSON.stringify({ ...JSON.parse(readFileSync(manifest, 'utf8')), left: named }));
    const abandoned = join(dir, `.building-${spawnSync(process.execPath, ['-e', '']).pid}`);
    mkdirSync(abandoned);
    writeFileSync(join(abandoned, 'placing.json'), JSON.stringify({ placed: named, replaced: named }));
    await buildIndexArtefacts(dir, small.tools, { ...defaultIndexOptions, seed: 1, until: null });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(existsSync(join(outside, 'kept'))).toBe(true);
    expect(existsSync(abandoned)).toBe(false);
  });

  it('killed before or after the manifest changes, leaves a workspace that opens, and nothing after the next start', async () => {
    const dir = copy();
    await withModel(dir);
    const tools = withTower(small.tools);
    const options = { ...defaultIndexOptions, until: null };
    await buildIndexArtefacts(dir, tools, { ...options, seed: 1 });
    const end = (at: string): string[] => readdirSync(at).filter((name) => !name.startsWith('.cache'));
    const seen: Array<[moment: string, place: string]> = [];
    /** The folder as a process leaves it that is killed now. */
    const killedAt = (moment: string): void => {
      const place = temporaryFolder('killed');
      cpSync(dir, place, { recursive: true });
      for (const name of readdirSync(place))
        if (name.startsWith('.building-')) renameSync(join(place, name), join(place, `.building-${gone}`));
      seen.push([moment, place]);
    };
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    const atomicWrite: typeof tools.files.atomicWrite = async (path, content, mode) => {
      const isManifest = path === join(dir, 'recall.json');
      if (isManifest) killedAt('before');
      await small.tools.files.atomicWrite(path, content, mode);
      if (isManifest) killedAt('after');
    };
    const { manifest } = await buildIndexArtefacts(
      dir,
      { ...tools, files: { ...tools.files, atomicWrite } },
      { ...options, seed: 2 },
    );
    const clean = end(dir);
    expect(seen.map(([moment]) => moment)).toEqual(['before', 'after']);
    for (const [moment, place] of seen) {
      expect((await examine(place, tools)).checks.filter((check) => !check.ok)).toEqual([]);
      expect((await readManifest(place)).index?.sha256 === manifest.index?.sha256).toBe(moment === 'after');
      expect(end(place).length).toBeGreaterThan(clean.length);
      await buildIndexArtefacts(place, tools, { ...options, seed: 2 });
      expect(end(place)).toEqual(clean);
    }
  });

  it('refuses to write over a manifest that was edited while it was built', async () => {
    const dir = copy();
    const manifest = await readManifest(dir);
    const edited = { ...manifest, name: 'edited' };
    const running = buildIndexArtefacts(dir, small.tools, {
      ...defaultIndexOptions,
      until: null,
      onProgress: (stage) => {
        if (stage === 'item-to-item') writeFileSync(join(dir, 'recall.json'), manifestText(edited));
      },
    });
    await expect(running).rejects.toMatchObject({ code: 'artefact-changed' });
    expect(await readManifest(dir)).toEqual(edited);
  });

  it('counts for item-to-item only events before --until', async () => {
    const dir = copy();
    const sizeUntil = async (until: number | null): Promise<number> => {
      const { manifest } = await buildIndexArtefacts(dir, small.tools, { ...defaultIndexOptions, until });
      return readFileSync(join(dir, manifest.i2i?.file ?? '')).length;
    };
    expect(await sizeUntil(1_003_000)).toBeLessThan(await sizeUntil(null));
    expect((await readManifest(dir)).i2i?.builtUntil).toBe(1_000_000 + 11 * 1000 + 1);
  });
});
