import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseHeader, headerBytes } from '../../src/domain/hnsw/header.ts';
import { scoreBetween, tieTolerance } from '../../src/domain/metric.ts';
import type { Space } from '../../src/domain/metric.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { buildIndexArtefacts } from '../../src/workspace/index-artefacts.ts';
import { defaultIndexOptions } from '../../src/workspace/index-options.ts';
import { examine } from '../../src/workspace/doctor/doctor.ts';
import { openWorkspaceAt } from '../../src/workspace/open.ts';
import type { Workspace } from '../../src/workspace/workspace.ts';
import { npyBytes } from '../support/matrix-files.ts';
import { servedLines, teamWorkspace } from '../support/team-workspace.ts';

const opened = async <T>(
  at: Awaited<ReturnType<typeof teamWorkspace>>,
  use: (workspace: Workspace) => Promise<T>,
): Promise<T> => {
  const workspace = await openWorkspaceAt(at.dir, { tools: at.tools, createEngine });
  try {
    return await use(workspace);
  } finally {
    await workspace.close();
  }
};

/** The team's vectors and ids as their files say, without any of our permutations. */
const theirs = async ({
  dir,
  tools,
}: Awaited<ReturnType<typeof teamWorkspace>>): Promise<{
  userOf: (id: string) => Float32Array;
  ads: Map<string, Float32Array>;
}> => {
  const rows = async (name: string): Promise<Map<string, Float32Array>> => {
    const [{ data, dim }, ids] = [
      await tools.files.readMatrix(join(dir, `${name}.npy`)),
      await tools.files.readIds(join(dir, `${name}_ids.txt`)),
    ];
    return new Map(ids.map((id, i) => [id, data.slice(i * dim, (i + 1) * dim)]));
  };
  const users = await rows('user');
  return { ads: await rows('ad'), userOf: (id) => users.get(id) ?? new Float32Array(0) };
};

/** Every question to the index agrees with the team's own arithmetic and with what Python's hnswlib answered. */
const agrees = async (at: Awaited<ReturnType<typeof teamWorkspace>>): Promise<void> =>
  opened(at, async ({ index, scan, catalog, graph }) => {
    const { ads, userOf } = await theirs(at);
    const replay = await graph?.();
    for (const { user, list, scores } of servedLines()) {
      const vector = userOf(user);
      const native = await index?.search(vector, 20, 64);
      const names = Array.from(native?.ordinals ?? [], (ordinal) => catalog.idOf(ordinal));
      const known = list.filter((adId) => catalog.ordinalOf(adId) !== null);
      expect(names.slice(0, known.length)).toEqual(known);
      native?.scores
        .slice(0, known.length)
        .forEach((score, i) => expect(score).toBeCloseTo(scores[list.indexOf(known[i] ?? '')] ?? Number.NaN, 5));
      expect(replay?.trace(vector, { k: 20, ef: 64 }).result.map((hop) => hop.ordinal)).toEqual([
        ...(native?.ordinals ?? []),
      ]);
      const exact = await scan?.topK(vector, 20);
      const best = Array.from(ads)
        .filter(([adId]) => catalog.ordinalOf(adId) !== null)
        .map(([, row]) => scoreBetween('cosine', vector, row))
        .sort((a, b) => b - a);
      exact?.scores.forEach((score, i) => expect(Math.abs(score - (best[i] ?? 0))).toBeLessThan(1e-6));
    }
  });

describe('vectors, ids, index and labels of a team, written by Python,', () => {
  it("open in their own order and answer what Python's hnswlib answered, labels beyond 32 bits and all", async () => {
    const at = await teamWorkspace();
    await agrees(at);
    await opened(at, async ({ notices, engine }) => {
      // The same ads are missing from both: said once.
      expect(notices).toEqual([
        '3 ads have no vector and no node in the index (sku-new-0, sku-new-1, sku-new-2): the model channel cannot recall them; 2 vectors and as many nodes of the index are of ads the sample does not have: never returned',
      ]);
      expect(engine).toBeDefined();
    });
    const { checks } = await examine(at.dir, at.tools);
    expect(checks.filter((check) => !check.ok)).toEqual([]);
    expect(checks.find((check) => check.name === 'index labels')?.found).toMatch(/3 ads have no node/);
  });

  it('need the walk of the tool, with the same answers, where two labels differ only above 32 bits', async () => {
    const at = await teamWorkspace();
    const path = join(at.dir, 'ads.hnsw');
    const bytes = readFileSync(path);
    const { rowBytes, labelOffset } = parseHeader({
      size: bytes.length,
      read: (offset, length) => bytes.subarray(offset, offset + length),
    });
    const labelAt = (node: number): number => headerBytes + node * rowBytes + labelOffset;
    const old = bytes.readBigUInt64LE(labelAt(0));
    const twin = bytes.readBigUInt64LE(labelAt(1)) + (9n << 32n);
    bytes.writeBigUInt64LE(twin, labelAt(0));
    writeFileSync(path, bytes);
    const labels = join(at.dir, 'labels.csv');
    writeFileSync(labels, readFileSync(labels, 'utf8').replace(`\n${old},`, `\n${twin},`));
    await renamed(at, (manifest) => {
      manifest.index.sha256 = undefined;
    });
    await agrees(at);
  });

  it('need no vectors file: the tool takes those inside the index, of unit length as hnswlib keeps them', async () => {
    const at = await teamWorkspace((manifest) => ({ ...manifest, vectors: null }));
    await agrees(at);
    await opened(at, async ({ vectors, catalog }) => {
      expect(vectors?.present?.reduce((sum, has) => sum + has, 0)).toBe(698);
      expect(vectors?.present?.[catalog.ordinalOf('sku-new-1') ?? -1]).toBe(0);
    });
  });

  it('map a label to an ad by a .npy of labels and ids, or by the line', async () => {
    const at = await teamWorkspace();
    const { labels } = await at.tools.files.readLabels(join(at.dir, 'labels.csv'));
    writeFileSync(join(at.dir, 'labels.npy'), npyBytes(labels, { descr: '<u8', shape: [labels.length] }));
    await renamed(at, (manifest) => {
      manifest.index.labels = { file: 'labels.npy', sha256: '', ids: 'ad_ids.txt' };
    });
    await agrees(at);
  });

  it.each<Space>(['ip', 'l2', 'cosine'])(
    'get an index from `index` in the metric %s over their own file, and every search agrees with brute force',
    async (metric) => {
      const at = await teamWorkspace((manifest) => ({
        ...manifest,
        index: null,
        vectors: { ...Object(manifest['vectors']), metric },
      }));
      const before = readFileSync(join(at.dir, 'ad.npy'));
      const { manifest } = await buildIndexArtefacts(at.dir, at.tools, { ...defaultIndexOptions, until: null });
      expect(manifest.index).toMatchObject({
        space: metric,
        count: 698,
        leftOut: ['sku-new-0', 'sku-new-1', 'sku-new-2'],
      });
      expect(readFileSync(join(at.dir, 'ad.npy')).equals(before)).toBe(true);
      const { ads, userOf } = await theirs(at);
      await opened(at, async ({ index, scan, catalog }) => {
        for (const { user } of servedLines()) {
          const vector = userOf(user);
          const best = Array.from(ads)
            .filter(([adId]) => catalog.ordinalOf(adId) !== null)
            .map(([, row]) => scoreBetween(metric, vector, row))
            .sort((a, b) => b - a)
            .slice(0, 30);
          const [native, exact] = [await index?.search(vector, 30, 700), await scan?.topK(vector, 30)];
          exact?.scores.forEach((score, i) =>
            expect(Math.abs(score - (best[i] ?? 0))).toBeLessThanOrEqual(2 * tieTolerance(score)),
          );
          native?.scores.forEach((score, i) =>
            expect(score).toBeLessThanOrEqual((best[i] ?? 0) + 1e-5 * Math.max(1, Math.abs(score))),
          );
          scan
            ?.scoresOf(vector, native?.ordinals ?? [])
            .forEach((score, i) =>
              expect(Math.abs(score - (native?.scores[i] ?? Number.NaN))).toBeLessThan(
                1e-5 * Math.max(1, Math.abs(score)),
              ),
            );
        }
      });
      const failed = (await examine(at.dir, at.tools)).checks.filter((check) => !check.ok).map((check) => check.name);
      expect(
        metric === 'ip' ? failed.filter((name) => name !== 'unreachable ads' && name !== 'recall@10') : failed,
      ).toEqual([]);
    },
  );
});

/** Changes the manifest, and takes every hash again. */
const renamed = async (
  { dir, tools }: Awaited<ReturnType<typeof teamWorkspace>>,
  change: (manifest: { index: Record<string, unknown>; vectors: Record<string, unknown> }) => void,
): Promise<void> => {
  const path = join(dir, 'recall.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  change(manifest);
  for (const entry of [manifest.vectors, manifest.vectors?.ids, manifest.index, manifest.index?.labels])
    if (entry) entry.sha256 = await tools.files.sha256File(join(dir, entry.file));
  writeFileSync(path, JSON.stringify(manifest));
};

describe('files of a team that do not fit', () => {
  const lines =
    (name: string, change: (lines: string[]) => string[]) =>
    async (at: Awaited<ReturnType<typeof teamWorkspace>>): Promise<void> => {
      const path = join(at.dir, name);
      writeFileSync(path, `${change(readFileSync(path, 'utf8').trimEnd().split('\n')).join('\n')}\n`);
      await renamed(at, () => undefined);
    };

  it.each([
    [
      'a label of the index without a line',
      lines('labels.csv', (all) => all.slice(0, -2)),
      'bad-index',
      /labels of the index are missing in /,
      /2 labels without a line/,
    ],
    [
      'a label twice',
      lines('labels.csv', (all) => [...all, `${all[4]?.split(',')[0] ?? ''},other`]),
      'bad-input',
      /labels\.csv: lines 5 and 702: the same label/,
      /twice/,
    ],
    [
      'an ad twice in the labels',
      lines('labels.csv', (all) => [...all, `1,${all[4]?.split(',')[1] ?? ''}`]),
      'bad-input',
      /lines 5 and 702: the same ad id/,
      /twice/,
    ],
    ['a line that is no label', lines('labels.csv', (all) => [...all, 'x,y']), 'bad-input', /line 702/, /x,y/],
    [
      'an id twice',
      lines('ad_ids.txt', (all) => [...all.slice(0, -1), all[0] ?? '']),
      'bad-input',
      /ad_ids\.txt: lines 1 and 700/,
      /twice/,
    ],
    [
      'fewer ids than rows',
      lines('ad_ids.txt', (all) => all.slice(1)),
      'bad-input',
      /the number of ids differs from the number of rows of ad\.npy/,
      /699 ids/,
    ],
  ])('fail, naming file, expected and found: %s', async (_name, damage, code, message, found) => {
    const at = await teamWorkspace();
    await damage(at);
    await expect(openWorkspaceAt(at.dir, { tools: at.tools, createEngine })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
      found: expect.stringMatching(found),
    });
  });

  it('fail, naming file, expected and found: ids that changed since the manifest was written', async () => {
    const at = await teamWorkspace();
    const path = join(at.dir, 'ad_ids.txt');
    const ids = readFileSync(path, 'utf8').trimEnd().split('\n');
    writeFileSync(path, `${[ids[1], ids[0], ...ids.slice(2)].join('\n')}\n`);
    await expect(openWorkspaceAt(at.dir, { tools: at.tools, createEngine })).rejects.toMatchObject({
      code: 'artefact-changed',
      message: expect.stringContaining('ad_ids.txt'),
    });
  });
});
