import { isPending } from './requests.ts';
import type { AppState, Effect, Msg, Step } from './state.ts';

export interface Store {
  get(): AppState;
  dispatch(msg: Msg): void;
  /** Called after each burst of messages, once. */
  subscribe(listener: () => void): () => void;
  /** Resolves when no request is pending and every listener has seen the last state. */
  idle(): Promise<void>;
}

export type Update = (state: AppState, msg: Msg) => Step;

/** The one mutable cell of the program. `run` performs effects; what they bring back is dispatched. */
export const createStore = (initial: AppState, update: Update, run: (effect: Effect) => void): Store => {
  let state = initial;
  let announced = true;
  const listeners = new Set<() => void>();
  let idlers: Array<() => void> = [];

  const announce = (): void => {
    announced = true;
    for (const listener of [...listeners]) listener();
    if (!announced || isPending(state)) return;
    const done = idlers;
    idlers = [];
    for (const resolve of done) resolve();
  };

  return {
    get: () => state,
    dispatch(msg) {
      const [next, effects] = update(state, msg);
      const changed = next !== state;
      state = next;
      for (const effect of effects) run(effect);
      // A chunk of input may hold many keys: they are drawn as one frame.
      if (!announced || (!changed && idlers.length === 0)) return;
      announced = false;
      queueMicrotask(announce);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    idle: () =>
      announced && !isPending(state)
        ? Promise.resolve()
        : new Promise((resolve) => {
            idlers.push(resolve);
          }),
  };
};
