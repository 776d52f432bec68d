import { edit, emptyInput, inputOf, insert } from './input.ts';
import { only, type AppState, type Step } from '../state.ts';
import type { Prompt } from '../types.ts';

const keptLines = 1000;

/** The line goes to the end of the history, once. */
export const withLine = (history: readonly string[], line: string): readonly string[] =>
  [...history.filter((h) => h !== line), line].slice(-keptLines);

/** Lines of earlier sittings, before those of this one. */
export const onHistory = (state: AppState, lines: readonly string[]): AppState => ({
  ...state,
  history: [...lines.filter((line) => !state.history.includes(line)), ...state.history].slice(-keptLines),
});

/** Up and down through the lines typed before. */
export const walkHistory = (state: AppState, prompt: Prompt, by: number): Step => {
  const at = (prompt.recalled ?? state.history.length) + by;
  if (at < 0 || at > state.history.length) return only(state);
  return only({
    ...state,
    prompt: { ...prompt, recalled: at, input: inputOf(state.history[at] ?? ''), error: null, menu: null },
  });
};

const matches = (history: readonly string[], pattern: string): readonly string[] => {
  const wanted = pattern.toLowerCase();
  return [...history].reverse().filter((line) => line.toLowerCase().includes(wanted));
};

export const startSearch = (state: AppState, prompt: Prompt): Step =>
  only({
    ...state,
    prompt: { ...prompt, menu: null, error: null, search: { pattern: emptyInput, skip: 0, before: prompt.input } },
  });

type Search = NonNullable<Prompt['search']>;

const searched = (state: AppState, prompt: Prompt, search: Search): Step => {
  const lines = search.pattern.value === '' ? [] : matches(state.history, search.pattern.value);
  const skip = Math.max(0, Math.min(search.skip, lines.length - 1));
  const line = lines[skip];
  return only({
    ...state,
    prompt: { ...prompt, search: { ...search, skip }, input: line === undefined ? search.before : inputOf(line) },
  });
};

/** Is there an earlier line with what is looked for? */
export const searchFails = ({ history }: AppState, { pattern }: Search): boolean =>
  pattern.value !== '' && matches(history, pattern.value).length === 0;

/** A key while looking for an earlier line; null: the search ends with the line found, and the key means what it always does. */
export const searchKey = (state: AppState, prompt: Prompt, search: Search, key: string, text: string): Step | null => {
  switch (key) {
    case 'ctrl-r':
    case 'up':
      return searched(state, prompt, { ...search, skip: search.skip + 1 });
    case 'ctrl-s':
    case 'down':
      return searched(state, prompt, { ...search, skip: search.skip - 1 });
    case 'esc':
    case 'ctrl-g':
    case 'ctrl-c':
      return only({ ...state, prompt: { ...prompt, search: null, input: search.before } });
    case 'backspace':
      return searched(state, prompt, { ...search, skip: 0, pattern: edit(search.pattern, key) ?? search.pattern });
    default:
      return text === ''
        ? null
        : searched(state, prompt, { ...search, skip: 0, pattern: insert(search.pattern, text) });
  }
};

/** A line that begins with `!`: the earlier line it means. null: there is none. `undefined`: it means none. */
export const expanded = (history: readonly string[], line: string): string | null | undefined => {
  if (!line.startsWith('!') || line === '!') return undefined;
  if (line === '!!') return history.at(-1) ?? null;
  const word = line.slice(1);
  if (/^\d+$/.test(word)) return history[Number(word) - 1] ?? null;
  if (/^-\d+$/.test(word)) return history.at(Number(word)) ?? null;
  return history.findLast((h) => h.startsWith(word)) ?? null;
};
