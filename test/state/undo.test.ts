import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { initialState } from '../../src/state/initial.ts';
import { currentList } from '../../src/state/select.ts';
import type { AppState } from '../../src/state/state.ts';
import { drive } from '../support/drive.ts';

const opened = (): AppState => drive(initialState('/w', { columns: 160, rows: 50 }), { type: 'start' }, 'enter', 'w');

/** What a person sees of the result: the query but for the mode, and the list with it. */
const result = (state: AppState): unknown => ({
  query: { ...state.query, mode: '' },
  ads: currentList(state)?.data.candidates,
});

const typed = (open: string, text: string): readonly string[] => [open, 'ctrl-u', ...text, 'enter'];

const change = fc.oneof(
  fc.constantFrom('l', 'h', 'L', 'H', '0', '1', 'r', 'j', 'k', 'J', 'K').map((key) => [key]),
  fc.constantFrom([']'], ['['], ['{'], ['}']),
  fc.constantFrom('+3h', '-1d', '2025-06-18T00:00', '21:04').map((text) => typed('t', text)),
  fc.constantFrom('device=app hour=21', 'promo=', 'promo=618 device=web').map((text) => typed('C', text)),
  fc.constantFrom('扫地机器人', 'light').map((text) => typed('s', text)),
  fc.constantFrom(['tab', 'j', ' ', 'shift-tab'], ['tab', '-', 'shift-tab']),
);

describe('undo and redo', () => {
  it('give back exactly the earlier and the later result after any sequence of changes, step by step', () => {
    fc.assert(
      fc.property(
        fc.array(change, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('model', 'merged', 'legacy'),
        (changes, mode) => {
          let state: AppState = { ...opened(), mode };
          state = drive(
            state,
            ...(mode === 'model' ? [] : mode === 'merged' ? ['M', 'M', 'M'] : ['M', 'M']),
            ...(mode === 'model' ? [] : ['w', 'w']),
          );
          const seen = [result(state)];
          for (const keys of changes) {
            for (const key of keys) {
              const before = state.changes.past.length;
              state = drive(state, key);
              if (state.changes.past.length > before) seen.push(result(state));
            }
          }
          expect(state.changes.past).toHaveLength(seen.length - 1);
          for (const earlier of seen.slice(0, -1).reverse()) {
            state = drive(state, 'u');
            expect(result(state)).toEqual(earlier);
          }
          expect(state.changes.past).toHaveLength(0);
          for (const later of seen.slice(1)) {
            state = drive(state, 'U');
            expect(result(state)).toEqual(later);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a step in time', () => {
  it('shows what a fresh query with that as-of shows, and keys that come too fast leave one step waiting', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('[', ']', '{', '}'), { minLength: 1, maxLength: 8 }), (keys) => {
        const state = drive(opened(), ...keys);
        const asOf = state.query?.asOf ?? 0;
        const fresh = drive(opened(), ...typed('t', String(asOf)));
        expect(result(state)).toEqual(result(fresh));
        expect(state.behaviour?.data.events).toEqual(fresh.behaviour?.data.events);
      }),
      { numRuns: 40 },
    );
  });
});
