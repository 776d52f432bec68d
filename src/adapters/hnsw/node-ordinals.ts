import type { NodeLabels } from '../../engine/ports/artefacts.ts';

/**
 * Ordinal of a label as the native code gives it: results carry its lower 32 bits only, without a word, and filters are asked
 * about the whole of it as a double. −1 = no ad of the sample. Null where that names no ad: two labels share their lower
 * bits, or one is beyond 2^53.
 */
export const ordinalOfNative = ({ labels, ordinals }: NodeLabels): ((label: number) => number) | null => {
  if (labels.some((label) => label > BigInt(Number.MAX_SAFE_INTEGER))) return null;
  const lower = Uint32Array.from(labels, (label) => Number(label & 0xffff_ffffn));
  const highest = lower.reduce((most, label) => Math.max(most, label), 0);
  if (highest < 8 * Math.max(1024, lower.length)) {
    const dense = new Int32Array(highest + 1).fill(-2);
    for (const [node, label] of lower.entries()) {
      if (dense[label] !== -2) return null;
      dense[label] = ordinals[node] ?? -1;
    }
    return (label) => Math.max(-1, dense[label >>> 0] ?? -1);
  }
  const sparse = new Map<number, number>();
  for (const [node, label] of lower.entries()) {
    if (sparse.has(label)) return null;
    sparse.set(label, ordinals[node] ?? -1);
  }
  return (label) => sparse.get(label >>> 0) ?? -1;
};
