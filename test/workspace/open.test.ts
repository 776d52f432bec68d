import { cpSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { createFactories, openWorkspace } from '../../src/index.ts';
import { ruleNames } from '../../src/domain/channels.ts';
import { RecallError } from '../../src/errors.ts';
import { smallAds, smallDim, smallWorkspace } from '../support/small-workspace.ts';
import type { SmallWorkspace } from '../support/small-workspace.ts';
import { temporaryFolder, unitVectors } from '../support/vectors.ts';

let small: SmallWorkspace;
beforeAll(async () => {
  small = await smallWorkspace();
});

/** A copy to damage. */
const copy = (): string => {
  const dir = temporaryFolder('damaged');
  cpSync(small.dir, dir, { recursive: true });
  return dir;
};

const open = (dir: string): ReturnType<typeof openWorkspace> =>
  openWorkspace({ dir, cwd: '/', env: { XDG_CACHE_HOME: join(dir, '.cache') } });

const errorOf = async (dir: string): Promise<RecallError> => {
  try {
    await (await open(dir)).close();
  } catch (error) {
    if (error instanceof RecallError) return error;
    throw error;
  }
  throw new Error('the workspace opened');
};

const edit = (dir: string, change: (manifest: Record<string, Record<string, unknown>>) => void): void => {
  const path = join(dir, 'recall.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Record<string, unknown>>;
  change(manifest);
  writeFileSync(path, JSON.stringify(manifest));
};

describe('the opening of a workspace', () => {
  it('gives every artefact the manifest names, and the rules over their defaults', async () => {
    const workspace = await open(small.dir);
    expect(workspace.index?.size).toBe(smallAds);
    expect(workspace.vectors?.dim).toBe(smallDim);
    expect(workspace.catalog.adCount).toBe(smallAds);
    expect(workspace.rules.quota).toMatchObject({ keyword: 7, popular: 20 });
    expect(workspace.fingerprints).toMatchObject({ index: small.manifest.index?.sha256, model: null });
    expect(workspace.notices).toEqual([]);
    expect(workspace.backend()).toBeNull();
    expect(await workspace.encoder()).toBeNull();
    const graph = await workspace.graph?.();
    expect(graph?.count).toBe(smallAds);
    await workspace.close();
  });

  it('finds in the index what the scan finds', async () => {
    const workspace = await open(small.dir);
    const query = workspace.vectors?.data.slice(0, smallDim) ?? new Float32Array(smallDim);
    const exact = await workspace.scan?.topK(query, 10);
    expect(Array.from((await workspace.index?.search(query, 10, 400))?.ordinals ?? [])).toEqual(
      Array.from(exact?.ordinals ?? []),
    );
    await workspace.close();
  });

  it('takes edited rules, with a notice', async () => {
    const dir = copy();
    writeFileSync(join(dir, 'rules.json'), JSON.stringify({ quota: { keyword: 9 } }));
    const workspace = await open(dir);
    expect(workspace.rules.quota.keyword).toBe(9);
    expect(workspace.notices.join()).toContain('edited');
    await workspace.close();
  });

  it('takes the quota of every rule, and refuses a field of another name with the nearest', async () => {
    const dir = copy();
    const quota = Object.fromEntries(ruleNames.map((name, i) => [name, i + 1]));
    writeFileSync(join(dir, 'rules.json'), JSON.stringify({ quota }));
    const workspace = await open(dir);
    expect(workspace.rules.quota).toEqual(quota);
    await workspace.close();
    writeFileSync(join(dir, 'rules.json'), '{"keywordQuerys": 3}');
    await expect(open(dir)).rejects.toThrow('keywordQuerys: unknown field, did you mean "keywordQueries"');
  });

  it('refuses a quota under a misspelt name, with the nearest rule', async () => {
    const dir = copy();
    writeFileSync(join(dir, 'rules.json'), JSON.stringify({ quota: { keyword: 9, populer: 3 } }));
    const error = await errorOf(dir);
    expect(error.code).toBe('bad-input');
    expect(error.lines().join('\n')).toMatch(
      /quota names no rule\n[^]*found: +"populer"\n +to do: +did you mean "popular"\?/,
    );
  });

  it('never writes into the workspace', async () => {
    const dir = copy();
    rmSync(join(dir, '.cache'), { recursive: true, force: true });
    const cache = temporaryFolder('cache');
    const tools = createFactories({ XDG_CACHE_HOME: cache });
    const before = await tools.files.sha256Dir(dir);
    const workspace = await openWorkspace({ dir, cwd: '/', env: { XDG_CACHE_HOME: cache } });
    await workspace.graph?.();
    await workspace.close();
    expect(await tools.files.sha256Dir(dir)).toBe(before);
  });
});

describe('a workspace that cannot be used', () => {
  const cases: Array<[string, (dir: string) => void | Promise<void>, string, RegExp]> = [
    ['no manifest', (dir) => rmSync(join(dir, 'recall.json')), 'no-workspace', /names no workspace/],
    [
      'a manifest that is no JSON',
      (dir) => writeFileSync(join(dir, 'recall.json'), '{"format"'),
      'bad-manifest',
      /not JSON/,
    ],
    [
      'a manifest of another format',
      (dir) =>
        edit(dir, (m) => {
          Object.assign(m, { format: 'recall-tui/workspace@9' });
        }),
      'bad-manifest',
      /a format this version does not know/,
    ],
    ['a missing index', (dir) => rmSync(join(dir, 'ads.hnsw')), 'missing-artefact', /the index: missing/],
    ['a truncated index', (dir) => truncateSync(join(dir, 'ads.hnsw'), 20_000), 'bad-index', /truncated/],
    [
      'an index of another dimension',
      async (dir) => {
        await small.tools.indexes.hnsw.build({
          vectors: unitVectors(smallAds, 8, 1),
          path: join(dir, 'ads.hnsw'),
          m: 16,
          efConstruction: 50,
          seed: 1,
        });
      },
      'bad-index',
      /another dimension/,
    ],
    [
      'an index over other vectors of the same shape',
      async (dir) => {
        await small.tools.indexes.hnsw.build({
          vectors: unitVectors(smallAds, smallDim, 1),
          path: join(dir, 'ads.hnsw'),
          m: 16,
          efConstruction: 50,
          seed: 1,
        });
      },
      'artefact-changed',
      /the index: not what the manifest names/,
    ],
    [
      'a stale index',
      (dir) =>
        edit(dir, (m) => {
          Object.assign(m['index'] ?? {}, { builtFrom: { vectors: '0'.repeat(64) } });
        }),
      'artefact-changed',
      /stale/,
    ],
    [
      'vectors of another model',
      (dir) =>
        edit(dir, (m) => {
          Object.assign(m['vectors']?.['builtFrom'] ?? {}, { model: '1'.repeat(64) });
        }),
      'artefact-changed',
      /another model/,
    ],
    [
      'a flipped byte of a vector',
      (dir) => {
        const path = join(dir, 'ads.vectors');
        const bytes = readFileSync(path);
        bytes[1000] = (bytes[1000] ?? 0) ^ 1;
        writeFileSync(path, bytes);
      },
      'artefact-changed',
      /the ad vectors: not what the manifest names/,
    ],
    [
      'a NaN in the vectors',
      (dir) => {
        const path = join(dir, 'ads.vectors');
        const bytes = readFileSync(path);
        bytes.writeFloatLE(Number.NaN, 400);
        writeFileSync(path, bytes);
      },
      'bad-vectors',
      /not finite/,
    ],
    [
      'a sample that is not SQLite',
      (dir) => writeFileSync(join(dir, 'sample.sqlite'), 'no database'),
      'bad-sample',
      /./,
    ],
    [
      'a file of neighbours that is none',
      (dir) => writeFileSync(join(dir, 'ads.i2i'), 'RTI2I'),
      'bad-input',
      /not a file of item-to-item/,
    ],
    [
      'rules of another shape',
      (dir) => writeFileSync(join(dir, 'rules.json'), '{"keywordQueries": -1}'),
      'bad-input',
      /keywordQueries/,
    ],
  ];

  it.each(cases)('fails by name: %s', async (_, damage, code, message) => {
    const dir = copy();
    await damage(dir);
    const error = await errorOf(dir);
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
    expect(error.exitCode).toBe(2);
  });

  it('refuses neighbours that were built until another time than the manifest says: leaks follow from it', async () => {
    const dir = copy();
    edit(dir, ({ i2i }) => {
      if (i2i !== undefined) i2i['builtUntil'] = 5;
    });
    const error = await errorOf(dir);
    expect(error.code).toBe('artefact-changed');
    expect(error.expected).toBe('i2i.builtUntil 5');
  });

  it('names the sample that lacks an ad it counts, when the ad is read', async () => {
    const dir = copy();
    const sample = join(dir, 'sample.sqlite');
    const before = small.manifest.sample?.sha256 ?? '';
    const db = new Database(sample);
    db.exec('DELETE FROM ads WHERE ordinal = 3');
    db.close();
    const manifest = readFileSync(join(dir, 'recall.json'), 'utf8');
    writeFileSync(
      join(dir, 'recall.json'),
      manifest.replaceAll(before, createHash('sha256').update(readFileSync(sample)).digest('hex')),
    );
    const { catalog, close } = await open(dir);
    expect(() => catalog.ads([3])).toThrow(
      expect.objectContaining({ code: 'bad-sample', found: 'none for ordinal 3' }),
    );
    await close();
  });
});
