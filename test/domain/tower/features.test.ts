import { describe, expect, it } from 'vitest';
import { adKeys, families } from '../../../src/domain/tower/features.ts';
import type { Family } from '../../../src/domain/tower/features.ts';
import { represent, sparseRowsBuilder } from '../../../src/domain/tower/sparse-rows.ts';
import { rowsOf, vocabularyOf } from '../../../src/domain/tower/vocabulary.ts';

const ad = { adId: '7', title: 'Smart lamp', category: 'Home > Light > Lamps', brand: 'Aqara', price: 8 };
const keys: Record<Family, string[]> = {
  id: ['7'],
  word: ['lamp', 'smart'],
  bigram: ['smart lamp'],
  category: ['Home', 'Home > Light'],
  brand: ['aqara'],
  price: ['6'],
  context: [],
};

describe('the features of an ad', () => {
  it('consist of its id, words, word pairs, every prefix of its category path, brand and half-octave of price', () => {
    expect(adKeys(ad)).toEqual([
      ['id', ['7']],
      ['word', ['smart', 'lamp']],
      ['bigram', ['smart lamp']],
      ['category', ['Home', 'Home > Light', 'Home > Light > Lamps']],
      ['brand', ['aqara']],
      ['price', ['6']],
    ]);
  });

  it('leave out what an ad does not have', () => {
    expect(adKeys({ adId: 'x', title: '', category: '', brand: '', price: null }).flatMap(([, k]) => k)).toEqual(['x']);
    expect(adKeys({ ...ad, price: 0 }).find(([family]) => family === 'price')?.[1]).toEqual([]);
  });

  it('number the rows of a family one after the other, families in their order', () => {
    const vocabulary = vocabularyOf(keys);
    expect(families.flatMap((family) => keys[family].map((key) => vocabulary.rowOf(family, key)))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
    expect(vocabulary.rowOf('word', 'unknown')).toBeNull();
  });

  it('weigh one over the root of how many of a family are known', () => {
    const builder = sparseRowsBuilder();
    builder.add((emit) => rowsOf(vocabularyOf(keys), adKeys(ad), emit));
    const sparse = builder.build();
    expect([...sparse.rows]).toEqual([0, 2, 1, 3, 4, 5, 6, 7]);
    const half = Math.fround(Math.SQRT1_2);
    expect([...sparse.weights]).toEqual([1, half, half, 1, half, half, 1, 1]);
  });

  it('sum into e(ad)', () => {
    const builder = sparseRowsBuilder();
    builder.add((emit) => {
      emit(1, 0.5);
      emit(2, 2);
    });
    builder.add(() => undefined);
    const sparse = builder.build();
    const table = Float32Array.from([9, 9, 9, 9, 9, 2, 4, 6, 8, 10, 1, 1, 1, 1, 1]);
    const out = new Float32Array(10).fill(7);
    represent(sparse, 0, table, 5, out, 0);
    represent(sparse, 1, table, 5, out, 5);
    expect([...out]).toEqual([3, 4, 5, 6, 7, 0, 0, 0, 0, 0]);
  });
});
