import { describe, expect, it } from 'vitest';
import { bytes } from '../../../src/base/bytes.ts';
import { age, count, duration, instant, percent, plural, price, utcShort } from '../../../src/views/text/figures.ts';

describe('a figure for people', () => {
  it('has one decimal of a percent below ten, none from ten on, and none for whole percents', () => {
    expect([0.0999, 0.1049, 0.0994, 0.05, -0.333, -0.0004].map((share) => percent(share))).toEqual([
      '10.0 %',
      '10 %',
      '9.9 %',
      '5 %',
      '−33 %',
      '0.0 %',
    ]);
  });

  it('has two decimals of a millisecond below ten, none below a second, then one decimal of seconds', () => {
    expect([0.423, 9.99, 10, 99.4, 999, 1000, 61_250].map(duration)).toEqual([
      '0.42 ms',
      '9.99 ms',
      '10 ms',
      '99 ms',
      '999 ms',
      '1.0 s',
      '61.3 s',
    ]);
  });

  it('takes the singular for one and no other number', () => {
    expect([0, 1, 2, 20_000].map((n) => plural(n, 'ad'))).toEqual(['0 ads', '1 ad', '2 ads', '20,000 ads']);
    expect([1, 3].map((n) => plural(n, 'category', 'categories'))).toEqual(['1 category', '3 categories']);
  });

  it('changes the unit of bytes at each power of a thousand', () => {
    expect([0, 999, 1000, 99_900, 100_000, 1_000_000, 1_400_000_000, 5e15].map(bytes)).toEqual([
      '0 B',
      '999 B',
      '1.0 KB',
      '99.9 KB',
      '100 KB',
      '1.0 MB',
      '1.4 GB',
      '5000 TB',
    ]);
  });

  it('rounds an age down to its largest unit', () => {
    expect([999, 60_000, 119_999, 3_599_999, 86_399_999, 86_400_000].map(age)).toEqual([
      '0 s',
      '1 min',
      '1 min',
      '59 min',
      '23 h',
      '1 d',
    ]);
    expect([age(null), age(-86_400_000)]).toEqual(['–', '−1 d']);
  });

  it('names its zone in a sentence, and leaves it to the title in a column', () => {
    const at = Date.UTC(2025, 5, 17, 21, 4);
    expect([instant(at), utcShort(at), instant(null)]).toEqual(['2025-06-17 21:04 UTC', '06-17 21:04', '–']);
  });

  it('has a minus sign of its own and two decimals of a price', () => {
    expect([count(-1234), count(-0.5), price(812), price(null)]).toEqual(['−1,234', '−0', '812.00', '–']);
  });
});
