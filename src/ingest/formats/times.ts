import type { Seen } from './format.ts';

export const hour = 3_600_000;
export const day = 24 * hour;

/** Share of engagement events that the default as-of leaves after it. */
export const heldOutShare = 0.1;

/**
 * Default as-of of data with times: the instant that leaves 10 % of the engagement events at or after
 * it, moved back to the shop's midnight where that still leaves between 5 % and 20 %. null without events.
 */
export const timeSplit = (seen: Seen, engagementKinds: readonly string[], tzOffsetMinutes = 0): number | null => {
  const times = Float64Array.from(engagementKinds.flatMap((kind) => [...(seen.times.get(kind) ?? [])])).sort();
  const instant = times[Math.floor(times.length * (1 - heldOutShare))];
  if (instant === undefined) return null;
  const offset = tzOffsetMinutes * 60_000;
  const midnight = Math.floor((instant + offset) / day) * day - offset;
  const after = (at: number): number => times.reduce((count, time) => count + (time >= at ? 1 : 0), 0) / times.length;
  const share = after(midnight);
  return share >= 0.05 && share <= 0.2 ? midnight : instant;
};

/** Time of the item `fromEnd` places before a user's last one, where only the order is known: `T0 − fromEnd · 1 h`. */
export const syntheticTime = (t0: number, fromEnd: number): number => t0 - fromEnd * hour;
