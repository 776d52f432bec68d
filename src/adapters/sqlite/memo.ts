/** Computes once, at the first call. */
export const lazy = <T>(compute: () => T): (() => T) => {
  let value: { of: T } | null = null;
  return () => (value ??= { of: compute() }).of;
};

/** Keeps the results of the last few keys; the least recently asked goes first. */
export const lastFew = <T>(size: number): ((key: string, compute: () => T) => T) => {
  const kept = new Map<string, T>();
  return (key, compute) => {
    const found = kept.get(key);
    const value = found ?? compute();
    kept.delete(key);
    kept.set(key, value);
    if (kept.size > size)
      for (const oldest of kept.keys()) {
        kept.delete(oldest);
        break;
      }
    return value;
  };
};
