import { writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { readJson } from '../../base/json.ts';
import { readRegular } from '../../base/regular-file.ts';
import { readText } from '../../base/text-file.ts';
import { RecallError } from '../../errors.ts';
import { headerBytes, parseHeader } from '../../domain/hnsw/header.ts';
import { parseGraph } from '../../domain/hnsw/graph.ts';
import type { BuildIndexOptions, LoadedTwoTower } from '../../engine/ports/artefacts.ts';
import type { AdCatalog } from '../../engine/ports/ports.ts';
import type { Factories } from '../factories.ts';
import { readManifest, writeManifest } from '../manifest/file.ts';

/**
 * Faults the demo is built with, so that each verdict of why-not can be met: an ad the index was built
 * without, an ad whose text changed after its vector was made, an ad no link of the graph leads to.
 */
const faultsSchema = z.object({
  notIndexed: z.string(),
  staleVector: z.object({ adId: z.string(), titleThen: z.string(), categoryThen: z.string() }),
  unreachable: z.string(),
});

export type DemoFaults = z.infer<typeof faultsSchema>;

/** `faults.json` next to the fixtures; null where there is none. */
export const readFaults = async (path: string): Promise<DemoFaults | null> => {
  const text = await readText(path).catch(() => null);
  return text === null ? null : faultsSchema.parse(readJson(text));
};

/** The tools with the faults built in: what buildIndexArtefacts makes of them is sound but for these three ads. */
export const withFaults = (
  tools: Factories,
  faults: DemoFaults,
  catalog: Pick<AdCatalog, 'adCount' | 'ordinalOf'>,
): Factories => {
  const ordinal = (adId: string): number => {
    const found = catalog.ordinalOf(adId);
    if (found === null) throw new RecallError('bad-input', `faults.json names an ad that does not exist: ${adId}`);
    return found;
  };
  const [missing, cutOff] = [ordinal(faults.notIndexed), ordinal(faults.unreachable)];
  const { adId: stale, titleThen, categoryThen } = faults.staleVector;
  const withStale = (model: LoadedTwoTower): LoadedTwoTower => ({
    ...model,
    adEncoder: {
      ...model.adEncoder,
      encodeAds: (ads) =>
        model.adEncoder.encodeAds(
          ads.map((ad) => (ad.adId === stale ? { ...ad, adId: '', title: titleThen, category: categoryThen } : ad)),
        ),
    },
  });
  const build = async (options: BuildIndexOptions): Promise<void> => {
    const order = Uint32Array.from({ length: catalog.adCount - 1 }, (_, i) => (i < missing ? i : i + 1));
    await tools.indexes.hnsw.build({ ...options, order });
    const bytes = await readRegular(options.path);
    cutLinksTo(bytes, cutOff);
    await writeFile(options.path, bytes);
  };
  return {
    ...tools,
    models: { ...tools.models, 'two-tower': async (dir) => withStale(await tools.models['two-tower'](dir)) },
    indexes: { ...tools.indexes, hnsw: { ...tools.indexes.hnsw, build } },
  };
};

/** The manifest says which ad the index was built without. */
export const declareLeftOut = async (dir: string, faults: DemoFaults, tools: Factories): Promise<void> => {
  const manifest = await readManifest(dir);
  if (manifest.index === null) return;
  await writeManifest(
    dir,
    { ...manifest, index: { ...manifest.index, count: manifest.index.count - 1, leftOut: [faults.notIndexed] } },
    tools.files,
  );
};

/**
 * Removes every link to the node of `label` from the bytes of an hnswlib file, in place. Throws
 * `bad-index` for a node of an upper level: those are how searches enter.
 */
export const cutLinksTo = (bytes: Uint8Array, label: number): void => {
  const source = {
    size: bytes.length,
    read: (offset: number, length: number) => bytes.subarray(offset, offset + length),
  };
  const { count, rowBytes } = parseHeader(source);
  const graph = parseGraph(source);
  const target = graph.nodeOf(label);
  if (target < 0 || graph.levels[target] !== 0)
    throw new RecallError('bad-index', 'only a node of level 0 can be cut off', { found: `label ${label}` });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let node = 0; node < count; node += 1) removeLink(view, headerBytes + node * rowBytes, target);
};

/** A row starts with its number of links (16 bits) and flags, then the links, 32 bits each. */
const removeLink = (view: DataView, row: number, target: number): void => {
  const degree = view.getUint16(row, true);
  for (let i = 0; i < degree; i += 1) {
    if (view.getUint32(row + 4 + 4 * i, true) !== target) continue;
    view.setUint32(row + 4 + 4 * i, view.getUint32(row + 4 * degree, true), true);
    view.setUint16(row, degree - 1, true);
    return;
  }
};
