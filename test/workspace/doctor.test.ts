import { cpSync, readFileSync, utimesSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { doctorCommand } from '../../src/commands/doctor.ts';
import { examine } from '../../src/workspace/doctor.ts';
import { readManifest } from '../../src/workspace/manifest-file.ts';
import { smallAds, smallDim, smallWorkspace } from '../support/small-workspace.ts';
import type { SmallWorkspace } from '../support/small-workspace.ts';
import { temporaryFolder, unitVectors } from '../support/vectors.ts';

let small: SmallWorkspace;
beforeAll(async () => { small = await smallWorkspace(); });

const copy = (): string => {
  const dir = temporaryFolder('doctor');
  cpSync(small.dir, dir, { recursive: true, preserveTimestamps: true });
  return dir;
};

const failed = async (dir: string): Promise<string[]> =>
  (await examine(dir, small.tools)).checks.filter((check) => !check.ok).map((check) => check.name);

describe('doctor', () => {
  it('passes a sound workspace, with a figure for each check', async () => {
    const { checks } = await examine(small.dir, small.tools);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    const names = checks.map((check) => check.name);
    for (const name of ['sample file', 'index file', 'built from', 'sample', 'ad ids', 'ad vectors', 'normalised', 'index header', 'index ordinals', 'index rows', 'recall@10', 'unreachable ads', 'backend']) expect(names).toContain(name);
  });

  it('takes hashes again: a byte flipped behind size and mtime is found, and the row it is in', async () => {
    const dir = copy();
    const path = join(dir, 'ads.vectors');
    const { atime, mtime } = statSync(path);
    const bytes = readFileSync(path);
    bytes[100 * smallDim * 4] = (bytes[100 * smallDim * 4] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    utimesSync(path, atime, mtime);
    expect(await failed(dir)).toEqual(['vectors file', 'index rows']);
    const rows = (await examine(dir, small.tools)).checks.find((check) => check.name === 'index rows');
    expect(rows?.found).toContain('ordinal 100');
  });

  it('finds an index built over other vectors, though the shapes agree', async () => {
    const dir = copy();
    await small.tools.buildIndex({ vectors: unitVectors(smallAds, smallDim, 99), path: join(dir, 'ads.hnsw'), m: 16, efConstruction: 50, seed: 1 });
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
      workspace: () => Promise.reject(new Error('doctor opens no workspace')), tools: small.tools, signal: new AbortController().signal,
      progress: () => undefined, baseQuery: null, stdin: async () => '', env: {},
    };
    expect((await doctorCommand.run(context, { dir })).exitCode).toBe(0);
    writeFileSync(join(dir, 'ads.i2i'), 'x');
    expect((await doctorCommand.run(context, { dir })).exitCode).toBe(1);
  });
});

describe('the manifest', () => {
  it('keeps fields it does not know when it is written again', async () => {
    expect(await readManifest(small.dir)).toMatchObject({ team: 'a field nobody knows', defaults: { k: 100, ef: 128 } });
  });
});
