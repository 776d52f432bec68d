import type { RecallQuery } from '../domain/query.ts';
import { movementOf } from './movement.ts';
import { baselineFor, sameQuery } from './select.ts';
import type { AppState } from './state.ts';
import type { RecallAnswer, TrialEffect, Trial } from './types.ts';

const keptTrials = 200;

/** The history with a change added; the steps of one slider in a row are one trial. */
export const withTrial = (state: AppState, query: RecallQuery, knob: string | null): readonly Trial[] => {
  if (state.query === null) return state.trials;
  const last = state.trials.at(-1);
  const goesOn = last !== undefined && knob !== null && last.knob === knob && last.query === state.query;
  const trial: Trial = { from: goesOn ? last.from : state.query, query, knob, effect: null };
  return [...(goesOn ? state.trials.slice(0, -1) : state.trials), trial].slice(-keptTrials);
};

/** An answer has come: the trial that waits for it learns its effect. */
export const withEffect = (state: AppState, answer: RecallAnswer): AppState => {
  const at = state.trials.length - 1;
  const last = state.trials[at];
  if (last === undefined || last.effect !== null || !sameQuery(last.query, answer.query)) return state;
  const baseline = baselineFor(state.baseline, answer);
  if (baseline === null) return state;
  const { entered, left, moved, overlap } = movementOf(baseline, answer);
  const effect: TrialEffect = {
    ...overlap,
    mode: answer.query.mode,
    entered: entered.length,
    left: left.length,
    moved: moved.length,
  };
  return { ...state, trials: [...state.trials.slice(0, at), { ...last, effect }] };
};

/** Index of the trial that gave the current query; −1 = another. */
export const currentTrial = ({ trials, query }: Pick<AppState, 'trials' | 'query'>): number =>
  query === null ? -1 : trials.findLastIndex((trial) => sameQuery(trial.query, query));
