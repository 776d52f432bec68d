const blocks = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const marks = ['_', '.', '-', '=', '+', '*', '#', '@'];

/** One cell a value, scaled to the largest; zero is the lowest mark, anything above it at least the second. */
export const sparkline = (values: readonly number[], ascii = false): string => {
  const levels = ascii ? marks : blocks;
  const top = Math.max(0, ...values.filter(Number.isFinite));
  return values
    .map((v) => {
      if (!(v > 0) || top === 0) return levels[0];
      return levels[Math.max(1, Math.round((v / top) * (levels.length - 1)))];
    })
    .join('');
};

/** Sums neighbouring values so that at most `width` are left. */
export const squeeze = (values: readonly number[], width: number): number[] => {
  if (width <= 0) return [];
  const size = Math.ceil(values.length / width);
  if (size <= 1) return [...values];
  return Array.from({ length: Math.ceil(values.length / size) }, (_, i) =>
    values.slice(i * size, (i + 1) * size).reduce((a, b) => a + b, 0),
  );
};
