import { join } from 'node:path';
import { assembleInputs } from '../../src/domain/inputs.ts';
import type { Factories } from '../../src/workspace/factories.ts';
import type { Manifest } from '../../src/workspace/manifest/manifest.ts';

export interface ModelRanksOptions {
  readonly dir: string;
  readonly manifest: Manifest;
  readonly tools: Factories;
  readonly asOf: number;
  readonly users: readonly string[];
  readonly targets: ReadonlyMap<string, string>;
}

const chunk = 100;

/** Rank (from 1) of each user's target by ⟨u, v⟩ among all ads, from the saved model and the sample, by a plain loop. */
export const modelRanks = async ({
  dir,
  manifest,
  tools,
  asOf,
  users,
  targets,
}: ModelRanksOptions): Promise<number[]> => {
  const { store, catalog, close } = tools.openSample(join(dir, manifest.sample?.file ?? ''));
  const { encoder, adEncoder } = await tools.models['two-tower'](
    join(dir, manifest.model?.kind === 'two-tower' ? manifest.model.dir : ''),
  );
  const ads = await adEncoder.encodeAds(catalog.ads(Array.from({ length: catalog.adCount }, (_, i) => i)));
  const ones = new Float32Array(encoder.groups.length).fill(1);
  const ranks: number[] = [];
  for (let from = 0; from < users.length; from += chunk) {
    const some = users.slice(from, from + chunk);
    const encoded = await encoder.encodeGroups(
      some.map((userId) =>
        assembleInputs(manifest, {
          userId,
          asOf,
          ownEvents: store.events(userId, { before: asOf }),
          friendEvents: [],
          context: {},
          rising: new Map(),
          excludedEvents: new Set(),
          extraEvents: [],
          ordinalOf: (adId) => catalog.ordinalOf(adId),
        }),
      ),
    );
    encoded.forEach((one, i) => {
      const target = catalog.ordinalOf(targets.get(some[i] ?? '') ?? '');
      if (target === null) throw new Error(`no target for ${some[i]}`);
      ranks.push(rankOf(encoder.fuse(one, ones, 1), ads, encoder.dim, target));
    });
  }
  close();
  return ranks;
};

const rankOf = (user: Float32Array, ads: Float32Array, dim: number, target: number): number => {
  const score = (ordinal: number): number => {
    let sum = 0;
    for (let d = 0, at = ordinal * dim; d < dim; d += 1, at += 1) sum += (user[d] ?? 0) * (ads[at] ?? 0);
    return sum;
  };
  const own = score(target);
  let rank = 1;
  for (let ordinal = 0; ordinal < ads.length / dim; ordinal += 1) {
    const other = score(ordinal);
    if (other > own || (other === own && ordinal < target)) rank += 1;
  }
  return rank;
};
