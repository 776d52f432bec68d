/** Linear interpolation between order statistics (type 7); `sorted` ascends. 0 of an empty sample. */
export const quantileOf = (sorted: ArrayLike<number>, q: number): number => {
  const position = q * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? 0;
  return below + ((sorted[Math.ceil(position)] ?? below) - below) * (position - Math.floor(position));
};
