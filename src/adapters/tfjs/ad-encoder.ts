import { adKeys } from '../../domain/tower/features.ts';
import type { TowerModel } from '../../domain/tower/model.ts';
import { normalise, represent, sparseRowsBuilder } from '../../domain/tower/sparse-rows.ts';
import { rowsOf } from '../../domain/tower/vocabulary.ts';
import type { AdEncoder } from '../../engine/ports.ts';

/** The ad tower: v = normalise(e(ad)), on typed arrays alone. An ad of which nothing is known gets the direction of the average ad. */
export const createAdEncoder = (model: TowerModel): AdEncoder => {
  const { shape: { dim }, vocabulary, weights: { table } } = model;
  let average: Float32Array | undefined;
  return {
    dim,
    encodeAds: async (ads) => {
      const out = new Float32Array(ads.length * dim);
      for (const [i, ad] of ads.entries()) {
        const builder = sparseRowsBuilder();
        builder.add((emit) => rowsOf(vocabulary, adKeys(ad), emit));
        represent(builder.build(), 0, table, dim, out, i * dim);
        if (!(normalise(out, i * dim, dim) > 1e-6)) out.set((average ??= averageAd(model)), i * dim);
      }
      return out;
    },
  };
};

const averageAd = ({ shape: { dim }, ads, weights: { table } }: TowerModel): Float32Array => {
  const sum = new Float32Array(dim);
  const one = new Float32Array(dim);
  for (let i = 0; i < ads.count; i += 1) {
    represent(ads, i, table, dim, one, 0);
    normalise(one, 0, dim);
    for (let d = 0; d < dim; d += 1) sum[d]! += one[d]!;
  }
  if (normalise(sum, 0, dim) === 0) sum[0] = 1;
  return sum;
};
