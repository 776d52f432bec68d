import { describe, expect, it } from 'vitest';
import { fuzz } from './fuzz.ts';

/** A short part of `npm run test:fuzz -- --seed N`, which opens 20,000 damaged files of every kind. */
describe('a damaged file of a workspace', () => {
  it('is refused in words or gives a sound list, and doctor agrees', async () => {
    const { opens, failures, tallies } = await fuzz({ seed: 14, opens: 12, bases: ['vectors'], workers: 0 });
    expect(failures).toEqual([]);
    expect(opens).toBeGreaterThanOrEqual(12);
    expect(tallies.get('hnsw index')?.refusedStale).toBeGreaterThan(0);
    expect(tallies.get('manifest')).toBeDefined();
  });
});
