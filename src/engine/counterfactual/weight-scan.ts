import { seenStretches } from '../../domain/intervals.ts';
import type { HoldingInterval, Stretch } from '../../domain/intervals.ts';
import { maxWeight, minWeight } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import type { EncodedUser } from '../core.ts';
import { throwIfAborted, yieldToEventLoop } from '../interrupt.ts';

/** Weights are offered on this scale: thousandths. */
export const printedScale = 1000;

/** A weight as `recall` is asked for it, or null where no direction is left at it. */
type Row = Float32Array;

const batch = 64;

/** User vectors of rows of weights; null where the groups cancel each other, and `recall` refuses the query. */
const vectorsOf = ({ encoder, encodings }: EncodedUser, rows: readonly Row[]): Array<Float32Array | null> => {
  const fused = (some: readonly Row[]): Float32Array => {
    const flat = new Float32Array(some.length * encoder.groups.length);
    some.forEach((row, i) => {
      flat.set(row, i * encoder.groups.length);
    });
    return encoder.fuse(encodings, flat, some.length);
  };
  const orNull = (some: readonly Row[]): Float32Array | null => {
    try {
      return fused(some);
    } catch (error) {
      if (error instanceof RecallError && error.code === 'unsupported') return null;
      throw error;
    }
  };
  const all = orNull(rows);
  if (all === null && rows.length > 1) return rows.map((row) => orNull([row]));
  return rows.map((_, i) => all?.slice(i * encoder.dim, (i + 1) * encoder.dim) ?? null);
};

/** Asks of rows of weights whether what is claimed of the list holds there, many at a time. */
export interface WeightProbe {
  /** As `recall` computes it, for one row. */
  one(row: Row): Promise<boolean>;
  /**
   * float32 vectors of a batch may differ from those of one row in their last bits: what is offered is asked again by
   * `one`.
   */
  many(rows: readonly Row[]): Promise<boolean[]>;
  count(): number;
}

export const weightProbe = (
  user: EncodedUser,
  holds: (vector: Float32Array) => Promise<boolean>,
  signal: AbortSignal | undefined,
): WeightProbe => {
  let count = 0;
  const some = async (rows: readonly Row[]): Promise<boolean[]> => {
    const inside: boolean[] = [];
    for (const vector of vectorsOf(user, rows)) inside.push(vector !== null && (await holds(vector)));
    count += rows.length;
    return inside;
  };
  return {
    count: () => count,
    one: async (row) => (await some([row]))[0] ?? false,
    many: async (rows) => {
      const inside: boolean[] = [];
      for (let from = 0; from < rows.length; from += batch) {
        throwIfAborted(signal);
        inside.push(...(await some(rows.slice(from, from + batch))));
        await yieldToEventLoop();
      }
      return inside;
    },
  };
};

export const rowWith = (weights: Row, g: number, at: number): Row => {
  const row = weights.slice();
  row[g] = at;
  return row;
};

/** Thousandths between two weights that are run over all of [0, 4]. */
export const scanStep = 8;

/** Up to this many ads a search is cheap enough to run every thousandth where the index and the exact list disagree. */
const cheap = 5000;

/** Both ends of the exact intervals and the thousandths on either side: where the native list may change, too. */
const nearEnds = (intervals: readonly HoldingInterval[]): number[] =>
  intervals.flatMap(({ from, to }) =>
    [from, to].flatMap((end) => [
      end,
      Math.floor(end * printedScale) / printedScale,
      Math.ceil(end * printedScale) / printedScale,
    ]),
  );

/** The exact list's answer at a weight; null: it differs from the native list now, and is no guide. */
export type ExactIntervals = readonly HoldingInterval[] | null;

/** Every thousandth between two neighbours of which one is not what the exact list says: there the index misses ads. */
const doubtful = (points: readonly number[], inside: readonly boolean[], exact: ExactIntervals): number[] => {
  const agrees = points.map(
    (point, i) => exact !== null && exact.some(({ from, to }) => from <= point && point <= to) === inside[i],
  );
  return points.flatMap((point, i) => {
    const next = points[i + 1];
    if (next === undefined || (agrees[i] === true && agrees[i + 1] === true)) return [];
    const [first, last] = [Math.floor(point * printedScale) + 1, Math.ceil(next * printedScale) - 1];
    return Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => (first + n) / printedScale);
  });
};

/**
 * Where along one group's weight the claim holds: run at every step of [0, 4], at the weight itself and around the
 * exact ends, and at every thousandth where the index disagrees with the exact list and the catalogue has few `ads`.
 */
export const scanWeight = async (
  probe: WeightProbe,
  weights: Row,
  g: number,
  { exact, ads }: { readonly exact: ExactIntervals; readonly ads: number },
): Promise<Stretch[]> => {
  const seen = new Map<number, boolean>();
  const run = async (asked: readonly number[]): Promise<void> => {
    const points = [...new Set(asked)].filter((at) => at >= minWeight && at <= maxWeight && !seen.has(at));
    const inside = await probe.many(points.map((point) => rowWith(weights, g, point)));
    points.forEach((point, i) => seen.set(point, inside[i] ?? false));
  };
  const sorted = (): Array<readonly [number, boolean]> => [...seen].sort(([a], [b]) => a - b);
  const steps = Math.round(((maxWeight - minWeight) * printedScale) / scanStep);
  await run([
    ...Array.from({ length: steps + 1 }, (_, i) => minWeight + (i * scanStep) / printedScale),
    weights[g] ?? 1,
    ...nearEnds(exact ?? []),
  ]);
  if (ads <= cheap)
    await run(
      doubtful(
        sorted().map(([at]) => at),
        sorted().map(([, inside]) => inside),
        exact,
      ),
    );
  return seenStretches(
    sorted().map(([at]) => at),
    sorted().map(([, inside]) => inside),
    (at) => probe.one(rowWith(weights, g, at)),
    1e-7,
  );
};
