import { cpSync, readFileSync, statSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { doctorCommand } from '../../../src/commands/build/doctor.ts';
import { examine } from '../../../src/workspace/doctor/doctor.ts';
import type { Factories } from '../../../src/workspace/factories.ts';
import type { Check } from '../../../src/workspace/doctor/check.ts';
import { readManifest, writeManifest } from '../../../src/workspace/manifest/file.ts';
import { smallAds, smallDim, smallWorkspace } from '../../support/small-workspace.ts';
import type { SmallWorkspace } from '../../support/small-workspace.ts';
import { teamFolder, teamWorkspace } from '../../support/team-workspace.ts';
import { temporaryFolder, unitVectors } from '../../support/vectors.ts';

let small: SmallWorkspace;
beforeAll(async () => {
  small = await smallWorkspace();
});

const copy = (): string => {
  const dir = temporaryFolder('doctor');
  cpSync(small.dir, dir, { recursive: true, preserveTimestamps: true });
  return dir;
};

const failed = async (dir: string): Promise<string[]> =>
  (await examine(dir, small.tools)).checks.filter((check) => !check.ok).map((check) => check.name);

describe('the doctor of a workspace', () => {
  it('passes a sound workspace, with a figure for each check', async () => {
    const { checks } = await examine(small.dir, small.tools);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    const names = checks.map((check) => check.name);
    for (const name of [
      'sample file',
      'index file',
      'built from',
      'sample',
      'ad ids',
      'ad vectors',
      'normalised',
      'index header',
      'index ordinals',
      'index rows',
      'recall@10',
      'unreachable ads',
      'backend',
    ])
      expect(names).toContain(name);
  });

  it('computes each hash again and finds a byte flipped behind size and mtime, with its row', async () => {
    const dir = copy();
    const path = join(dir, 'ads.vectors');
    const { atime, mtime } = statSync(path);
    const bytes = readFileSync(path);
    bytes[100 * smallDim * 4] = (bytes[100 * smallDim * 4] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    utimesSync(path, atime, mtime);
    expect(await failed(dir)).toEqual(['vectors file', 'index rows']);
    const rows = (await examine(dir, small.tools)).checks.find((check) => check.name === 'index rows');
    expect(rows?.found).toContain('1 row differs, stale or mislabelled: ad-0100');
  });

  it('finds an index built over other vectors, though the shapes agree', async () => {
    const dir = copy();
    await small.tools.indexes.hnsw.build({
      vectors: unitVectors(smallAds, smallDim, 99),
      path: join(dir, 'ads.hnsw'),
      m: 16,
      efConstruction: 50,
      seed: 1,
    });
    expect(await failed(dir)).toEqual(expect.arrayContaining(['index file', 'index rows', 'recall@10']));
  });

  it('goes on after a check that failed: a file that is missing does not hide a sample that is damaged', async () => {
    const dir = copy();
    writeFileSync(join(dir, 'sample.sqlite'), 'no database');
    writeFileSync(join(dir, 'ads.hnsw'), '');
    expect(await failed(dir)).toEqual(['sample file', 'index file', 'sample', 'index header']);
  });

  it('answers with exit 1 when a check fails, and 0 when none does', async () => {
    const dir = copy();
    const context = {
      workspace: () => Promise.reject(new Error('doctor opens no workspace')),
      tools: small.tools,
      signal: new AbortController().signal,
      progress: () => undefined,
      baseQuery: null,
      stdin: async () => '',
      env: {},
    };
    expect((await doctorCommand(() => []).run(context, { dir })).exitCode).toBe(0);
    writeFileSync(join(dir, 'ads.i2i'), 'x');
    expect((await doctorCommand(() => []).run(context, { dir })).exitCode).toBe(1);
  });
});

describe("the doctor of a team's own artefacts", () => {
  const named = async (dir: string, tools: Factories): Promise<ReadonlyMap<string, Check>> =>
    new Map((await examine(dir, tools)).checks.map((check) => [check.name, check]));

  it('does not blame an intact index where only the sample is damaged: it checks the links, and leaves the labels until the sample is repaired', async () => {
    const { dir, tools } = await teamWorkspace();
    writeFileSync(join(dir, 'sample.sqlite'), 'no database');
    const checks = await named(dir, tools);
    expect([...checks.values()].filter(({ ok }) => !ok).map(({ name }) => name)).toEqual(['sample file', 'sample']);
    expect(checks.get('index graph')).toMatchObject({ ok: true });
    expect(checks.get('index labels')?.found).toBe('not checked: needs the sample');
    truncateSync(join(dir, 'ads.hnsw'), statSync(join(dir, 'ads.hnsw')).size - 1000);
    expect((await named(dir, tools)).get('index graph')).toMatchObject({
      ok: false,
      found: expect.stringContaining('truncated or corrupted'),
    });
  });

  it('finds a user whose vector is all zeros, so that recall would fail, and passes it where only products are compared', async () => {
    const withUsers = async (normalise: boolean, space: 'cosine' | 'ip'): Promise<Check | undefined> => {
      const { dir, tools } = await teamWorkspace((manifest) => ({
        ...manifest,
        index: null,
        vectors: { ...Object(manifest['vectors']), metric: space },
      }));
      const bytes = readFileSync(join(dir, 'user.npy'));
      const offset = 10 + bytes.readUInt16LE(8);
      bytes.fill(0, offset + 3 * 64, offset + 4 * 64);
      writeFileSync(join(dir, 'user.npy'), bytes);
      const hash = (name: string): Promise<string> => tools.files.sha256File(join(dir, name));
      const model = {
        kind: 'vectors' as const,
        file: 'user.npy',
        sha256: await hash('user.npy'),
        ids: { file: 'user_ids.txt', sha256: await hash('user_ids.txt') },
        dim: 16,
        builtUntil: null,
        normalise,
        builtFrom: { sample: null },
      };
      await writeManifest(dir, { ...(await readManifest(dir)), model }, tools.files);
      return (await named(dir, tools)).get('user vectors');
    };
    const zeroed = readFileSync(join(teamFolder, 'user_ids.txt'), 'utf8').split('\n')[3] ?? '';
    for (const found of [
      await withUsers(true, 'cosine'),
      await withUsers(false, 'cosine'),
      await withUsers(true, 'ip'),
    ]) {
      expect(found).toMatchObject({ ok: false, found: expect.stringContaining(`1 without a direction (${zeroed})`) });
    }
    expect(await withUsers(false, 'ip')).toBeUndefined();
  });
});

describe('the manifest file', () => {
  it('keeps fields it does not know when it is written again', async () => {
    expect(await readManifest(small.dir)).toMatchObject({
      team: 'a field nobody knows',
      defaults: { k: 100, ef: 128 },
    });
  });
});
