import { createHash } from 'node:crypto';
import { byCodeUnit } from '../base/order.ts';

/** JSON with keys in code-unit order, so that equal values are equal text. */
export const canonicalJson = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => byCodeUnit(a, b));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
};

export const sha256Of = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A digest of each part of a sealed query: `{weights: "1f…", ef: "9a…"}`. */
export const knobsOf = (sealed: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(Object.entries(sealed).map(([name, value]) => [name, sha256Of(canonicalJson(value)).slice(0, 8)]));

/** Parts of the query that are not as they were recorded. */
export const editedKnobs = (
  sealed: Readonly<Record<string, unknown>> | undefined,
  recorded: Readonly<Record<string, string>> | undefined,
): string[] => {
  if (sealed === undefined || recorded === undefined) return [];
  const now = knobsOf(sealed);
  return [...new Set([...Object.keys(recorded), ...Object.keys(now)])].filter((name) => now[name] !== recorded[name]);
};
