import { editDistance } from './edit-distance.ts';
import { byCodeUnit } from './order.ts';
/**
 * The names close enough to be what was meant: at most a third of the word wrong, or the word begins
 * the name. Best first, ties by code unit.
 */
export const nearest = (word: string, names: readonly string[], limit = 3): string[] => {
  const lower = word.toLowerCase();
  return names
    .map((name) => ({
      name,
      distance: lower.length > 1 && name.startsWith(lower) ? 0.5 : editDistance(lower, name.toLowerCase()),
    }))
    .filter(({ name, distance }) => distance <= Math.max(1, Math.ceil(Math.max(word.length, name.length) / 3)))
    .sort((a, b) => a.distance - b.distance || byCodeUnit(a.name, b.name))
    .slice(0, limit)
    .map(({ name }) => name);
};

/** ` — did you mean "recall" or "replay"?`, or nothing. */
export const didYouMean = (word: string, names: readonly string[]): string => {
  const found = nearest(word, names).map((n) => `"${n}"`);
  return found.length === 0 ? '' : `did you mean ${found.join(' or ')}?`;
};

/** `wieghts: unknown field, did you mean "weights"?`, for what a person writes: a field passed over would be a wish unheard. */
export const unknownField = (path: readonly PropertyKey[], known: readonly string[]): string => {
  const hint = didYouMean(String(path.at(-1) ?? ''), known);
  return `${path.map(String).join('.')}: unknown field${hint === '' ? '' : `, ${hint}`}`;
};
