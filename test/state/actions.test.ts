import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/registry.ts';
import type { Result } from '../../src/answers/answers.ts';
import { actionsAt, actionsOf, availability } from '../../src/state/actions/actions.ts';
import { withAnswer } from '../../src/state/detail.ts';
import { initialState } from '../../src/state/initial.ts';
import { rectangles } from '../../src/state/panes.ts';
import type { AppState } from '../../src/state/state.ts';
import type { Place } from '../../src/state/types.ts';
import { update } from '../../src/state/update.ts';
import { drive } from '../support/drive.ts';

const started = drive(initialState('/w', { columns: 160, rows: 50 }), { type: 'start' });
const after = (...keys: string[]): AppState => drive(started, 'enter', ...keys);

/** Its question is not answered yet. */
const [comparing] = update(started, { type: 'paste', text: 'by:disagreement' });
const review: Result = {
  schema: 'review',
  data: { file: 'a.jsonl', differing: [], first: null, pending: [], decided: [], written: false },
};
const states: ReadonlyArray<readonly [string, AppState]> = [
  ['finder', started],
  ['list', after()],
  ['list with a filter', after('/', 's', 'enter')],
  ['answer', after('e', '3')],
  ['review', withAnswer(after('e', '3'), (answer) => ({ ...answer, command: 'review', result: review }))],
  ['columns', after('o')],
  ['trials', after('v')],
  ['presets', after('P')],
  ['session', after('6')],
  ['player', { ...after('6'), player: { file: 'a.jsonl', data: null, row: 0, query: null, error: null } }],
  ['comparison of users', comparing],
  ['sliders', after('w')],
  ['help', after('?')],
];
const places: readonly Place[] = ['finder', 'help', 'opening', ...rectangles];

const twice = (keys: readonly string[]): string[] => keys.filter((key, i) => keys.indexOf(key) !== i);

describe('a key of the screen', () => {
  it.each(states)('leads to one action in each place: %s', (_, state) => {
    for (const place of places) {
      const here = actionsAt(state, place);
      const own = here.filter(({ where }) => where.includes(place)).flatMap(({ keys }) => keys);
      const anywhere = here.filter(({ where }) => !where.includes(place)).flatMap(({ keys }) => keys);
      expect({ place, own: twice(own), anywhere: twice(anywhere) }).toEqual({ place, own: [], anywhere: [] });
    }
  });

  it.each(states)('says what it needs, in one style, where it can do nothing: %s', (_, state) => {
    const reasons = actionsOf(commands)
      .filter((action) => action.active?.(state) !== false)
      .flatMap((action) => {
        const reason = availability({ ...state, table: commands }, action);
        return reason === true ? [] : [`${action.id}: ${reason}`];
      });
    expect(reasons.filter((one) => !/: needs /.test(one))).toEqual([]);
  });

  it('stands in the record of its command or in one action, never in both', () => {
    const ofCommands = commands.flatMap(({ keys = [] }) => keys);
    expect(twice(ofCommands)).toEqual([]);
    expect(ofCommands).toContain('e');
    const withoutCommands = actionsOf([]);
    const everywhere = withoutCommands.filter(({ where }) => where.includes('main')).flatMap(({ keys }) => keys);
    expect(everywhere).toContain('u');
    expect(everywhere.filter((key) => ofCommands.includes(key))).toEqual([]);
  });

  it('runs an action where the record of a command names it', () => {
    const bound = actionsOf(commands).flatMap(({ keys }) => keys);
    expect(commands.flatMap(({ keys = [] }) => keys).filter((key) => !bound.includes(key))).toEqual([]);
    const keyless = actionsOf(commands).filter(({ id, keys }) => keys.length === 0 && !id.startsWith('mode-'));
    expect(keyless.map(({ id }) => id)).toEqual([]);
  });

  it('has an action with a title', () => {
    expect(actionsOf(commands).filter(({ id, title }) => title() === '' || title() === id)).toEqual([]);
  });
});
