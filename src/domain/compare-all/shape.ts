import type { UserId } from '../ids.ts';
import { byCodeUnit } from '../../base/order.ts';
import { cutoffsOf, type CompareRow } from './rows.ts';

/** Mean recall at a cut-off, over the users with engaged ads. */
export interface CurvePoint {
  readonly k: number;
  readonly a: number;
  readonly b: number;
}

/** Users by their difference of recall at k (b − a), in [from, to); the last bin holds its end. */
export interface DifferenceBin {
  readonly from: number;
  readonly to: number;
  readonly users: number;
}

export interface ContrastedUser {
  readonly userId: UserId;
  readonly asOf: number;
  readonly rbo: number;
  /** Recall at k, b − a; null without engaged ads. */ readonly delta: number | null;
}

/** About 1, 2, 3, 5, 7, 10, 15 … and k: even steps on a logarithmic axis. */
export const curveCutoffs = (k: number): number[] => {
  const steps = Array.from({ length: 64 }, (_, i) => Math.round(10 ** (i / 6))).filter((cut) => cut < k);
  return [...new Set([...steps, k])];
};

const upTo = (hits: readonly number[], cut: number): number => hits.filter((rank) => rank <= cut).length;

/** Recall against k for both sides. */
export const recallCurve = (rows: readonly CompareRow[], k: number): CurvePoint[] => {
  const engaged = rows.filter((row) => row.engaged > 0);
  const mean = (value: (row: CompareRow) => number): number =>
    engaged.reduce((sum, row) => sum + value(row), 0) / Math.max(1, engaged.length);
  return engaged.length === 0
    ? []
    : curveCutoffs(k).map((cut) => ({
        k: cut,
        a: mean((row) => upTo(row.a.hits, cut) / row.engaged),
        b: mean((row) => upTo(row.b.hits, cut) / row.engaged),
      }));
};

/** Recall at k of b − of a; null where the user has no engaged ads. */
export const recallDelta = ({ a, b }: CompareRow, k: number): number | null => {
  const metric = cutoffsOf(k).length - 1;
  const [left, right] = [a.values[metric] ?? null, b.values[metric] ?? null];
  return left === null || right === null ? null : right - left;
};

const bins = 21;

/** 21 equal bins over −1 … 1, so that no difference lies in the middle of one. */
export const differenceBins = (rows: readonly CompareRow[], k: number): DifferenceBin[] => {
  const users = new Array<number>(bins).fill(0);
  for (const row of rows) {
    const delta = recallDelta(row, k);
    if (delta === null) continue;
    const at = Math.min(bins - 1, Math.floor(((delta + 1) / 2) * bins));
    users[at] = (users[at] ?? 0) + 1;
  }
  return users.map((count, i) => ({ from: (2 * i) / bins - 1, to: (2 * (i + 1)) / bins - 1, users: count }));
};

/** Least similar lists first, then the largest difference of recall, then by id. */
export const mostContrasted = (rows: readonly CompareRow[], k: number, limit: number): ContrastedUser[] =>
  rows
    .map((row): ContrastedUser => ({ userId: row.userId, asOf: row.asOf, rbo: row.rbo, delta: recallDelta(row, k) }))
    .sort((x, y) => x.rbo - y.rbo || Math.abs(y.delta ?? 0) - Math.abs(x.delta ?? 0) || byCodeUnit(x.userId, y.userId))
    .slice(0, limit);
