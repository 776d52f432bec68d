import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { manifestText, parseManifest } from '../../src/workspace/manifest/file.ts';
import { csvWorld, failure, manifestOf, runImport, sourceOf, withDir } from './world.ts';

const sha = 'a'.repeat(64);

/** A manifest as if a model, vectors, an index and i2i had been built from its sample. */
const withArtefacts = (out: string): void => {
  const manifest = parseManifest(manifestOf(out), 'recall.json');
  const sample = manifest.sample?.sha256 ?? '';
  const full = {
    ...manifest,
    model: { kind: 'two-tower', dir: 'model', sha256: sha, dim: 4, builtUntil: 1, builtFrom: { sample } },
    vectors: {
      file: 'ads.vectors',
      sha256: sha,
      dim: 4,
      count: 2,
      normalised: true,
      builtFrom: { model: sha, sample },
    },
    index: {
      file: 'ads.hnsw',
      sha256: sha,
      space: 'ip',
      dim: 4,
      count: 2,
      m: 16,
      efConstruction: 100,
      seed: 1,
      leftOut: [],
      builtFrom: { vectors: sha },
    },
    i2i: { file: 'i2i.bin', sha256: sha, builtUntil: 1, builtFrom: { sample } },
  };
  // As the house writes it: with every field of today's format.
  writeFileSync(join(out, 'recall.json'), manifestText(parseManifest(JSON.stringify(full), 'recall.json')));
};

const manyEvents = (rows: number): string =>
  `userId,kind,at,adId\n${Array.from({ length: rows }, (_, i) => `u${1 + (i % 2)},click,${1_700_000_000_000 + i},a1`).join('\n')}\n`;

describe('an import into a workspace', () => {
  it('writes sample, manifest, rules, key and rejects, the key readable by its owner only', () =>
    withDir(async (dir) => {
      const { out } = await runImport('csv', sourceOf(dir, csvWorld), join(dir, 'ws'));
      expect(readdirSync(out).sort()).toEqual([
        'key.hex',
        'recall.json',
        'rejects.jsonl',
        'rules.json',
        'sample.sqlite',
      ]);
      expect(readFileSync(join(out, 'key.hex'), 'utf8').trim()).toMatch(/^[0-9a-f]{64}$/);
      for (const name of ['key.hex', 'sample.sqlite', 'rejects.jsonl'])
        expect(statSync(join(out, name)).mode & 0o777, name).toBe(0o600);
      expect(statSync(out).mode & 0o777).toBe(0o700);
      expect(readdirSync(dir).sort()).toEqual(['source', 'ws']);
    }));

  it('changes no byte when it is run again', () =>
    withDir(async (dir) => {
      const source = sourceOf(dir, csvWorld);
      const { out } = await runImport('csv', source, join(dir, 'ws'));
      withArtefacts(out);
      const bytes = (): Record<string, string> =>
        Object.fromEntries(
          readdirSync(out)
            .sort()
            .map((name) => [
              name,
              createHash('sha256')
                .update(readFileSync(join(out, name)))
                .digest('hex'),
            ]),
        );
      const before = bytes();
      const { dropped } = await runImport('csv', source, join(dir, 'ws'));
      expect(bytes()).toEqual(before);
      expect(dropped).toEqual([]);
    }));

  it('gives the same sample from a fresh folder', () =>
    withDir(async (dir) => {
      const source = sourceOf(dir, csvWorld);
      const [a, b] = [await runImport('csv', source, join(dir, 'a')), await runImport('csv', source, join(dir, 'b'))];
      expect(a.manifest).toEqual(b.manifest);
    }));

  it('keeps key, rules, presets and hand edits when the data changes, and drops what was built from the old sample', () =>
    withDir(async (dir) => {
      const { out } = await runImport('csv', sourceOf(dir, csvWorld), join(dir, 'ws'));
      withArtefacts(out);
      const edited = {
        ...parseManifest(manifestOf(out), 'recall.json'),
        engagementKinds: ['purchase'],
        tightFilter: 0.2,
        presets: { file: 'presets.json' },
        ours: 'kept',
      };
      writeFileSync(join(out, 'recall.json'), JSON.stringify(edited));
      writeFileSync(join(out, 'presets.json'), '{}');
      writeFileSync(join(out, 'rules.json'), '{"mine":1}');
      const key = readFileSync(join(out, 'key.hex'), 'utf8');
      const source = sourceOf(dir, { 'events.csv': `${csvWorld['events.csv']}e4,u2,share,2025-06-04,app,a1,,u1\n` });
      const { manifest, dropped } = await runImport('csv', source, join(dir, 'ws'));
      expect(dropped).toEqual(['model', 'vectors', 'index', 'i2i']);
      expect(manifest).toMatchObject({
        model: null,
        vectors: null,
        index: null,
        i2i: null,
        engagementKinds: ['purchase'],
        tightFilter: 0.2,
        presets: { file: 'presets.json' },
        ours: 'kept',
      });
      expect(manifest.groups.find((group) => group.name === 'social')?.ownKinds).toEqual(['share']);
      expect([readFileSync(join(out, 'key.hex'), 'utf8'), readFileSync(join(out, 'rules.json'), 'utf8')]).toEqual([
        key,
        '{"mine":1}',
      ]);
      expect(readdirSync(out).filter((name) => name.endsWith('.sqlite'))).toEqual([manifest.sample?.file]);
    }));

  it('leaves the workspace as it was when a later import fails or is cancelled', () =>
    withDir(async (dir) => {
      const { out } = await runImport('csv', sourceOf(dir, csvWorld), join(dir, 'ws'));
      const before = manifestOf(out);
      const source = sourceOf(dir, { 'ads.csv': 'nothing\n' });
      expect((await failure(runImport('csv', source, out))).code).toBe('bad-input');
      const stop = new AbortController();
      sourceOf(dir, csvWorld);
      expect(
        (await failure(runImport('csv', source, out, { signal: stop.signal, onProgress: () => stop.abort() })))
          .exitCode,
      ).toBe(130);
      expect(manifestOf(out)).toBe(before);
      expect(readdirSync(dir).sort()).toEqual(['source', 'ws']);
    }));

  it('leaves no workspace when it is killed, and the next import clears what is left', () =>
    withDir(async (dir) => {
      const source = sourceOf(dir, { ...csvWorld, 'events.csv': manyEvents(300_000) });
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', join(import.meta.dirname, 'killed-child.ts'), source, join(dir, 'ws')],
        { stdio: 'ignore' },
      );
      const exited = once(child, 'exit');
      const started = (): boolean =>
        readdirSync(dir).some(
          (name) => name.startsWith('ws.partial-') && existsSync(join(dir, name, 'sample.sqlite.partial')),
        );
      while (!started() && child.exitCode === null) await wait(5);
      child.kill('SIGKILL');
      await exited;
      expect(child.signalCode).toBe('SIGKILL');
      expect(existsSync(join(dir, 'ws'))).toBe(false);
      expect(started()).toBe(true);
      const { counts } = await runImport('csv', source, join(dir, 'ws'));
      expect(counts.events).toBe(300_000);
      expect(readdirSync(dir).sort()).toEqual(['source', 'ws']);
    }));
});
