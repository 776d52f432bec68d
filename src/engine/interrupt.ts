import { cancelledError } from '../errors.ts';

/** Throws `cancelled` once the signal is aborted. */
export const throwIfAborted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted === true) throw cancelledError();
};

/** Lets keys, timers and signals in between two long steps. */
export const yieldToEventLoop = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve);
  });
