import type { GroupSpec, InputItem } from '../groups.ts';

/**
 * Pooling of a group: h_g = Σ_i a_i e_i over its items, a_i = strength · exp(position + kind + age),
 * each a learned logarithm: recency by slot, by age where times are real, and the weight of the kind.
 * No items, no sum: h_g = 0 exactly. Removing an item changes nothing but its own summand.
 */
export interface GroupLayout {
  readonly source: GroupSpec['source'];
  /** Where the group's slots, kinds and ages start in the flat vector of logarithms. */
  readonly position: number;
  readonly kind: number;
  readonly age: number;
  readonly kinds: readonly string[];
}

export interface PoolLayout {
  readonly groups: readonly GroupLayout[];
  readonly size: number;
}

export const ageBuckets = 22;

export const poolLayout = (groups: readonly GroupSpec[]): PoolLayout => {
  let size = 0;
  const take = (n: number): number => {
    size += n;
    return size - n;
  };
  const layouts = groups.map((g): GroupLayout => {
    const kinds = [...new Set([...g.kinds, ...g.ownKinds])];
    return {
      source: g.source,
      kinds,
      position: take(g.maxItems),
      kind: take(Math.max(1, kinds.length)),
      age: take(ageBuckets),
    };
  });
  return { groups: layouts, size };
};

/** Fresh logarithms: 1 ÷ √(slot + 1) over the slots, 0 elsewhere. */
export const initialPool = (groups: readonly GroupSpec[]): Float32Array => {
  const layout = poolLayout(groups);
  const pool = new Float32Array(layout.size);
  groups.forEach((spec, g) => {
    const start = layout.groups[g]?.position ?? 0;
    for (let slot = 0; slot < spec.maxItems; slot += 1) pool[start + slot] = -0.5 * Math.log(slot + 1);
  });
  return pool;
};

/** Bucket 0: no age. Then powers of two of minutes, open at 2^20 minutes (two years). */
const ageBucket = (ageMs: number | null): number =>
  ageMs === null ? 0 : 1 + Math.min(ageBuckets - 2, Math.floor(Math.log2(1 + Math.max(0, ageMs) / 60_000)));

/** The key that an item looks up: an ad, a search's words, or a field's value. */
export type Thing =
  | { readonly type: 'ad'; readonly adId: string }
  | { readonly type: 'query'; readonly text: string }
  | { readonly type: 'context'; readonly field: string; readonly value: string }
  | { readonly type: 'category'; readonly category: string };

export const thingsOf = (item: InputItem): Thing[] => {
  if (item.value !== null) {
    return [
      item.kind === 'category'
        ? { type: 'category', category: item.value }
        : { type: 'context', field: item.kind, value: item.value },
    ];
  }
  return [
    ...(item.adId === null ? [] : [{ type: 'ad', adId: item.adId } as const]),
    ...(item.query === null ? [] : [{ type: 'query', text: item.query } as const]),
  ];
};

/** Indices into the flat logarithms, and the factor, of one item. */
export interface Term {
  readonly position: number;
  readonly kind: number;
  readonly age: number;
  readonly strength: number;
}

/** Fields of context and trend have no order worth learning: they share slot 0. */
export const termOf = (layout: GroupLayout, item: InputItem, slot: number): Term => ({
  position: layout.position + (item.eventId === null ? 0 : slot),
  kind: layout.kind + Math.max(0, layout.kinds.indexOf(item.kind)),
  age: layout.age + ageBucket(item.ageMs),
  strength: item.strength,
});

export const termWeight = (pool: Float32Array, term: Term): number =>
  term.strength * Math.exp((pool[term.position] ?? 0) + (pool[term.kind] ?? 0) + (pool[term.age] ?? 0));
