import type { ArgValues } from '../commands/command.ts';
import { parseLine } from '../commands/parse.ts';
import { byCodeUnit } from '../domain/order.ts';
import { askDetail } from './ask.ts';
import { changeQuery, setKnob } from './changes.ts';
import { savePreset } from './chosen-lists.ts';
import { chosenKnob, isWithin } from './knobs.ts';
import { edit, inputOf, insert, type TextInput } from './input.ts';
import { dropFilter, typedFilter } from './filter-actions.ts';
import { askInstead, askLatest, giveUp, waitsFor } from './requests.ts';
import { sessionCommands, startRecording } from './recording.ts';
import { grammarFor, withSelection } from './repl.ts';
import { instantOf, queryAt } from './time-travel.ts';
import { addEvent } from './what-if.ts';
import { only, andThen, type AppState, type Prompt, type PromptKind, type Step } from './state.ts';

const blank = (kind: PromptKind, input: TextInput): Prompt => ({ kind, input, error: null, picks: [], picked: -1, recalled: null });

const writtenContext = (state: AppState): string => Object.entries(state.query?.context ?? {}).map(([field, value]) => `${field}=${value}`).join(' ');

/** What stands in the line when it opens. */
const offeredText = (state: AppState, kind: PromptKind): string => {
  switch (kind) {
    case 'weight': return String(chosenKnob(state)?.value ?? '');
    case 'time': return state.query === null ? '' : new Date(state.query.asOf).toISOString();
    case 'context': return writtenContext(state);
    case 'record': return state.workspace?.sessionFile ?? 'session.jsonl';
    case 'command': case 'why-not': case 'search': case 'knock-out': case 'preset': case 'filter': return '';
  }
};

/** Opens the line at the bottom of the screen. */
export const openPrompt = (state: AppState, kind: PromptKind): Step =>
  only({ ...state, prompt: blank(kind, inputOf(offeredText(state, kind))), message: null });

const closed = (state: AppState): AppState => ({ ...state, prompt: null });

const fail = (state: AppState, prompt: Prompt, message: string, at = 0): Step => only({ ...state, prompt: { ...prompt, error: { message, at } } });

const askAds = (state: AppState, match: string): Step =>
  (match === '' ? giveUp(state, 'ads') : askLatest(state, { slot: 'ads', command: 'ads', args: { match, limit: 8 }, baseQuery: null }));

const edited = (state: AppState, prompt: Prompt, input: TextInput): Step => {
  if (prompt.kind === 'filter') return typedFilter(state, prompt, input);
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

const setExact = (state: AppState, prompt: Prompt): Step => {
  const knob = chosenKnob(state);
  const value = Number(prompt.input.value);
  if (knob === null) return only(closed(state));
  if (prompt.input.value.trim() !== '' && isWithin(knob, value)) return setKnob(closed(state), value);
  return fail(state, prompt, knob.place === null ? `a weight is a number from ${knob.least} to ${knob.most}` : 'a quota is a whole number from 0 to 10000');
};

const goToTime = (state: AppState, prompt: Prompt): Step => {
  const { query } = state;
  if (query === null) return only(closed(state));
  const at = instantOf(prompt.input.value, query.asOf);
  if (at === null) return fail(state, prompt, 'a time: 2025-06-18T00:00 (no zone means UTC), 21:04 of the same day, +3h, -1d, or ms');
  return at === query.asOf ? only(closed(state)) : changeQuery(closed(state), queryAt(query, at), 'time');
};

/** Exactly these fields; one that is left out follows the calendar, one without a value is none. */
const setContext = (state: AppState, prompt: Prompt): Step => {
  const { query } = state;
  if (query === null) return only(closed(state));
  const words = prompt.input.value.split(/[\s,]+/u).filter((word) => word !== '');
  const wrong = words.find((word) => word.indexOf('=') < 1);
  if (wrong !== undefined) return fail(state, prompt, `"${wrong}" is no field: write device=app hour=21 promo=618`);
  const pairs = words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const);
  const context = Object.fromEntries(pairs.sort(([a], [b]) => byCodeUnit(a, b)));
  return JSON.stringify(context) === JSON.stringify(query.context) ? only(closed(state)) : changeQuery(closed(state), { ...query, context });
};

/** The one thing each of the short prompts does with what was typed. */
const given = (state: AppState, prompt: Prompt, use: (state: AppState, typed: string) => Step): Step => {
  const typed = prompt.input.value.trim();
  return typed === '' ? only(closed(state)) : use(closed(state), typed);
};

const knockOut = (state: AppState, filter: string): Step =>
  askInstead(state, { slot: 'adopt', command: 'recall', args: { user: state.userId ?? '', exclude: [filter] }, baseQuery: state.query });

const save = (state: AppState, name: string): Step => (name.endsWith('!') ? savePreset(state, name.slice(0, -1).trim(), true) : savePreset(state, name, false));

const titleOf = (line: string): string => `: ${line}`;

const runParsed = (state: AppState, id: string, args: ArgValues, line: string): Step => {
  const shown: AppState = { ...closed(state), history: [...state.history.filter((h) => h !== line), line].slice(-500) };
  if (id === 'recall') return askInstead(shown, { slot: 'typed', command: id, args, baseQuery: args['user'] === state.userId ? state.query : null });
  if (id === 'resume') return askInstead(shown, { slot: 'resume', command: id, args, baseQuery: null });
  if (sessionCommands.includes(id)) return askInstead(shown, { slot: 'session', command: id, args, baseQuery: state.query });
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
    case 'weight': return setExact(state, prompt);
    case 'time': return goToTime(state, prompt);
    case 'context': return setContext(state, prompt);
    case 'search': return given(state, prompt, (s, query) => addEvent(s, { kind: 'search', query }));
    case 'knock-out': return given(state, prompt, knockOut);
    case 'preset': return given(state, prompt, save);
    case 'filter': return prompt.error === null ? only(closed(state)) : only(state);
    case 'record': return given(state, prompt, startRecording);
  }
};

export const promptKey = (state: AppState, prompt: Prompt, key: string, text: string): Step => {
  if (prompt.kind === 'filter' && (key === 'esc' || key === 'ctrl-c')) return dropFilter(state);
  if (key === 'esc' || key === 'ctrl-c') return giveUp(closed(state), 'ads');
  if (key === 'backspace' && prompt.input.value === '') return only(closed(state));
  if (key === 'enter') return submit(state, prompt);
  if (key === 'up' || key === 'ctrl-p') return walk(state, prompt, -1);
  if (key === 'down' || key === 'ctrl-n') return walk(state, prompt, 1);
  const input = edit(prompt.input, key) ?? (text === '' ? null : insert(prompt.input, text));
  return input === null ? only(state) : edited(state, prompt, input);
};

export const promptPaste = (state: AppState, prompt: Prompt, text: string): Step => edited(state, prompt, insert(prompt.input, text));
