import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { censusData } from '../../../src/commands/why/census.ts';
import { searchPathData } from '../../../src/commands/why/search-path.ts';
import type { RecallQuery } from '../../../src/domain/query.ts';
import { openWorkspace } from '../../../src/index.ts';
import type { Workspace } from '../../../src/workspace/workspace.ts';
import { smallAds, smallDim, smallWorkspace } from '../../support/small-workspace.ts';
import { normalise, rawVector, seeded } from '../../support/vectors.ts';

let workspace: Workspace;
let query: RecallQuery;
const vector = normalise(rawVector(seeded(6), smallDim));

/** The small workspace with a user vector: where it comes from plays no part in the path. */
beforeAll(async () => {
  const { dir } = await smallWorkspace();
  const opened = await openWorkspace({ dir, cwd: '/', env: { XDG_CACHE_HOME: `${dir}/.cache` } });
  workspace = {
    ...opened,
    engine: { ...opened.engine, core: { ...opened.engine.core, userVector: async () => vector, mask: () => null } },
  };
  query = opened.engine.defaultQuery(
    { ...opened.manifest.defaults, asOf: null, rules: opened.rules, k: 10, ef: 10 },
    'u-1',
  );
});
afterAll(() => workspace.close());

describe('the search path', () => {
  it('agrees with the native index for every ad, and its certificate holds at ef and not one below', async () => {
    const exact = await workspace.scan?.topK(vector, 30);
    for (const [i, ordinal] of Array.from(exact?.ordinals ?? []).entries()) {
      const data = await searchPathData(workspace, query, workspace.catalog.idOf(ordinal));
      expect(data).toMatchObject({ label: String(ordinal), nativeAgrees: true, effectiveEf: 10 });
      expect(data.hops.at(-1)?.level).toBe(0);
      const isFound = async (ef: number): Promise<boolean> =>
        (await workspace.index?.search(vector, 10, ef))?.ordinals.includes(ordinal) ?? false;
      expect(data.rank !== null).toBe(await isFound(10));
      if (i < 10) expect(data.smallestEf).not.toBeNull();
      if (data.smallestEf === null) {
        expect(data.why).toMatch(/nearer ads hold the list|no chain of links/);
        continue;
      }
      expect(await isFound(data.smallestEf.foundAt)).toBe(true);
      if (data.smallestEf.notFoundAt !== null) expect(await isFound(data.smallestEf.notFoundAt)).toBe(false);
    }
  });

  it('names the ads whose links lead to one, and whether this search followed them', async () => {
    const data = await searchPathData(workspace, query, 'ad-0005');
    const graph = await workspace.graph?.();
    expect(data.inNeighbours.map(({ adId }) => workspace.catalog.ordinalOf(adId))).toEqual(
      Array.from(graph?.inNeighbours(5) ?? []),
    );
    const expanded = new Set(data.hops.filter((hop) => hop.level === 0).map((hop) => hop.adId));
    for (const { adId, expanded: followed } of data.inNeighbours) expect(followed).toBe(expanded.has(adId));
    expect(data.met).toBe(
      data.inNeighbours.some(({ expanded: followed }) => followed) || data.landing.adId === 'ad-0005',
    );
  });

  it('names an ad without a node and the reason, never its row', async () => {
    const graph = (await workspace.graph?.()) ?? null;
    const { deps } = workspace.engine.core;
    const lacking = (present: boolean): Workspace => ({
      ...workspace,
      graph: async () => (graph === null ? null : { ...graph, has: (ordinal: number) => ordinal !== 5 }),
      engine: {
        ...workspace.engine,
        core: {
          ...workspace.engine.core,
          deps: {
            ...deps,
            vectors:
              deps.vectors === null
                ? null
                : {
                    ...deps.vectors,
                    present: Uint8Array.from({ length: smallAds }, (_, ordinal) => (present || ordinal !== 5 ? 1 : 0)),
                  },
          },
        },
      },
    });
    await expect(searchPathData(lacking(false), query, 'ad-0005')).rejects.toMatchObject({
      code: 'unknown-ad',
      message: 'the ad ad-0005 is not in the index: the vectors file has no row for it',
      found: 'ad-0005',
      todo: expect.stringContaining('give ad-0005 a row'),
    });
    await expect(searchPathData(lacking(true), query, 'ad-0005')).rejects.toMatchObject({
      message: 'the ad ad-0005 is not in the index: no node stands for it',
    });
  });

  it('calls an ineligible ad ineligible instead of giving an ef', async () => {
    const bits = new Uint8Array(smallAds).fill(1);
    bits[5] = 0;
    const masked = {
      ...workspace,
      engine: {
        ...workspace.engine,
        core: { ...workspace.engine.core, mask: () => ({ bits, eligible: smallAds - 1, dropped: {} }) },
      },
    };
    expect(await searchPathData(masked, query, 'ad-0005')).toMatchObject({
      smallestEf: null,
      nativeAgrees: true,
      why: expect.stringContaining('not eligible'),
    });
  });

  it('fails for an unknown ad with the nearest ids', async () => {
    await expect(searchPathData(workspace, query, 'ad-00055')).rejects.toMatchObject({
      code: 'unknown-ad',
      todo: expect.stringContaining('ad-0'),
    });
  });
});

describe('the census of unreachable ads', () => {
  it('counts the ads that no search visits', async () => {
    const graph = await workspace.graph?.();
    const data = await censusData(workspace, {}, 3);
    expect(data).toMatchObject({ ads: smallAds, unreachable: graph?.unreachable().length });
    expect(data.byCategory.reduce((sum, row) => sum + row.unreachable, 0)).toBe(data.unreachable);
  });
});
