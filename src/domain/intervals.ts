/** Where a yes/no property of one number holds: certified where it can be, bracketed and bisected where it changes. */

export interface IntervalProbe {
  /** The value that holds on all of [from, to]; `mixed` = not certain. */
  classify(from: number, to: number): Promise<'in' | 'out' | 'mixed'>;
  inside(at: number): Promise<boolean>;
}

export interface SearchBounds {
  readonly from: number;
  readonly to: number;
  /** Uncertain stretches narrower than this are judged by their two ends. */
  readonly minWidth: number;
  /** A crossing is bisected until its two sides are this close. */
  readonly tolerance: number;
}

/** A stretch on which the property is one value. Two neighbours of different value are within `tolerance`. */
export interface Stretch {
  readonly from: number;
  readonly to: number;
  readonly inside: boolean;
}

/** The stretches of [from, to] from left to right; stop reading when enough is known. */
export async function* stretches(probe: IntervalProbe, bounds: SearchBounds): AsyncGenerator<Stretch> {
  const { from, to, minWidth } = bounds;
  const state = await probe.classify(from, to);
  if (state !== 'mixed') {
    yield { from, to, inside: state === 'in' };
  } else if (to - from > minWidth) {
    const middle = from + (to - from) / 2;
    yield* stretches(probe, { ...bounds, to: middle });
    yield* stretches(probe, { ...bounds, from: middle });
  } else {
    yield* narrow(probe, bounds);
  }
}

async function* narrow(probe: IntervalProbe, { from, to, tolerance }: SearchBounds): AsyncGenerator<Stretch> {
  const [atFrom, atTo] = [await probe.inside(from), await probe.inside(to)];
  if (atFrom === atTo) {
    yield { from, to, inside: atFrom };
    return;
  }
  const [same, other] = await bisect((at) => probe.inside(at), from, to, atFrom, tolerance);
  yield { from, to: same, inside: atFrom };
  yield { from: other, to, inside: atTo };
}

/**
 * Two points within `tolerance` of each other, between `from` (where the property is `atFrom`) and `to` (where it is
 * not).
 */
export const bisect = async (
  inside: (at: number) => Promise<boolean>,
  from: number,
  to: number,
  atFrom: boolean,
  tolerance: number,
): Promise<[same: number, other: number]> => {
  let [same, other] = [from, to];
  while (Math.abs(other - same) > tolerance) {
    const middle = same + (other - same) / 2;
    if (middle === same || middle === other) break;
    if ((await inside(middle)) === atFrom) same = middle;
    else other = middle;
  }
  return [same, other];
};

/** A maximal interval in which the property holds: it was seen to hold at `from` and `to`. */
export interface HoldingInterval {
  readonly from: number;
  readonly to: number;
  /** Nearest points seen outside; null = the interval reaches the bound of the search. */
  readonly outsideBelow: number | null;
  readonly outsideAbove: number | null;
}

/** Stretches from left to right, as the maximal intervals in which the property holds. */
export const holdingOf = (parts: readonly Stretch[]): HoldingInterval[] => {
  const joined: Stretch[] = [];
  for (const stretch of parts) {
    const last = joined.at(-1);
    if (last?.inside === stretch.inside) joined[joined.length - 1] = { ...last, to: stretch.to };
    else joined.push(stretch);
  }
  return joined.flatMap((stretch, i) =>
    stretch.inside
      ? [
          {
            from: stretch.from,
            to: stretch.to,
            outsideBelow: joined[i - 1]?.to ?? null,
            outsideAbove: joined[i + 1]?.from ?? null,
          },
        ]
      : [],
  );
};

/** All maximal intervals in which the property holds, ascending. */
export const holdingIntervals = async (probe: IntervalProbe, bounds: SearchBounds): Promise<HoldingInterval[]> => {
  const parts: Stretch[] = [];
  for await (const stretch of stretches(probe, bounds)) parts.push(stretch);
  return holdingOf(parts);
};

/**
 * The stretches between points where the property was seen (`inside[i]` at `points[i]`, ascending): where two neighbours
 * differ the crossing is bisected; between two that agree nothing was looked at.
 */
export const seenStretches = async (
  points: readonly number[],
  inside: readonly boolean[],
  at: (point: number) => Promise<boolean>,
  tolerance: number,
): Promise<Stretch[]> => {
  const parts: Stretch[] = [];
  for (const [i, point] of points.entries()) {
    const now = inside[i] ?? false;
    const [before, was] = [points[i - 1], inside[i - 1]];
    if (before !== undefined && was !== undefined && was !== now) {
      const [same, other] = await bisect(at, before, point, was, tolerance);
      parts.push({ from: before, to: same, inside: was }, { from: other, to: point, inside: now });
    } else parts.push({ from: point, to: point, inside: now });
  }
  return parts;
};

const mirrored = (probe: IntervalProbe): IntervalProbe => ({
  classify: (from, to) => probe.classify(-to, -from),
  inside: (at) => probe.inside(-at),
});

/** How far right of `bounds.from` the property keeps holding: the last point seen inside, the first seen outside. */
const holdsUntil = async (
  probe: IntervalProbe,
  bounds: SearchBounds,
): Promise<{ last: number; outside: number | null }> => {
  let last = bounds.from;
  if (bounds.from === bounds.to) return { last, outside: null };
  for await (const stretch of stretches(probe, bounds)) {
    if (!stretch.inside) return { last, outside: stretch.from };
    last = stretch.to;
  }
  return { last, outside: null };
};

/** The interval around `at`, where the property holds; only as much is searched as is needed. */
export const holdingAround = async (
  probe: IntervalProbe,
  at: number,
  bounds: SearchBounds,
): Promise<HoldingInterval> => {
  const above = await holdsUntil(probe, { ...bounds, from: at });
  const below = await holdsUntil(mirrored(probe), { ...bounds, from: -at, to: -bounds.from });
  return {
    from: -below.last,
    to: above.last,
    outsideBelow: below.outside === null ? null : -below.outside,
    outsideAbove: above.outside,
  };
};

/** The number with the fewest decimals in [low, high]. */
export const shortestDecimal = (low: number, high: number): number => {
  for (let digits = 0; digits <= 15; digits += 1) {
    const scale = 10 ** digits;
    const candidate = Math.ceil(low * scale) / scale;
    if (candidate >= low && candidate <= high) return candidate;
  }
  return low;
};
