import { t } from '../../base/texts.ts';
import { only, type AppState, type Step } from '../state.ts';
import type { Place, CommandInfo } from '../types.ts';
import { factsOf, placeOf } from '../select.ts';
import { changeActions } from './change-actions.ts';
import { columnActions } from './column-actions.ts';
import { commandActions } from './command-actions.ts';
import { filterActions } from './filter-actions.ts';
import { mainActions } from './main-actions.ts';
import { modeActions } from './mode-actions.ts';
import { playerActions } from '../player/player-actions.ts';
import { reviewActions } from '../player/review-actions.ts';
import { navigationActions } from './navigation-actions.ts';
import { rectangles } from '../panes.ts';
import { paneActions } from './pane-actions.ts';
import { replActions } from './repl-actions.ts';
import { weightActions } from './weight-actions.ts';
import type { Action, ActionRecord } from './action.ts';

const records: readonly ActionRecord[] = [
  ...playerActions,
  ...reviewActions,
  ...navigationActions,
  ...paneActions,
  ...modeActions,
  ...filterActions,
  ...columnActions,
  ...mainActions,
  ...weightActions,
  ...commandActions,
  ...changeActions,
  ...replActions,
];

const actionOf = (record: ActionRecord, table: readonly CommandInfo[]): Action => {
  const commandNamed = (id: string | undefined): CommandInfo | undefined => table.find((c) => c.id === id);
  return {
    ...record,
    keys: 'keysOf' in record ? (commandNamed(record.keysOf)?.keys ?? []) : record.keys,
    title: 'title' in record ? record.title : () => commandNamed(record.command)?.title ?? record.id,
  };
};

const tables = new WeakMap<readonly CommandInfo[], readonly Action[]>();

/** Every action of this build, in the order of the help. */
export const actionsOf = (table: readonly CommandInfo[]): readonly Action[] => {
  const known = tables.get(table);
  if (known !== undefined) return known;
  const actions = records.map((record) => actionOf(record, table));
  tables.set(table, actions);
  return actions;
};

const paneNames: readonly Place[] = rectangles;

const applies = (action: Action, place: Place): 'own' | 'main' | null => {
  if (action.where.includes(place)) return 'own';
  return action.where.includes('main') && paneNames.includes(place) ? 'main' : null;
};

export const actionsAt = (state: AppState, place: Place = placeOf(state)): readonly Action[] => {
  const here = actionsOf(state.table).filter(
    (action) => applies(action, place) !== null && action.active?.(state) !== false,
  );
  return [...here.filter((a) => applies(a, place) === 'own'), ...here.filter((a) => applies(a, place) === 'main')];
};

/** true, or why the action can do nothing now. */
export const availability = (state: AppState, action: Action): true | string => {
  const reason = action.when?.(state) ?? true;
  if (reason !== true || action.command === undefined) return reason;
  const command = state.table.find((c) => c.id === action.command);
  return command === undefined
    ? t('this build has no command "{command}"', { command: action.command })
    : (command.when?.(factsOf(state)) ?? true);
};

/** Runs the action of a key here; null where it has none. A disabled key shows what it needs. */
export const runKey = (state: AppState, key: string): Step | null => {
  const action = actionsAt(state).find((a) => a.keys.includes(key));
  if (action === undefined) return null;
  const reason = availability(state, action);
  if (reason === true) return action.run(state.message === null ? state : { ...state, message: null });
  return only({ ...state, message: { text: `${key}: ${reason}`, tone: 'bad' } });
};
