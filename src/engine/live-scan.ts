import type { EligibilityMask } from '../domain/ads.ts';
import type { EngineDeps } from './deps.ts';
import { hasRow } from './explain/vectors.ts';
import type { AdIndex, ExactScan } from './ports/ports.ts';

/** Does a search of this index return the ad, if it comes to it? Without an index: every ad with a vector can be returned. */
export const isLive = (index: AdIndex | null, ordinal: number): boolean =>
  index === null || (index.elements === undefined ? ordinal < index.size : index.elements.states[ordinal] === 1);

/** The index's own label of an ad, as text; null: the index has no element for it. */
export const labelOf = (index: AdIndex, ordinal: number): string | null =>
  index.elements === undefined ? (ordinal < index.size ? String(ordinal) : null) : index.elements.labelOf(ordinal);

/**
 * The exact scan over what the index holds: exact lists and ranks, and the recall measured by them, leave out the ads
 * that no search can return: those without an element, and those whose element is marked as deleted. `scoresOf` scores
 * any ad with a vector.
 */
export const liveScan = ({
  scan,
  index,
  catalog,
}: Pick<EngineDeps, 'scan' | 'index' | 'catalog'>): ExactScan | null => {
  if (scan === null || index === null) return scan;
  const live = Uint8Array.from({ length: catalog.adCount }, (_, ordinal) => (isLive(index, ordinal) ? 1 : 0));
  if (!live.includes(0)) return scan;
  const all: EligibilityMask = { bits: live, eligible: live.reduce((n, bit) => n + bit, 0), dropped: {} };
  const masks = new WeakMap<EligibilityMask, EligibilityMask>();
  const within = (mask: EligibilityMask | undefined): EligibilityMask => {
    if (mask === undefined) return all;
    const known = masks.get(mask);
    if (known !== undefined) return known;
    const narrowed = { ...mask, bits: mask.bits.map((bit, ordinal) => bit & (live[ordinal] ?? 0)) };
    masks.set(mask, narrowed);
    return narrowed;
  };
  return {
    topK: (vector, k, mask) => scan.topK(vector, k, within(mask)),
    rankOf: (vector, ordinal, mask) => scan.rankOf(vector, ordinal, within(mask)),
    standing: (vector, ordinal, k, mask) => scan.standing(vector, ordinal, k, within(mask)),
    ranking: (vector, k, mask) => scan.ranking(vector, k, within(mask)),
    scoresOf: (vector, ordinals) => scan.scoresOf(vector, ordinals),
    close: () => scan.close(),
  };
};

/**
 * How many of the eligible ads no search can return, for want of a live element; without an index, of a row of the
 * vectors. `mask`: null = every ad is eligible.
 */
export const countUnindexed = (
  deps: Pick<EngineDeps, 'index' | 'vectors' | 'catalog'>,
): ((mask: EligibilityMask | null) => number) => {
  const { index, catalog } = deps;
  // Most workspaces have none of them: a query then costs nothing.
  let lacking: Int32Array | null = null;
  return (mask) => {
    lacking ??= Int32Array.from(
      Array.from({ length: catalog.adCount }, (_, ordinal) => ordinal).filter((ordinal) =>
        index === null ? !hasRow(deps, ordinal) : !isLive(index, ordinal),
      ),
    );
    if (mask === null) return lacking.length;
    let count = 0;
    for (const ordinal of lacking) if (mask.bits[ordinal] === 1) count += 1;
    return count;
  };
};
