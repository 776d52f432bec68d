import type { Clock } from './ports/ports.ts';

export interface Timer {
  lap(stage: string): void;
  done(): Record<string, number>;
}

/** Wall time by stage, ms; `done` adds the total. */
export const timer = (clock: Clock): Timer => {
  const started = clock.tick();
  let last = started;
  const laps: Record<string, number> = {};
  return {
    lap: (stage) => {
      const now = clock.tick();
      laps[stage] = (laps[stage] ?? 0) + now - last;
      last = now;
    },
    done: () => {
      laps['total'] = clock.tick() - started;
      return laps;
    },
  };
};
