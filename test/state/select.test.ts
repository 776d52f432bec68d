import { describe, expect, it } from 'vitest';
import { initialState } from '../../src/state/initial.ts';
import { adInQuestion, baselineFor, currentList, isDetailStale, otherMode, sameQuery } from '../../src/state/select.ts';
import type { AppState } from '../../src/state/state.ts';
import { asResult } from '../support/partial-answer.ts';
import { drive } from '../support/drive.ts';
import { info, queryOf } from '../support/small-world.ts';

const opened = (...keys: string[]): AppState =>
  drive(initialState('/w', { columns: 160, rows: 50 }), { type: 'start' }, 'enter', ...keys);

describe('the list that movement is shown against', () => {
  const state = opened('w', 'l');
  const [pin, answer] = [state.baseline, currentList(state)];
  if (pin === null || answer === null) throw new Error('no list');

  it('is the pinned one where it answers another query of the same mode', () => {
    expect(baselineFor(pin, answer)).toBe(pin);
    expect(baselineFor(null, answer)).toBeNull();
    expect(baselineFor(answer, answer)).toBeNull();
    expect(baselineFor({ ...answer }, answer)).toBeNull();
    expect(baselineFor({ ...pin, query: { ...pin.query, mode: 'legacy' } }, answer)).toBeNull();
  });
});

describe('the other list', () => {
  it('is the rules for the model, the model for any other, and i2i where there is no model', () => {
    const other = (mode: 'model' | 'i2i' | 'legacy' | 'merged', model: string | null) =>
      otherMode({ mode, workspace: { ...info, model } });
    expect([other('model', 'x'), other('i2i', 'x'), other('legacy', 'x')]).toEqual(['legacy', 'model', 'model']);
    expect([other('i2i', null), other('legacy', null), other('merged', null)]).toEqual(['legacy', 'i2i', 'i2i']);
    expect(otherMode({ mode: 'model', workspace: null })).toBe('legacy');
  });
});

describe('two queries', () => {
  it('count as the same where only the mode differs', () => {
    const query = queryOf('u-1');
    expect(sameQuery(query, { ...query, mode: 'legacy' })).toBe(true);
    expect(sameQuery(query, { ...query, k: query.k + 1 })).toBe(false);
  });
});

describe('an answer in the detail pane', () => {
  const query = queryOf('u-1');
  const answered = (args: Readonly<Record<string, string>>, follows: boolean): AppState => ({
    ...opened(),
    query,
    selectedAd: 'ad-1',
    detail: {
      ...{ kind: 'answer', command: 'explain', title: 'explain', scroll: 0, error: null, progress: null },
      ...{ args, follows, asked: query, result: asResult({ schema: 'explain', data: {} }) },
    },
  });

  it('names the ad in question, unless it follows the cursor', () => {
    expect(adInQuestion(answered({ ad: 'ad-2' }, false))).toBe('ad-2');
    expect(adInQuestion(answered({ ad: 'ad-2' }, true))).toBe('ad-1');
    expect(adInQuestion(answered({}, false))).toBe('ad-1');
  });

  it('is stale for another query of its user, not for another user', () => {
    const state = answered({}, false);
    expect(isDetailStale(state)).toBe(false);
    expect(isDetailStale({ ...state, query: { ...query, k: 7 } })).toBe(true);
    expect(isDetailStale({ ...state, query: { ...query, k: 7, userId: 'u-2' } })).toBe(false);
  });
});
