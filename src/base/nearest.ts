/** Levenshtein distance in code points, one row kept. O(|a|·|b|); meant for names, not for texts. */
export const editDistance = (a: string, b: string): number => {
  const left = [...a];
  const right = [...b];
  let row = right.map((_, j) => j + 1);
  left.forEach((x, i) => {
    const next: number[] = [];
    right.forEach((y, j) => {
      const diagonal = j === 0 ? i : (row[j - 1] ?? 0);
      const above = row[j] ?? 0;
      const before = j === 0 ? i + 1 : (next[j - 1] ?? 0);
      next.push(Math.min(diagonal + (x === y ? 0 : 1), above + 1, before + 1));
    });
    row = next;
  });
  return row.at(-1) ?? left.length;
};

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
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, limit)
    .map(({ name }) => name);
};

/** ` — did you mean "recall" or "replay"?`, or nothing. */
export const didYouMean = (word: string, names: readonly string[]): string => {
  const found = nearest(word, names).map((n) => `"${n}"`);
  return found.length === 0 ? '' : `did you mean ${found.join(' or ')}?`;
};
