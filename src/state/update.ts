import { t } from '../base/texts.ts';
import { runKey } from './actions/actions.ts';
import { askUsers } from './ask.ts';
import { onReply } from './answers.ts';
import { edit, insert, type TextInput } from './prompt/input.ts';
import { panesOf } from './layout.ts';
import { isWorthKeeping, positionOf } from './position.ts';
import { promptKey, promptPaste } from './prompt/prompt.ts';
import { askOpen } from './requests.ts';
import { copyKey } from './copy.ts';
import { crashKey, onGone } from './crash.ts';
import { paletteKey } from './prompt/palette.ts';
import { onHistory } from './prompt/history.ts';
import { settleLines } from './prompt/line.ts';
import { placeOf } from './select.ts';
import { only, type AppState, type Msg, type Step } from './state.ts';

const finderInput = (state: AppState, input: TextInput): Step => {
  const next = { ...state, finder: { ...state.finder, input } };
  return input.value === state.finder.input.value ? only(next) : askUsers(next);
};

/** In the finder a key that is bound acts; any other text is typed. */
const finderKey = (state: AppState, key: string, text: string): Step => {
  const bound = runKey(state, key);
  if (bound !== null) return bound;
  const input = edit(state.finder.input, key) ?? (text === '' ? null : insert(state.finder.input, text));
  return input === null ? only(state) : finderInput(state, input);
};

/** In the help a key that is bound acts; any other text narrows it. */
const helpKey = (state: AppState, key: string, text: string): Step => {
  const { help } = state;
  const bound = runKey(state, key);
  if (bound !== null || help === null) return bound ?? only(state);
  const filter = edit(help.filter, key) ?? (text === '' ? null : insert(help.filter, text));
  return only(
    filter === null
      ? state
      : { ...state, help: { scroll: filter.value === help.filter.value ? help.scroll : 0, filter } },
  );
};

const onKey = (state: AppState, key: string, text: string): Step => {
  if (key === 'ctrl-z') return [state, [{ type: 'suspend' }]];
  const place = placeOf(state);
  if (place === 'crash') return crashKey(state, key);
  if (place === 'prompt' && state.prompt !== null) return promptKey(state, state.prompt, key, text);
  if (place === 'finder') return finderKey(state, key, text);
  if (place === 'help') return helpKey(state, key, text);
  if (place === 'palette') return paletteKey(state, key, text);
  if (place === 'copy') return copyKey(state, key);
  return runKey(state, key) ?? only(state.message === null ? state : { ...state, message: null });
};

const onPaste = (state: AppState, text: string): Step => {
  if (placeOf(state) === 'crash') return only(state);
  if (state.prompt !== null) return promptPaste(state, state.prompt, text);
  return placeOf(state) === 'finder'
    ? finderInput(state, insert(state.finder.input, text))
    : only({ ...state, message: { text: t('a paste needs the prompt: press : first'), tone: 'plain' } });
};

/** The screen has been measured: what is scrolled beyond its end comes back. */
const onScrolled = (state: AppState, most: { readonly detail: number; readonly help: number }): AppState => ({
  ...state,
  detail: { ...state.detail, scroll: Math.min(state.detail.scroll, most.detail) },
  help: state.help === null ? null : { ...state.help, scroll: Math.min(state.help.scroll, most.help) },
});

/** What focus is left on a pane that is no longer there goes back to the list. */
const settleFocus = (state: AppState): AppState =>
  panesOf(state).includes(state.focus) ? state : { ...state, focus: 'recall' };

const route = (state: AppState, msg: Msg): Step => {
  switch (msg.type) {
    case 'start':
      return askOpen(state);
    case 'table':
      return only({ ...state, table: msg.table });
    case 'resize':
      return only({ ...state, size: msg.size });
    case 'key':
      return onKey(state, msg.key, msg.text);
    case 'paste':
      return onPaste(state, msg.text);
    case 'reply':
      return onReply(state, msg.reply);
    case 'history':
      return only(onHistory(state, msg.lines));
    case 'scrolled':
      return only(onScrolled(state, msg));
    case 'gone':
      return onGone(state, msg.error);
  }
};

/** The whole behaviour of the program: pure, and total over messages. */
export const update = (state: AppState, msg: Msg): Step => {
  if (state.exit !== null) return only(state);
  const [next, effects] = route(state, msg);
  const settled = settleFocus(settleLines(next));
  return [
    settled,
    isWorthKeeping(state, settled) ? [...effects, { type: 'keep', position: positionOf(settled) }] : effects,
  ];
};
