import { join } from 'node:path';
import type { OpenedSample } from '../engine/ports/artefacts.ts';
import { buildI2i } from './build-i2i.ts';
import { declaredUntil } from './declared-until.ts';
import type { Factories } from './factories.ts';
import { indexNames as names, type IndexOptions } from './index-options.ts';
import type { Manifest } from './manifest/manifest.ts';
import type { Placing } from './placing.ts';

/** Builds the item-to-item neighbours in the folder of new artefacts; gives the manifest that names them. */
export const buildNeighbours = async (
  placing: Placing,
  manifest: Manifest,
  { store, catalog }: OpenedSample,
  tools: Factories,
  options: IndexOptions,
): Promise<Manifest> => {
  const { sample, model } = manifest;
  if (sample === null) return manifest;
  const path = join(placing.folder, names.i2i);
  const { builtUntil } = await buildI2i(
    {
      // A team's vectors do not say until when they were built: then the workspace's own word stands, so that i2i
      // does not know what is asked of it.
      store,
      catalog,
      path,
      until: options.until ?? model?.builtUntil ?? declaredUntil(manifest),
      kinds: behaviourKinds(manifest),
      onProgress: (done, total) => options.onProgress?.('item-to-item', done, total),
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    },
    tools.files,
  );
  return {
    ...manifest,
    i2i: {
      ...manifest.i2i,
      ...(await placing.place(names.i2i)),
      builtUntil,
      builtFrom: { sample: sample.sha256 },
    },
  };
};

/** Kinds the groups read from users' own events, and the engagement kinds; null = all, when the groups name none. */
const behaviourKinds = ({ groups, engagementKinds }: Manifest): string[] | null => {
  const kinds = groups.flatMap((group) => (group.source === 'events' ? group.kinds : []));
  return kinds.length === 0 ? null : [...new Set([...kinds, ...engagementKinds])];
};
