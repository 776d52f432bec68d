import { describe, expect, it } from 'vitest';
import { initialState } from '../../src/state/initial.ts';
import { currentList } from '../../src/state/select.ts';
import { currentTrial, withEffect } from '../../src/state/trials.ts';
import type { AppState } from '../../src/state/state.ts';
import { drive } from '../support/drive.ts';

const opened = (): AppState => drive(initialState('/w', { columns: 160, rows: 50 }), { type: 'start' }, 'enter', 'w');
/** The first trial is the query as it was opened. */
const browseWeights = (state: AppState): unknown[] =>
  state.trials.slice(1).map(({ from, query }) => [from.weights['browse'], query.weights['browse']]);

describe('the list of trials', () => {
  it('holds the steps of one slider in a row as one trial, from the first value to the last', () => {
    const state = drive(opened(), 'l', 'l', 'l');
    expect(browseWeights(state)).toEqual([[1, 1.15]]);
    expect(currentTrial(state)).toBe(1);
  });

  it('keeps the trial that was undone when the same slider is moved again', () => {
    const state = drive(opened(), 'l', 'u', 'h');
    expect(browseWeights(state)).toEqual([
      [1, 1.05],
      [1, 0.95],
    ]);
    expect(currentTrial(state)).toBe(2);
    expect(currentTrial(drive(state, 'u'))).toBe(0);
    expect(currentTrial(drive(state, 'L'))).toBe(2);
    expect(browseWeights(drive(state, 'L'))).toHaveLength(2);
  });

  it('begins another trial with another slider, and with the first one again', () => {
    const state = drive(opened(), 'l', 'j', 'l', 'k', 'l');
    expect(browseWeights(state)).toEqual([
      [1, 1.05],
      [1.05, 1.05],
      [1.05, 1.1],
    ]);
  });

  it('measures the effect of the latest trial against the pinned list', () => {
    const still = drive(opened(), 'l').trials.at(-1);
    expect(still?.effect).toMatchObject({ mode: 'model', entered: 0, left: 0, moved: 0, jaccard: 1 });
    const state = drive(opened(), 'j', 'L', 'L', 'L');
    const ranks = new Map(state.baseline?.data.candidates.map((ad) => [ad.adId, ad.rank]));
    const now = currentList(state)?.data.candidates ?? [];
    expect(state.trials.at(-1)?.effect).toMatchObject({
      entered: now.filter((ad) => !ranks.has(ad.adId)).length,
      left: now.filter((ad) => !ranks.has(ad.adId)).length,
      moved: now.filter((ad) => ranks.has(ad.adId) && ranks.get(ad.adId) !== ad.rank).length,
    });
    expect(now.some((ad) => !ranks.has(ad.adId))).toBe(true);
  });

  it('keeps an effect once it is known', () => {
    const state = drive(opened(), 'j', 'L', 'L', 'L');
    const answer = currentList(state);
    if (answer === null) throw new Error('no list');
    expect(withEffect(state, { ...answer, data: { ...answer.data, candidates: [] } })).toBe(state);
    const waiting = { ...state, trials: state.trials.map((trial) => ({ ...trial, effect: null })) };
    expect(withEffect(waiting, answer).trials.at(-1)?.effect).toEqual(state.trials.at(-1)?.effect);
  });
});
