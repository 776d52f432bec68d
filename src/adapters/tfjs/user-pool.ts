import type { UserInputs } from '../../domain/groups.ts';
import { keysOf } from '../../domain/tower/lookup.ts';
import type { TowerModel } from '../../domain/tower/model.ts';
import { poolLayout, termOf, termWeight, thingsOf } from '../../domain/tower/pool.ts';
import type { Thing } from '../../domain/tower/pool.ts';
import { addScaled, represent } from '../../domain/tower/sparse-rows.ts';
import { rowsOf } from '../../domain/tower/vocabulary.ts';

/** Rows and weights of one thing, flat. */
interface Rows {
  readonly rows: readonly number[];
  readonly weights: readonly number[];
}

export interface UserPool {
  /** Adds h_g of every group to out[at + g·D …]. Excluded and unknown items add exactly nothing. */
  pool(inputs: UserInputs, out: Float32Array, at: number): void;
  /** Known rows of a thing, in the order of the table's families. */
  rowsOf(thing: Thing): Rows;
}

/** Bound on remembered texts: a batch of thousands of users repeats the same searches and fields. */
const remembered = 20_000;

export const createUserPool = (model: TowerModel): UserPool => {
  const {
    shape: { dim, groups },
    vocabulary,
    ads,
    weights: { table, pool },
  } = model;
  const layout = poolLayout(groups);
  const ordinals = new Map(model.adIds.map((id, i) => [id, i]));
  const addAd = adSummer(model);
  const texts = new Map<string, Rows>();
  const lookUp = (thing: Thing): Rows => {
    if (thing.type === 'ad') {
      const ordinal = ordinals.get(thing.adId);
      if (ordinal === undefined) return { rows: [], weights: [] };
      const [from, to] = [ads.offsets[ordinal], ads.offsets[ordinal + 1]];
      return { rows: [...ads.rows.subarray(from, to)], weights: [...ads.weights.subarray(from, to)] };
    }
    const key = JSON.stringify(thing);
    const known = texts.get(key);
    if (known !== undefined) return known;
    const rows: number[] = [];
    const rowWeights: number[] = [];
    rowsOf(vocabulary, keysOf(thing), (row, weight) => {
      rows.push(row);
      rowWeights.push(weight);
    });
    if (texts.size >= remembered) texts.clear();
    texts.set(key, { rows, weights: rowWeights });
    return { rows, weights: rowWeights };
  };
  const addThing = (thing: Thing, factor: number, out: Float32Array, at: number): void => {
    if (thing.type === 'ad') {
      const ordinal = ordinals.get(thing.adId);
      if (ordinal !== undefined) addAd(ordinal, factor, out, at);
      return;
    }
    const { rows, weights } = lookUp(thing);
    rows.forEach((row, k) => addScaled(factor * (weights[k] ?? 0), table, row * dim, out, at, dim));
  };
  return {
    rowsOf: lookUp,
    pool: (inputs, out, at) => {
      layout.groups.forEach((group, g) => {
        inputs.groups[g]?.items.forEach((item, slot) => {
          if (item.excluded) return;
          const factor = termWeight(pool, termOf(group, item, slot));
          for (const thing of thingsOf(item)) addThing(thing, factor, out, at + g * dim);
        });
      });
    },
  };
};

/** Up to so many ads, e(ad) is kept once made: a tenth of the work when thousands of users are encoded. Above, the memory is worth more. */
const keptAds = 200_000;

/** out[at …] += factor · e(ad). */
const adSummer = ({ shape: { dim }, ads, weights: { table } }: TowerModel) => {
  const kept = ads.count <= keptAds;
  const made = new Uint8Array(kept ? ads.count : 0);
  const e = new Float32Array(kept ? ads.count * dim : dim);
  return (ordinal: number, factor: number, out: Float32Array, at: number): void => {
    const place = kept ? ordinal * dim : 0;
    if (!kept || made[ordinal] === 0) {
      represent(ads, ordinal, table, dim, e, place);
      if (kept) made[ordinal] = 1;
    }
    addScaled(factor, e, place, out, at, dim);
  };
};
