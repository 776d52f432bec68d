import { canonicalJson, sha256Of } from '../base/json.ts';

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
