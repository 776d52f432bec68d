import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { trainCommand } from '../../src/commands/build/train.ts';
import type { CommandContext } from '../../src/console/command.ts';
import { readManifest, writeManifest } from '../../src/workspace/manifest/file.ts';
import { smallWorkspace } from '../support/small-workspace.ts';
import type { SmallWorkspace } from '../support/small-workspace.ts';

let made: SmallWorkspace;
const contextOf = (signal = new AbortController().signal): CommandContext => ({
  workspace: () => Promise.reject(new Error('not asked for')),
  tools: made.tools,
  signal,
  progress: () => undefined,
  baseQuery: null,
  stdin: () => Promise.resolve(''),
  env: {},
});
const args = { epochs: 1, dim: 8, batch: 64 };
beforeAll(async () => {
  made = await smallWorkspace();
  await writeManifest(made.dir, { ...made.manifest, engagementKinds: ['view'] }, made.tools.files);
});

describe('the command train DIR', () => {
  it('leaves the workspace as it was when training fails', async () => {
    const before = readFileSync(join(made.dir, 'recall.json'), 'utf8');
    await expect(trainCommand.run(contextOf(), { dir: made.dir, ...args, until: 1 })).rejects.toMatchObject({
      code: 'bad-input',
    });
    expect(readFileSync(join(made.dir, 'recall.json'), 'utf8')).toBe(before);
    expect(readdirSync(made.dir).filter((name) => name.startsWith('.training') || name === 'model')).toEqual([]);
  });

  it('writes the model, names it in the manifest, and drops and clears what fitted another', async () => {
    const { data, notices } = await trainCommand.run(contextOf(), { dir: made.dir, ...args });
    const manifest = await readManifest(made.dir);
    expect(manifest.model).toMatchObject({
      kind: 'two-tower',
      dir: 'model',
      dim: 8,
      builtUntil: 1_011_001,
      builtFrom: { sample: manifest.sample?.sha256 },
    });
    expect(manifest.model?.sha256).toBe(await made.tools.files.sha256Dir(join(made.dir, 'model')));
    expect([manifest.vectors, manifest.index]).toEqual([null, null]);
    expect(manifest.i2i).not.toBeNull();
    expect(data['dropped']).toEqual(['vectors', 'index']);
    expect(notices?.join()).toMatch(/run `recall-tui index/);
    expect(['ads.vectors', 'ads.hnsw'].map((name) => existsSync(join(made.dir, name)))).toEqual([true, false]);
    expect(readdirSync(made.dir).filter((name) => name.startsWith('.training'))).toEqual([]);
    const { encoder } = await made.tools.models['two-tower'](join(made.dir, 'model'));
    expect(encoder.builtUntil).toBe(1_011_001);
  });

  it('writes a new model to its own folder, and removes the first once the manifest names the new one', async () => {
    const { data } = await trainCommand.run(contextOf(), { dir: made.dir, ...args, seed: 9 });
    const manifest = await readManifest(made.dir);
    const models = readdirSync(made.dir).filter((name) => name.startsWith('model'));
    expect(data['model']).toMatchObject({ dir: manifest.model?.dir });
    expect(models).toEqual([manifest.model?.dir]);
    expect(models[0]).toMatch(/^model-[0-9a-f]{12}$/);
    expect(manifest.model?.sha256).toBe(await made.tools.files.sha256Dir(join(made.dir, models[0] ?? '')));
  });

  it('refuses numbers that make no sense', async () => {
    await expect(trainCommand.run(contextOf(), { dir: made.dir, epochs: 0 })).rejects.toMatchObject({ code: 'usage' });
    await expect(trainCommand.run(contextOf(), { dir: made.dir, dim: 1.5 })).rejects.toMatchObject({ code: 'usage' });
  });

  it('reports that nothing was trained before the interruption', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(trainCommand.run(contextOf(controller.signal), { dir: made.dir, ...args })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });
});
