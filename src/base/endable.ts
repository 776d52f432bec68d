/** Who is called at a signal that asks this process to end. */
interface Listener {
  readonly signal: NodeJS.Signals;
  readonly handler: () => void;
}

const listeners = new Set<Listener>();
let depth = 0;

/** Calls back at each of the signals, except within `endable` work. Returns how to stop listening. */
export const onSignals = (signals: readonly NodeJS.Signals[], handler: () => void): (() => void) => {
  const own = signals.map((signal): Listener => ({ signal, handler }));
  for (const one of own) {
    listeners.add(one);
    if (depth === 0) process.on(one.signal, handler);
  }
  return () => {
    for (const one of own) {
      listeners.delete(one);
      process.off(one.signal, handler);
    }
  };
};

/**
 * Work during which nothing else of this process runs, such as one statement over millions of rows: nobody could be
 * called back at ctrl-c. Within it the signal does what it does by default, it ends the process at once; the next start
 * clears what is left.
 */
export const endable = <T>(work: () => T): T => {
  if (depth === 0) for (const { signal, handler } of listeners) process.off(signal, handler);
  depth += 1;
  try {
    return work();
  } finally {
    depth -= 1;
    if (depth === 0) for (const { signal, handler } of listeners) process.on(signal, handler);
  }
};
