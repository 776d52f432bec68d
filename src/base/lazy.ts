/** Computes once, at the first call. */
export const lazy = <T>(compute: () => T): (() => T) => {
  let value: { of: T } | null = null;
  return () => (value ??= { of: compute() }).of;
};

/** Runs once, at the first call; a failure is not remembered, so that the next call tries again. */
export const lazyAsync = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | null = null;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = null;
      throw error;
    }));
};
