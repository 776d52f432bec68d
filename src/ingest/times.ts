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

/**
 * A day without an hour is read as its last second: nothing may be visible before it can have happened.
 * null: no such day.
 */
export const endOfDay = (year: number, month: number, dayOfMonth: number, tzOffsetMinutes = 0): number | null => {
  const start = Date.UTC(year, month - 1, dayOfMonth);
  const date = new Date(start);
  if (!Number.isFinite(start) || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== dayOfMonth) return null;
  return start + day - 1_000 - tzOffsetMinutes * 60_000;
};

const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;
const zone = /(?:Z|[+-]\d{2}:?\d{2})$/;

/** Date.parse takes 31 February for 3 March. */
const isDay = (text: string): boolean => endOfDay(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))) !== null;

/** ISO-8601 (UTC where no zone is given) or whole ms since the epoch. null: neither. */
export const parseTime = (text: string): number | null => {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (!iso.test(text) || !isDay(text)) return null;
  const withTime = text.length > 10;
  const at = Date.parse(!withTime || zone.test(text) ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`);
  return Number.isFinite(at) ? at : null;
};
