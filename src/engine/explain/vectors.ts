import { RecallError } from '../../errors.ts';
import type { EngineDeps } from '../deps.ts';

/** The stored vectors of some ads, n×D. Throws `unsupported` where the workspace has none or an ad has no finite, non-zero row. */
export const adRows = (deps: EngineDeps, ordinals: ArrayLike<number>): Float32Array => {
  const { vectors } = deps;
  if (vectors === null)
    throw new RecallError('unsupported', 'this workspace has no ad vectors', { todo: 'run `recall-tui index DIR`' });
  const rows = new Float32Array(ordinals.length * vectors.dim);
  Array.from(ordinals).forEach((ordinal, i) => {
    if (!hasVector(deps, ordinal))
      throw new RecallError(
        'unsupported',
        `the ad ${deps.catalog.idOf(ordinal)} has no vector: the model cannot score it`,
        { todo: 'rebuild vectors and index with `recall-tui index DIR`' },
      );
    rows.set(vectors.data.subarray(ordinal * vectors.dim, (ordinal + 1) * vectors.dim), i * vectors.dim);
  });
  return rows;
};

/** A row that the exact scan scores: all zeros too, where the metric gives them a score. */
export const hasRow = ({ vectors }: Pick<EngineDeps, 'vectors'>, ordinal: number): boolean =>
  vectors !== null && ordinal < vectors.count && vectors.present?.[ordinal] !== 0;

/** A row with a direction: inside the file, finite and not all zero. */
export const hasVector = ({ vectors }: EngineDeps, ordinal: number): boolean => {
  if (vectors === null || ordinal >= vectors.count) return false;
  let norm = 0;
  for (let i = ordinal * vectors.dim; i < (ordinal + 1) * vectors.dim; i += 1) norm += (vectors.data[i] ?? 0) ** 2;
  return Number.isFinite(norm) && norm > 0;
};

/** Ordinal of an ad id. Throws `unknown-ad` with the nearest ids. */
export const ordinalOfAd = ({ catalog }: EngineDeps, adId: string): number => {
  const ordinal = catalog.ordinalOf(adId);
  if (ordinal !== null) return ordinal;
  const near = catalog.suggestAds(adId, 3);
  throw new RecallError(
    'unknown-ad',
    `no ad has the id ${JSON.stringify(adId)}`,
    near.length === 0 ? {} : { todo: `did you mean ${near.map((id) => JSON.stringify(id)).join(', ')}?` },
  );
};
