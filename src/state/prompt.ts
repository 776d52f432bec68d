import type { ArgValues } from '../commands/command.ts';
import { parseLine } from '../commands/parse.ts';
import { maxWeight, minWeight } from '../domain/query.ts';
import { askDetail } from './ask.ts';
import { setWeight, weightOf } from './changes.ts';
import { edit, emptyInput, inputOf, insert, type TextInput } from './input.ts';
import { askInstead, askLatest, giveUp, waitsFor } from './requests.ts';
import { grammarFor, withSelection } from './repl.ts';
import { only, andThen, type AppState, type Prompt, type PromptKind, type Step } from './state.ts';

const blank = (kind: PromptKind, input: TextInput): Prompt => ({ kind, input, error: null, picks: [], picked: -1, recalled: null });

/** Opens the line at the bottom of the screen. */
export const openPrompt = (state: AppState, kind: PromptKind): Step => {
  const input = kind === 'weight' && state.group !== null ? inputOf(String(weightOf(state, state.group))) : emptyInput;
  return only({ ...state, prompt: blank(kind, input), message: null });
};

const closed = (state: AppState): AppState => ({ ...state, prompt: null });

const fail = (state: AppState, prompt: Prompt, message: string, at = 0): Step => only({ ...state, prompt: { ...prompt, error: { message, at } } });

const askAds = (state: AppState, match: string): Step =>
  (match === '' ? giveUp(state, 'ads') : askLatest(state, { slot: 'ads', command: 'ads', args: { match, limit: 8 }, baseQuery: null }));

const edited = (state: AppState, prompt: Prompt, input: TextInput): Step => {
  const next = { ...state, prompt: { ...prompt, input, error: null, recalled: null, picked: -1, picks: input.value.trim() === '' ? [] : prompt.picks } };
  return prompt.kind === 'why-not' && input.value !== prompt.input.value ? askAds(next, input.value.trim()) : only(next);
};

/** Up and down: through the ads found, or through the lines typed before. */
const walk = (state: AppState, prompt: Prompt, by: number): Step => {
  if (prompt.kind === 'why-not') return only({ ...state, prompt: { ...prompt, picked: Math.max(-1, Math.min(prompt.picks.length - 1, prompt.picked + by)) } });
  const at = (prompt.recalled ?? state.history.length) + by;
  if (prompt.kind !== 'command' || at < 0 || at > state.history.length) return only(state);
  return only({ ...state, prompt: { ...prompt, recalled: at, input: inputOf(state.history[at] ?? ''), error: null } });
};

const askWhyNot = (state: AppState, prompt: Prompt): Step => {
  const typed = prompt.input.value.trim();
  // While the ads for the last letters are still being looked for, one word is taken as an id.
  const looking = waitsFor(state, 'ads') && !/\s/u.test(typed);
  const ad = looking ? typed : prompt.picks[prompt.picked]?.adId ?? typed;
  if (ad === '' || state.userId === null) return fail(state, prompt, 'type the id of an ad, or words of its title');
  return andThen(giveUp(closed(state), 'ads'), (s) => askDetail(s, 'why-not', { user: state.userId ?? '', ad }, { title: 'why not' }));
};

const setExactWeight = (state: AppState, prompt: Prompt): Step => {
  const weight = Number(prompt.input.value);
  if (prompt.input.value.trim() === '' || !(weight >= minWeight && weight <= maxWeight)) return fail(state, prompt, `a weight is a number from ${minWeight} to ${maxWeight}`);
  return setWeight(closed(state), weight);
};

const titleOf = (line: string): string => `: ${line}`;

const runParsed = (state: AppState, id: string, args: ArgValues, line: string): Step => {
  const shown: AppState = { ...closed(state), history: [...state.history.filter((h) => h !== line), line].slice(-500) };
  if (id === 'recall') return askInstead(shown, { slot: 'typed', command: id, args, baseQuery: args['user'] === state.userId ? state.query : null });
  return askDetail({ ...shown, focus: 'detail' }, id, args, { title: titleOf(line) });
};

const runLine = (state: AppState, prompt: Prompt): Step => {
  const line = prompt.input.value.trim();
  if (line === '') return only(closed(state));
  if (line === 'q' || line === 'quit') return [{ ...state, exit: 0 }, [{ type: 'exit', code: 0 }]];
  const full = parseLine(line, { commands: state.table, globals: [] });
  const outcome = full.ok ? full : parseLine(line, grammarFor(state));
  if (!outcome.ok) return fail(state, prompt, [outcome.issue.message, outcome.issue.hint ?? outcome.issue.expected].filter((t) => t !== undefined).join(' · '), outcome.issue.at);
  const { command, args } = outcome.parsed;
  return command === null ? only(closed(state)) : runParsed(state, command.id, withSelection(state, command.id, args), line);
};

const submit = (state: AppState, prompt: Prompt): Step => {
  switch (prompt.kind) {
    case 'command': return runLine(state, prompt);
    case 'why-not': return askWhyNot(state, prompt);
    case 'weight': return setExactWeight(state, prompt);
  }
};

export const promptKey = (state: AppState, prompt: Prompt, key: string, text: string): Step => {
  if (key === 'esc' || key === 'ctrl-c') return giveUp(closed(state), 'ads');
  if (key === 'backspace' && prompt.input.value === '') return only(closed(state));
  if (key === 'enter') return submit(state, prompt);
  if (key === 'up' || key === 'ctrl-p') return walk(state, prompt, -1);
  if (key === 'down' || key === 'ctrl-n') return walk(state, prompt, 1);
  const input = edit(prompt.input, key) ?? (text === '' ? null : insert(prompt.input, text));
  return input === null ? only(state) : edited(state, prompt, input);
};

export const promptPaste = (state: AppState, prompt: Prompt, text: string): Step => edited(state, prompt, insert(prompt.input, text));
