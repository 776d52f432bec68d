/**
 * Optimal string alignment distance (insert, delete, substitute, swap neighbours), in code points.
 * Damerau 1964; O(|a|·|b|) time, three rows of memory. Meant for names, not for texts.
 */
export const editDistance = (a: string, b: string): number => {
  const [left, right] = [[...a], [...b]];
  let before: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, j) => j);
  for (let i = 1; i <= left.length; i++) {
    const row = [i];
    for (let j = 1; j <= right.length; j++) {
      const same = left[i - 1] === right[j - 1] ? 0 : 1;
      let best = Math.min((row[j - 1] ?? 0) + 1, (previous[j] ?? 0) + 1, (previous[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row.push(best);
    }
    before = previous;
    previous = row;
  }
  return previous[right.length] ?? 0;
};
