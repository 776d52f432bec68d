import { describe, expect, it } from 'vitest';
import { findKills } from './kills.ts';

/** A short part of `npm run test:kills -- --seed N`, which takes 300 moments of each. */
describe('a kill, and a full disk, at random steps', () => {
  it('cost a recording the step in flight at most, whoever else wants to record to it, and leave nothing after the next start', async () => {
    const found = await findKills({ seed: 7, moments: 8, only: ['record', 'two recorders'] });
    expect(found.flatMap(({ problems }) => problems)).toEqual([]);
    expect(found.map(({ kind, hit }) => [kind, hit > 4])).toEqual([
      ['kill', true],
      ['full', true],
      ['kill', true],
      ['full', true],
    ]);
  });

  it('leave no workspace of an import, or a whole one, and nothing after the next start', async () => {
    const found = await findKills({ seed: 7, moments: 3, only: ['import'] });
    expect(found.flatMap(({ problems }) => problems)).toEqual([]);
  });
});
