import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../src/engine/create-engine.ts';
import { byEvents } from '../../src/engine/counterfactual/events.ts';
import { explain } from '../../src/engine/explain/explain.ts';
import { whyNot } from '../../src/engine/why-not/why-not.ts';
import { explainCommand } from '../../src/commands/why/explain.ts';
import { linesOf } from '../../src/views/answers/answer-views.ts';
import { renderPlain } from '../../src/views/text/render.ts';
import { examine } from '../../src/workspace/doctor/doctor.ts';
import { readManifest, writeManifest } from '../../src/workspace/manifest/file.ts';
import { openWorkspaceAt } from '../../src/workspace/open.ts';
import { assertExplanation, assertExplains } from '../support/assert-explains.ts';
import { fakeContext } from '../commands/fake-workspace.ts';
import { foreignEntry, foreignFolder, foreignGroups, type ForeignKind } from '../support/foreign-models.ts';
import { smallDim, smallWorkspace } from '../support/small-workspace.ts';

type Small = Awaited<ReturnType<typeof smallWorkspace>>;

const withTfjs = async (kind: ForeignKind): Promise<Small> => {
  const small = await smallWorkspace();
  const { dir, tools } = small;
  cpSync(join(foreignFolder, kind), join(dir, kind), { recursive: true });
  const manifest = await readManifest(dir);
  await writeManifest(
    dir,
    {
      ...manifest,
      groups: foreignGroups,
      model: { ...foreignEntry(kind), sha256: await tools.files.sha256Dir(join(dir, kind)) },
    },
    tools.files,
  );
  return small;
};

/** Vectors for the first 30 of the 40 users, each a row of the ad vectors. */
const withVectors = async (): Promise<Small> => {
  const small = await smallWorkspace();
  const { dir, tools } = small;
  const ads = new Float32Array(new Uint8Array(readFileSync(join(dir, 'ads.vectors'))).buffer);
  const rows = Array.from({ length: 30 }, (_, u) =>
    Buffer.concat([
      Buffer.from(Int32Array.of(smallDim).buffer),
      Buffer.from(ads.slice(u * 9 * smallDim, (u * 9 + 1) * smallDim).buffer),
    ]),
  );
  writeFileSync(join(dir, 'user.fvecs'), Buffer.concat(rows));
  writeFileSync(join(dir, 'users.txt'), Array.from({ length: 30 }, (_, u) => `u-${u}\n`).join(''));
  const manifest = await readManifest(dir);
  const hash = (name: string): Promise<string> => tools.files.sha256File(join(dir, name));
  await writeManifest(
    dir,
    {
      ...manifest,
      model: {
        kind: 'vectors',
        file: 'user.fvecs',
        sha256: await hash('user.fvecs'),
        ids: { file: 'users.txt', sha256: await hash('users.txt') },
        dim: smallDim,
        builtUntil: 2_000_000,
        normalise: true,
        builtFrom: { sample: null },
      },
    },
    tools.files,
  );
  return small;
};

const opened = async ({ dir, tools }: Small) => openWorkspaceAt(dir, { tools, createEngine });
const queryOf = (workspace: Awaited<ReturnType<typeof opened>>, userId: string) =>
  workspace.engine.defaultQuery(
    {
      asOf: null,
      k: 20,
      ef: 64,
      mode: 'model',
      context: {},
      rules: workspace.rules,
      merge: { order: ['model'], quota: { model: 20 } },
    },
    userId,
  );

describe.each<ForeignKind>(['graph', 'layers'])('a workspace with a TensorFlow.js model (%s)', (kind) => {
  it('explains a score by groups and behaviours that sum to it, the baseline being the model with every group masked', async () => {
    const workspace = await opened(await withTfjs(kind));
    try {
      for (const [userId, weights] of [
        ['u-3', {}],
        ['u-5', { browse: 0.5, context: 2 }],
      ] as const) {
        const query = { ...queryOf(workspace, userId), weights: { browse: 1, search: 1, context: 1, ...weights } };
        const result = await workspace.engine.recall(query);
        expect(result.candidates).toHaveLength(20);
        await assertExplains(workspace.engine, result);
        const explanation = await explain(workspace.engine, query, result.candidates[0]?.adId ?? '');
        assertExplanation(explanation);
        expect(Math.abs(explanation.residual)).toBeLessThanOrEqual(1e-6);
        for (const part of explanation.groups) {
          const own = explanation.events.filter((event) => event.group === part.group);
          if (own.length > 0) expect(own.reduce((sum, event) => sum + event.phi, 0)).toBeCloseTo(part.phi, 6);
        }
        const masked = await workspace.engine.core.userVector({
          ...query,
          weights: { browse: 0, search: 0, context: 0 },
        });
        expect(
          workspace.engine.core.modelScores(masked ?? new Float32Array(0), [explanation.ordinal])?.[0],
        ).toBeCloseTo(explanation.baseline, 6);
        expect(explanation.groups.find(({ group }) => group === 'browse')?.phi).not.toBe(0);
      }
    } finally {
      await workspace.close();
    }
  });

  it('says with each answer what holds only approximately, and nothing where all of it is exact', async () => {
    const workspace = await opened(await withTfjs(kind));
    try {
      const plain = queryOf(workspace, 'u-3');
      expect((await workspace.engine.recall(plain)).approximations).toEqual([]);
      const heavy = await workspace.engine.recall({ ...plain, weights: { ...plain.weights, browse: 2 } });
      const result = await explainCommand.run(fakeContext(workspace), {
        user: 'u-3',
        ad: heavy.candidates[0]?.adId ?? '',
      });
      const printed = renderPlain(linesOf(result, 200)).join('\n');
      if (kind === 'graph') {
        expect(heavy.approximations).toEqual([]);
        expect(printed).not.toContain('≈');
      } else {
        expect(heavy.approximations).toEqual([
          'weights other than 0 and 1 scale the event weights of browse, search; the model was not trained so',
        ]);
        expect(printed).toContain(
          '≈ groups are taken out by masking their inputs; the model was not trained with groups left out',
        );
      }
    } finally {
      await workspace.close();
    }
  });

  it('answers why-not and counterfactual behaviours by true runs, and passes its doctor', async () => {
    const small = await withTfjs(kind);
    const workspace = await opened(small);
    try {
      const query = queryOf(workspace, 'u-3');
      const { candidates } = await workspace.engine.recall(query);
      const out = await byEvents(workspace.engine, query, candidates[0]?.adId ?? '');
      expect(out.goal).toBe('out');
      const inside = new Set(candidates.map(({ adId }) => adId));
      const other = workspace.catalog.listAds({ limit: 600 }).find(({ adId }) => !inside.has(adId));
      const verdict = await whyNot(workspace.engine, query, other?.adId ?? '');
      expect(verdict.channels[0]?.evidence.type).toBe('rank');
      if (verdict.repair !== null)
        expect(
          (await workspace.engine.recall(verdict.repair.query)).candidates.some(({ adId }) => adId === other?.adId),
        ).toBe(true);
    } finally {
      await workspace.close();
    }
    const { checks } = await examine(small.dir, small.tools);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.find(({ name }) => name === 'test run')?.found).toMatch(
      /^16 finite numbers for u-\d+, norm 1\.0000$/,
    );
  });
});

describe('an input that reads an undeclared group', () => {
  it('is named with the groups there are, when the model is asked for', async () => {
    const small = await withTfjs('graph');
    const manifest = await readManifest(small.dir);
    await writeManifest(
      small.dir,
      { ...manifest, groups: manifest.groups.filter(({ name }) => name !== 'search') },
      small.tools.files,
    );
    const workspace = await opened(small);
    try {
      await expect(workspace.engine.recall(queryOf(workspace, 'u-3'))).rejects.toMatchObject({
        code: 'bad-manifest',
        expected: 'one of browse, context',
        found: 'search_words reads search; search_mask reads search; search_weight reads search',
      });
    } finally {
      await workspace.close();
    }
  });
});

describe('a workspace with precomputed user vectors', () => {
  it('needs no groups, and recalls, answers by rules and why-not without any; any other model needs one', async () => {
    const small = await withVectors();
    const manifest = await readManifest(small.dir);
    await writeManifest(small.dir, { ...manifest, groups: [], engagementKinds: ['view'] }, small.tools.files);
    const workspace = await opened(small);
    try {
      for (const mode of ['model', 'legacy', 'i2i', 'merged'] as const)
        expect(
          (await workspace.engine.recall({ ...queryOf(workspace, 'u-3'), mode })).candidates.length,
        ).toBeGreaterThan(5);
      expect((await whyNot(workspace.engine, queryOf(workspace, 'u-3'), 'ad-0500')).verdict).toBe('below-cutoff');
      await expect(explain(workspace.engine, queryOf(workspace, 'u-3'), 'ad-0027')).rejects.toMatchObject({
        code: 'unsupported',
      });
    } finally {
      await workspace.close();
    }
    expect((await examine(small.dir, small.tools)).checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(() => writeManifest(small.dir, { ...manifest, groups: [], model: null }, small.tools.files)).toThrow(
      /at least one group/,
    );
    writeFileSync(join(small.dir, 'recall.json'), JSON.stringify({ ...manifest, groups: [], model: null }));
    await expect(readManifest(small.dir)).rejects.toMatchObject({
      code: 'bad-manifest',
      message: expect.stringContaining('groups is wrong'),
    });
  });

  it('recalls, ranks exactly and flags leaks, refuses questions that need a tower, and names the settings it ignores', async () => {
    const workspace = await opened(await withVectors());
    try {
      expect(workspace.abilities?.weights).toContain('precomputed');
      const query = queryOf(workspace, 'u-3');
      const result = await workspace.engine.recall(query, { checkAnn: true });
      expect(result.candidates[0]?.adId).toBe('ad-0027');
      expect(result.candidates[0]?.score).toBeCloseTo(1, 5);
      expect(result.leaks.some((one) => one.startsWith('model: built on data until'))).toBe(true);
      expect(result.approximations).toEqual([
        'the user vector is the one in the file, built until 1970-01-01T00:33:20.000Z: it does not follow as-of',
      ]);
      await assertExplains(workspace.engine, result);
      await expect(explain(workspace.engine, query, 'ad-0027')).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringContaining('precomputed'),
      });
      const inside = new Set(result.candidates.map(({ adId }) => adId));
      const other = workspace.catalog.listAds({ limit: 600 }).find(({ adId }) => !inside.has(adId));
      expect(await whyNot(workspace.engine, query, other?.adId ?? '')).toMatchObject({
        verdict: 'below-cutoff',
        repair: { change: { type: 'k' } },
      });
    } finally {
      await workspace.close();
    }
  });

  it('names file and id of a user without a vector, while the rules still answer', async () => {
    const workspace = await opened(await withVectors());
    try {
      await expect(workspace.engine.recall(queryOf(workspace, 'u-35'))).rejects.toMatchObject({
        code: 'unsupported',
        message: expect.stringMatching(/users\.txt holds no vector for the user u-35/),
      });
      const legacy = await workspace.engine.recall({ ...queryOf(workspace, 'u-35'), mode: 'legacy' });
      expect(legacy.candidates.length).toBeGreaterThan(0);
      expect(legacy.notices.some((notice) => notice.includes('u-35'))).toBe(true);
    } finally {
      await workspace.close();
    }
  });

  it('has a doctor that counts the users without a vector', async () => {
    const { dir, tools } = await withVectors();
    const { checks } = await examine(dir, tools);
    expect(checks.filter(({ ok }) => !ok)).toEqual([]);
    expect(checks.find(({ name }) => name === 'user ids')?.found).toMatch(/^10 without one/);
  });
});
