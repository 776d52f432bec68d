import { mkdirSync, writeFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createFileTools } from '../../src/adapters/files/file-tools.ts';
import { unreachableAds } from '../../src/workspace/unreachable.ts';
import { temporaryFolder } from '../support/vectors.ts';

const graphOf = (unreachable: number[], opened: { times: number }) => () => {
  opened.times += 1;
  return Promise.resolve({
    count: 9,
    unreachable: () => Int32Array.from(unreachable),
    has: () => true,
    reaches: () => true,
    inNeighbours: () => new Int32Array(0),
    vectorOf: () => new Float32Array(0),
    trace: () => {
      throw new Error('nobody asks for a path');
    },
    close: () => undefined,
  });
};
const fingerprints = { sample: null, model: null, vectors: null, index: 'a'.repeat(64), i2i: null, rules: null };

it('counts unreachable ads once per index, and again where what was kept is damaged', async () => {
  const files = createFileTools({ XDG_CACHE_HOME: temporaryFolder('census') });
  const opened = { times: 0 };
  const workspace = { fingerprints, graph: graphOf([2, 5], opened) };
  expect(await unreachableAds(workspace, files)).toEqual([2, 5]);
  expect(await unreachableAds(workspace, files)).toEqual([2, 5]);
  expect(opened.times).toBe(1);
  const path = join(files.cacheDir ?? '', `census-live-${fingerprints.index}.json`);
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ index: fingerprints.index, unreachable: [2, 5] });
  writeFileSync(path, '{"index": "another", "unreach');
  expect(await unreachableAds({ fingerprints, graph: graphOf([7], opened) }, files)).toEqual([7]);
  expect(
    await unreachableAds(
      { fingerprints: { ...fingerprints, index: 'b'.repeat(64) }, graph: graphOf([], opened) },
      files,
    ),
  ).toEqual([]);
  expect(await unreachableAds({ fingerprints: { ...fingerprints, index: null } }, files)).toBeNull();
});

it('counts all the same where nothing can be kept', async () => {
  const home = temporaryFolder('census');
  mkdirSync(join(home, 'recall-tui'), { recursive: true });
  writeFileSync(join(home, 'file'), '');
  const files = createFileTools({ XDG_CACHE_HOME: join(home, 'file') });
  expect(await unreachableAds({ fingerprints, graph: graphOf([1], { times: 0 }) }, files)).toEqual([1]);
});
