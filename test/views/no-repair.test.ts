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
      'No repair: no single change brings it in (1,261 changes run: k 101 to 1,000 · ef 100 to 128 · each weight by up to 3.6 · quota of popular 5 to 100).',
    );
  });

  it('says where no change applies', () => {
    expect(noRepair({ tried: 0, searched: null })).toBe('No repair: no change of the query applies.');
  });
});
