import { describe, expect, it } from 'vitest';
import { noRepair } from '../../src/views/answers/why/why-not-sentences.ts';

describe('a why-not without a repair', () => {
  it('gives the bounds of what was run', () => {
    expect(
      noRepair({
        tried: 1261,
        searched: {
          k: { from: 101, to: 1000, runs: 74 },
          ef: { from: 100, to: 128, every: true },
          weights: { step: 0.001, within: 0.128, to: 3.6, every: false },
          quotas: [{ channel: 'popular', from: 5, to: 100 }],
        },
      }),
    ).toBe(
      'No repair found: no single change that was run brings it in (1,261 changes: 74 lists of k 101 to 1,000 · every ef from 100 to 128 · each weight by up to 3.6 in steps of an eighth, within ±0.128 in thousandths · quota of popular 5 to 100).',
    );
  });

  it('says where no change applies', () => {
    expect(noRepair({ tried: 0, searched: null })).toBe('No repair: no change of the query applies.');
  });
});
