import { describe, expect, it } from 'vitest';
import { nearestToModel, planChanges, weightGrid } from '../../../src/domain/funnel/changes.ts';
import type { PlanFacts } from '../../../src/domain/funnel/changes.ts';
import type { Loss, UserLosses } from '../../../src/domain/losses.ts';
import { changedQuery } from '../../../src/domain/query-change.ts';
import type { RecallQuery } from '../../../src/domain/query.ts';
import { worldQuery } from '../../support/memory-world.ts';

const rowsOf = (losses: ReadonlyArray<Partial<Loss>>): UserLosses[] =>
  losses.map((more, i) => ({
    userId: `u${i}`,
    failed: null,
    segments: [],
    losses: [
      {
        userId: `u${i}`,
        adId: 'ad-0007',
        verdict: 'below-cutoff',
        detail: null,
        channel: 'model',
        margin: null,
        rankMargin: null,
        rank: null,
        ef: null,
        by: {},
        crowding: 0,
        ...more,
      },
    ],
  }));

const plan = (query: RecallQuery, losses: ReadonlyArray<Partial<Loss>>, more: Partial<PlanFacts> = {}) =>
  planChanges({ query, rows: rowsOf(losses), adCount: 1000, duplicates: [], ...more });

const model = worldQuery('u0', { mode: 'model', k: 10, ef: 20 });
const plain = worldQuery('u0', { mode: 'merged', k: 60, ef: 60 });
const merged = { ...plain, merge: { ...plain.merge, quota: { ...plain.merge.quota, keyword: 10 } } };

describe('the changes that are worth a run', () => {
  it('take ef from the certificates: the one that serves nine users of ten, and the largest', () => {
    const efs = [22, 23, 24, 25, 26, 27, 28, 29, 30, 900].map((ef) => ({ verdict: 'ann-missed' as const, ef }));
    expect(plan(model, efs).changes.filter(({ type }) => type === 'ef')).toEqual([
      { type: 'ef', from: 20, to: 30 },
      { type: 'ef', from: 20, to: 900 },
    ]);
  });

  it('make a list at most twice as long, as long as the users within reach need it; else they say what is needed', () => {
    const near = [11, 12, 13, 300].map((rank) => ({ rank, rankMargin: rank - 10 }));
    expect(plan(model, near).changes).toContainEqual({ type: 'k', from: 10, to: 13 });
    const far = plan(model, [{ rank: 70 }, { rank: 300 }]);
    expect(far.changes.some(({ type }) => type === 'k')).toBe(false);
    expect(far.notRun).toContainEqual({ kind: 'k', why: 'the nearest user needs k 70' });
  });

  it('raise the quota of the channel with most users, and put it first', () => {
    const quotas = [12, 14, 15, 40].map((rank) => ({ verdict: 'quota' as const, channel: 'keyword' as const, rank }));
    const { changes } = plan(merged, quotas);
    expect(changes).toContainEqual({ type: 'merge-quota', channel: 'keyword', from: 10, to: 15 });
    expect(changes).toContainEqual({ type: 'merge-quota', channel: 'keyword', from: 10, to: 40 });
    expect(changes).toContainEqual({
      type: 'merge-order',
      channel: 'keyword',
      from: merged.merge.order.indexOf('keyword'),
      to: 0,
    });
  });

  it('lift each filter that drops an ad, and remove near-identical ads where they hold places', () => {
    const losses: Array<Partial<Loss>> = [
      { verdict: 'ineligible', detail: 'targeting', channel: null },
      { verdict: 'ineligible', detail: 'ended', channel: null },
      { crowding: 2 },
    ];
    const { changes } = plan(model, losses, { duplicates: ['ad-0008'] });
    expect(changes.filter(({ type }) => type === 'lift')).toEqual([
      { type: 'lift', filter: 'targeting' },
      { type: 'lift', filter: 'ended' },
    ]);
    expect(changes).toContainEqual({ type: 'without-duplicates', adIds: ['ad-0008'] });
  });

  it('leave out the users who have one of the ads already', () => {
    const [row] = rowsOf([{ verdict: 'ann-missed', ef: 50 }]);
    const [other] = rowsOf([{ verdict: 'recalled', rank: 3 }]);
    if (row === undefined || other === undefined) throw new Error('no rows');
    const rows = [{ ...row, losses: [...row.losses, ...other.losses] }];
    expect(planChanges({ query: model, rows, adCount: 1000, duplicates: [] }).changes).toEqual([]);
  });
});

describe('the weights that are tried', () => {
  it('multiply what each weight is, never what it is, never above the largest', () => {
    const query = changedQuery(model, { type: 'weight', group: 'search', from: 1, to: 3 });
    expect(
      weightGrid(query, ['browse', 'search'], 4).map((change) => (change.type === 'weight' ? change.to : 0)),
    ).toEqual([0, 0.5, 1.5, 2, 0, 1.5, 4]);
  });

  it('go to the users to whom the fewest ranks of the model are missing', () => {
    const rows = rowsOf([{ rankMargin: 30 }, { rankMargin: 2 }, { verdict: 'recalled', rank: 1 }, { rankMargin: 9 }]);
    expect(nearestToModel(rows, 2)).toEqual(['u1', 'u3']);
  });
});
