import { exportName } from '../export.ts';
import { only, type AppState, type Step } from '../state.ts';
import type { PromptKind, Prompt } from '../types.ts';
import { inputOf, type TextInput } from './input.ts';

/** Everything that can be done, narrowed to what is typed. */
export const openPalette = (state: AppState, typed: string): Step =>
  only({ ...state, palette: { input: inputOf(typed), row: 0 }, message: null });

const blank = (kind: PromptKind, input: TextInput): Prompt => ({
  kind,
  input,
  error: null,
  picks: [],
  picked: -1,
  recalled: null,
  menu: null,
  search: null,
});

const writtenContext = (state: AppState): string =>
  Object.entries(state.query?.context ?? {})
    .map(([field, value]) => `${field}=${value}`)
    .join(' ');

/** What stands in the line when it opens. */
const offeredText = (state: AppState, kind: PromptKind): string => {
  switch (kind) {
    case 'time':
      return state.query === null ? '' : new Date(state.query.asOf).toISOString();
    case 'context':
      return writtenContext(state);
    case 'record':
      return state.workspace?.sessionFile ?? 'session.jsonl';
    case 'export':
      return exportName(state);
    // What is typed replaces the value of the slider: the label names it, the line is empty.
    case 'weight':
    case 'command':
    case 'why-not':
    case 'search':
    case 'knock-out':
    case 'preset':
    case 'filter':
    case 'without':
    case 'accept':
      return '';
  }
};

/** Opens the line at the bottom of the screen. */
export const openPrompt = (state: AppState, kind: PromptKind): Step =>
  only({ ...state, prompt: blank(kind, inputOf(offeredText(state, kind))), message: null });

/** The line of commands with a text in it. */
export const openCommand = (state: AppState, typed: string): Step =>
  only({ ...state, prompt: blank('command', inputOf(typed)), message: null });
