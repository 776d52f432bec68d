import { adKeys } from '../../domain/tower/features.ts';
import { seedOf, seededRandom } from '../../domain/random.ts';
import type { TowerModel } from '../../domain/tower/model.ts';
import { normalise, represent, sparseRowsBuilder } from '../../domain/tower/sparse-rows.ts';
import { rowsOf } from '../../domain/tower/vocabulary.ts';
import type { AdEncoder } from '../../engine/ports/ports.ts';

/** The ad tower: v = normalise(e(ad)), on typed arrays alone. An ad of which nothing is known gets a direction of its own. */
export const createAdEncoder = (model: TowerModel): AdEncoder => {
  const {
    shape: { dim },
    vocabulary,
    weights: { table },
  } = model;
  return {
    dim,
    encodeAds: async (ads) => {
      const out = new Float32Array(ads.length * dim);
      for (const [i, ad] of ads.entries()) {
        const builder = sparseRowsBuilder();
        builder.add((emit) => rowsOf(vocabulary, adKeys(ad), emit));
        represent(builder.build(), 0, table, dim, out, i * dim);
        if (!(normalise(out, i * dim, dim) > 1e-6)) out.set(ownDirection(ad.adId, dim), i * dim);
      }
      return out;
    },
  };
};

/**
 * A fixed pseudo-random direction of the ad's own. One point for all of them (say, the average ad) would pile
 * hundreds of identical rows on each other, which cuts parts of an HNSW graph off at any ef; and nothing is
 * known that would speak for recalling them.
 */
const ownDirection = (adId: string, dim: number): Float32Array => {
  const random = seededRandom(seedOf(adId));
  // The sum of four uniform numbers is near enough to normal for the direction to be uniform.
  const out = Float32Array.from(
    { length: dim },
    () => random.next() + random.next() + random.next() + random.next() - 2,
  );
  normalise(out, 0, dim);
  return out;
};
