export interface SignalHandlers {
  /** Asked to end; exit code 128 + the signal's number. */
  readonly stop: (code: number) => void;
  /** About to be stopped. */
  readonly stopping: () => void;
  /** Running again after a stop. */
  readonly resumed: () => void;
  readonly crash: (error: unknown) => void;
}

const ends: ReadonlyArray<readonly [NodeJS.Signals, number]> = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
];

/** Stops the whole foreground job, as the terminal's own ctrl-z would; this process by way of its handler. */
export const suspendJob = (): void => {
  process.kill(0, 'SIGTSTP');
};

/** Whatever ends or stops the process puts the terminal back first. Returns what takes the handlers away. */
export const watchProcess = (handlers: SignalHandlers): (() => void) => {
  const stops = ends.map(([signal, code]) => ({
    signal,
    listener: (): void => {
      handlers.stop(code);
    },
  }));
  for (const { signal, listener } of stops) process.on(signal, listener);
  const stopSelf = (): void => {
    handlers.stopping();
    process.kill(process.pid, 'SIGSTOP');
  };
  process.on('SIGTSTP', stopSelf);
  process.on('SIGCONT', handlers.resumed);
  process.on('uncaughtException', handlers.crash);
  process.on('unhandledRejection', handlers.crash);
  return () => {
    for (const { signal, listener } of stops) process.off(signal, listener);
    process.off('SIGTSTP', stopSelf);
    process.off('SIGCONT', handlers.resumed);
    process.off('uncaughtException', handlers.crash);
    process.off('unhandledRejection', handlers.crash);
  };
};
