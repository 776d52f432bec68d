import { maxWeight, minWeight, type RecallQuery } from '../domain/query.ts';
import { requery } from './ask.ts';
import { currentList } from './select.ts';
import { only, type AppState, type Step } from './state.ts';

const keptSteps = 500;

/** A change of the query that undo gives back. The mode is how one looks, not a change. */
export const changeQuery = (state: AppState, query: RecallQuery): Step => {
  if (state.query === null) return only(state);
  const past = [...state.changes.past, state.query].slice(-keptSteps);
  return requery({ ...state, changes: { past, future: [] }, message: null }, query);
};

export const undo = (state: AppState): Step => {
  const { past, future } = state.changes;
  const query = past.at(-1);
  if (query === undefined || state.query === null) return only(state);
  const changes = { past: past.slice(0, -1), future: [state.query, ...future] };
  return requery({ ...state, changes }, { ...query, mode: state.mode });
};

export const redo = (state: AppState): Step => {
  const { past, future } = state.changes;
  const query = future[0];
  if (query === undefined || state.query === null) return only(state);
  const changes = { past: [...past, state.query], future: future.slice(1) };
  return requery({ ...state, changes }, { ...query, mode: state.mode });
};

/** What movement is measured against from now on: the list as it stands. */
export const pin = (state: AppState): Step =>
  only({ ...state, pin: currentList(state), message: { text: 'pinned: movement is measured against this list', tone: 'plain' } });

/** Rounded to 1e-4, so that ten steps up and ten down give back the same query. */
const round = (weight: number): number => Math.round(Math.min(maxWeight, Math.max(minWeight, weight)) * 10_000) / 10_000;

export const weightOf = (state: AppState, group: string): number => state.query?.weights[group] ?? 1;

export const setWeight = (state: AppState, weight: number): Step => {
  const { query, group } = state;
  if (query === null || group === null) return only(state);
  const next = round(weight);
  return next === weightOf(state, group) ? only(state) : changeQuery(state, { ...query, weights: { ...query.weights, [group]: next } });
};

export const nudgeWeight = (state: AppState, by: number): Step =>
  (state.group === null ? only(state) : setWeight(state, weightOf(state, state.group) + by));

/** All weights as trained. */
export const resetWeights = (state: AppState): Step => {
  const { query } = state;
  if (query === null) return only(state);
  const weights = Object.fromEntries(Object.keys(query.weights).map((group) => [group, 1]));
  return JSON.stringify(weights) === JSON.stringify(query.weights) ? only(state) : changeQuery(state, { ...query, weights });
};
