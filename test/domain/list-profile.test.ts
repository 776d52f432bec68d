import { describe, expect, it } from 'vitest';
import { profileOf } from '../../src/domain/list-profile.ts';

describe('the profile of a list', () => {
  it('has the shares of its categories and the quartiles of the known prices', () => {
    const rows = [
      { category: 'b', price: 10 },
      { category: 'a', price: null },
      { category: 'b', price: 30 },
      { category: 'c', price: 20 },
      { category: 'a', price: 60 },
    ];
    expect(profileOf(rows)).toEqual({
      ads: 5,
      categories: [
        { category: 'a', ads: 2, share: 0.4 },
        { category: 'b', ads: 2, share: 0.4 },
        { category: 'c', ads: 1, share: 0.2 },
      ],
      price: { known: 4, min: 10, q1: 17.5, median: 25, q3: 37.5, max: 60, mean: 30 },
    });
  });

  it('has no price where no ad has one', () => {
    expect(profileOf([{ category: '', price: null }]).price).toBeNull();
    expect(profileOf([])).toEqual({ ads: 0, categories: [], price: null });
  });
});
