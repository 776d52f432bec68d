import { describe, expect, it } from 'vitest';
import { defaultQuery } from '../../src/console/query-defaults.ts';
import { pointsOf, settingsOf } from '../../src/domain/tune.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import { tuneRows } from '../../src/engine/tune.ts';
import { indexedWorld } from '../support/indexed-world.ts';

describe('the cost of a setting', () => {
  it('is that of a warm search where the first search of the index is slow', async () => {
    const workspace = await indexedWorld();
    const { index } = workspace;
    if (index === null) throw new Error('the world has an index');
    let [now, searches] = [0, 0];
    const slow = {
      ...index,
      search: (...asked: Parameters<typeof index.search>) => {
        now += searches === 0 ? 100 : 1;
        searches += 1;
        return index.search(...asked);
      },
    };
    const engine = createEngine({ ...workspace, index: slow, clock: { now: () => 0, tick: () => now } });
    const query = { ...defaultQuery(workspace, 'u1'), k: 10, mode: 'model' as const };
    const settings = [12, 24].map((ef) => ({ ...settingsOf(query), ef }));
    const plan = { query, asOf: null, defaultAsOf: null, against: 'exact' as const, settings };
    const rows = await tuneRows(engine, plan, ['u1', 'u2']);
    expect(rows.map(({ searchMs }) => searchMs)).toEqual([
      [1, 1],
      [1, 1],
    ]);
    expect(searches).toBe(2 + 2 * 2);
  });

  it('is the median of the users', () => {
    const settings = [{ k: 10, ef: 10, quota: null }];
    const pointOf = (times: readonly number[]) =>
      pointsOf(
        times.map((ms, i) => ({
          userId: `u${i}`,
          wanted: 1,
          recall: [1],
          distances: [5],
          searchMs: [ms],
          failed: null,
        })),
        settings,
        { resamples: 10 },
      )[0]?.cost.searchMs;
    expect(pointOf([9, 1, 2])).toBe(2);
    expect(pointOf([100, 1, 2, 4])).toBe(3);
  });
});
