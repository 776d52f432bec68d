import { t } from '../../base/texts.ts';
import { fuzzyFind } from '../../base/fuzzy.ts';
import { actionsOf, availability } from '../actions/actions.ts';
import type { Action } from '../actions/action.ts';
import { edit, insert } from './input.ts';
import { openCommand } from './open.ts';
import { promptTable } from './commands.ts';
import { runTyped } from './line.ts';
import { rectangles } from '../panes.ts';
import { factsOf } from '../select.ts';
import { needsUser } from '../actions/needs.ts';
import { only, type AppState, type Step } from '../state.ts';
import type { Pane, CommandInfo } from '../types.ts';

/** One thing the palette can do: an action of a key, or a command of the table. */
export interface PaletteItem {
  readonly id: string;
  readonly title: string;
  /** What the footer calls it; empty where it has no short form. */
  readonly short: string;
  readonly keys: readonly string[];
  /** true, or why it can do nothing now. */
  readonly available: true | string;
  readonly action: Action | null;
}

/** The pane an action belongs to where it is not of every pane; undefined: it is no action of the panes. */
const paneOf = ({ where }: Action): Pane | 'main' | undefined =>
  where.includes('main') ? 'main' : rectangles.find((p) => where.includes(p));

const whyNot = (state: AppState, action: Action): true | string => {
  const pane = paneOf(action);
  if (pane === 'weights' && !state.weightsOpen) return t('needs the sliders (w)');
  if (state.userId === null && action.id !== 'quit' && action.id !== 'help') return needsUser(state);
  return availability(state, action);
};

const moving = /^(move|help|user)-|^(back|palette|prompt)$/;

const keyItems = (state: AppState): PaletteItem[] =>
  actionsOf(state.table)
    .filter((action) => paneOf(action) !== undefined && !moving.test(action.id))
    .map((action) => ({
      id: action.id,
      title: action.title(),
      short: action.short?.(state) ?? '',
      keys: action.keys,
      available: whyNot(state, action),
      action,
    }));

const commandItems = (state: AppState, known: ReadonlySet<string>): PaletteItem[] =>
  promptTable(state.table)
    .filter((c) => !known.has(c.id))
    .map((c) => ({
      id: c.id,
      title: c.title,
      short: '',
      keys: [],
      available: state.userId === null && c.id !== 'quit' ? needsUser(state) : (c.when?.(factsOf(state)) ?? true),
      action: null,
    }));

/** Everything: the actions of the keys, then the commands no key runs. */
export const paletteAll = (state: AppState): readonly PaletteItem[] => {
  const keys = keyItems(state);
  return [...keys, ...commandItems(state, new Set(keys.map((k) => k.id)))];
};

/** What matches the text, best first: id, title, short form and keys are searched. */
export const paletteItems = (state: AppState): readonly PaletteItem[] => {
  const all = paletteAll(state);
  const typed = state.palette?.input.value.trim() ?? '';
  if (typed === '') return all;
  const exact = all.filter((item) => item.keys.includes(typed) || item.id === typed);
  const found = fuzzyFind(typed, all, {
    keys: ['id', 'title', 'short', (item) => item.keys.join(' ')],
    threshold: 0.2,
    limit: 100,
  });
  return [...exact, ...found.filter((item) => !exact.includes(item))];
};

const prefilled = (state: AppState, id: string): Step =>
  openCommand({ ...state, screen: state.userId === null ? state.screen : 'main' }, `${id} `);

/** A command that can be run as it is runs; one that wants more stands in the prompt, to be completed. */
const runCommand = (state: AppState, command: CommandInfo): Step => {
  const wants = command.args.some((a) => a.required === true && a.position !== undefined);
  const outcome = wants ? null : runTyped(state, command.id, state.query);
  if (outcome?.ok === true) return outcome.step;
  const short = wants ? runTyped(state, command.id, state.query) : null;
  return short?.ok === true &&
    command.args.filter((a) => a.required === true).every((a) => a.type === 'user' || a.type === 'ad')
    ? short.step
    : prefilled(state, command.id);
};

const run = (state: AppState, item: PaletteItem): Step => {
  if (item.available !== true)
    return only({ ...state, palette: state.palette, message: { text: `${item.id}: ${item.available}`, tone: 'bad' } });
  const closed: AppState = {
    ...state,
    palette: null,
    message: null,
    screen: state.userId === null ? state.screen : 'main',
  };
  const { action } = item;
  if (action !== null) {
    const pane = paneOf(action);
    return action.run(pane === undefined || pane === 'main' ? closed : { ...closed, focus: pane });
  }
  const command = promptTable(state.table).find((c) => c.id === item.id);
  return command === undefined ? only(closed) : runCommand(closed, command);
};

const steps: Readonly<Record<string, number>> = { up: -1, 'ctrl-p': -1, down: 1, 'ctrl-n': 1, pgup: -10, pgdn: 10 };

export const paletteKey = (state: AppState, key: string, text: string): Step => {
  const { palette } = state;
  if (palette === null) return only(state);
  const items = paletteItems(state);
  const item = items[palette.row];
  const by = steps[key];
  if (key === 'esc' || key === 'ctrl-c') return only({ ...state, palette: null, message: null });
  if (by !== undefined)
    return only({
      ...state,
      message: null,
      palette: { ...palette, row: Math.max(0, Math.min(items.length - 1, palette.row + by)) },
    });
  if (key === 'enter') return item === undefined ? only(state) : run(state, item);
  if (key === 'tab')
    return item === undefined || !promptTable(state.table).some((c) => c.id === item.id)
      ? only(state)
      : prefilled({ ...state, palette: null, message: null }, item.id);
  const input = edit(palette.input, key) ?? (text === '' ? null : insert(palette.input, text));
  return only(
    input === null
      ? state
      : { ...state, message: null, palette: { input, row: input.value === palette.input.value ? palette.row : 0 } },
  );
};
