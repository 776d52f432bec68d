import { t } from '../../base/texts.ts';
import { hasControls } from '../../base/unsafe-text.ts';
import type { FileAnswer } from '../protocol.ts';
import type { Result } from '../../answers/answers.ts';
import type { Command } from '../../console/command.ts';
import type { ArgSpec } from '../../answers/help.ts';
import {
  applyCandidate,
  asksAt,
  candidatesAt,
  commonStart,
  type Ask,
  type Candidate,
  type Vocabulary,
} from '../../console/complete.ts';
import { placeAt, type Place } from '../../console/complete-place.ts';
import { relaxedTable } from '../../console/prompt-grammar.ts';
import type { TextInput } from './input.ts';
import { promptTable } from './commands.ts';
import { askLatest } from '../requests.ts';
import { only, andThen, type AppState, type Step } from '../state.ts';
import type { Prompt } from '../types.ts';

/** The grammars a line at the prompt may be read in: with a user open, it may be left out. */
const variants = (state: AppState): ReadonlyArray<readonly Command[]> => {
  const table = promptTable(state.table);
  return state.userId === null ? [table] : [table, relaxedTable(table)];
};

const pathArg: ArgSpec = { name: 'file', type: 'path', doc: 'A file.' };

/** Where the cursor stands in the line being typed. */
export const promptPlace = (state: AppState, { kind }: Pick<Prompt, 'kind'>, { value, cursor }: TextInput): Place => {
  if (kind === 'command') return placeAt(value, cursor, variants(state));
  return {
    command: state.table[0] ?? null,
    specs: kind === 'export' || kind === 'record' ? [pathArg] : [],
    given: new Set(),
    ofOption: true,
    inline: '',
    typed: value.slice(0, cursor),
    at: 0,
    end: cursor,
  };
};

const iso = (at: number): string => new Date(at).toISOString().replace(/\.000Z$/, 'Z');

const times = ({ query, eventTimes, behaviour, workspace }: AppState): Candidate[] => {
  const asOf = query === null ? [] : [{ value: iso(query.asOf), note: t('as-of now') }];
  const words = new Map(
    (behaviour?.data.events ?? []).map((e) => [e.at, `${e.kind} ${e.title ?? e.query ?? ''}`.trim()]),
  );
  const starts = (workspace?.calendar ?? []).map((entry) => ({
    value: iso(entry.from),
    note: t('{field} {value} starts', { field: entry.field, value: entry.value }),
  }));
  const lived = [...new Set([...words.keys(), ...eventTimes])]
    .sort((a, b) => b - a)
    .map((at) => ({ value: iso(at), note: words.get(at) ?? t('a behaviour') }));
  return [...new Map([...asOf, ...starts, ...lived].map((c) => [c.value, c])).values()];
};

const keyOf = ({ what, match }: Ask): string => `${what} ${match}`;

const contextOf = ({ workspace, query }: AppState): Record<string, string[]> => {
  const known: Record<string, string[]> = {};
  const add = (field: string, value: string): void => {
    const values = (known[field] ??= []);
    if (value !== '' && !values.includes(value)) values.push(value);
  };
  for (const [field, value] of Object.entries(query?.context ?? {})) add(field, value);
  for (const { field, value } of workspace?.calendar ?? []) add(field, value);
  for (const field of ['device', 'hour']) add(field, '');
  return known;
};

const vocabulary = (state: AppState): Vocabulary => ({
  commands: promptTable(state.table),
  groups: state.workspace?.groups ?? [],
  times: times(state),
  context: contextOf(state),
  events: (state.behaviour?.data.events ?? []).map((e) => ({
    value: e.eventId,
    note: `${e.kind} ${e.title ?? e.query ?? ''}`,
  })),
  answers: (ask) => state.completions[keyOf(ask)] ?? null,
});

/** What can stand at the cursor, as far as it is known. */
export const menuOf = (state: AppState, prompt: Prompt): readonly Candidate[] =>
  prompt.menu === null ? [] : candidatesAt(promptPlace(state, prompt, prompt.menu.base), vocabulary(state));

const askFor = (state: AppState, ask: Ask): Step => {
  if (state.completions[keyOf(ask)] !== undefined) return only(state);
  const slot = `complete:${ask.what}`;
  switch (ask.what) {
    case 'files':
      return askLatest(state, {
        slot,
        command: 'files',
        args: { match: ask.match },
        baseQuery: null,
        task: { do: 'list', dir: ask.match },
      });
    case 'presets':
      return askLatest(state, { slot, command: 'presets', args: {}, baseQuery: state.query });
    default:
      return askLatest(state, {
        slot,
        command: ask.what,
        args: { limit: 50, ...(ask.match === '' ? {} : { match: ask.match }) },
        baseQuery: null,
      });
  }
};

/** Asks what the word at the cursor needs and is not known yet. One question a kind is in flight. */
export const askCandidates = (state: AppState): Step => {
  const { prompt } = state;
  if (prompt === null || prompt.menu === null) return only(state);
  return asksAt(promptPlace(state, prompt, prompt.menu.base)).reduce<Step>(
    (step, ask) => andThen(step, (s) => askFor(s, ask)),
    only(state),
  );
};

const candidatesIn = (result: Result): readonly Candidate[] => {
  switch (result.schema) {
    case 'users':
      return result.data.users.map(({ userId, attributes = {} }) => ({
        value: userId,
        note: Object.entries(attributes)
          .map(([name, value]) => `${name} ${value}`)
          .join(' · '),
      }));
    case 'ads':
      return result.data.ads.map(({ adId, title }) => ({ value: adId, note: title }));
    case 'presets':
      return result.data.presets.map(({ name, title }) => ({ value: name, note: title }));
    default:
      return [];
  }
};

const kept = 200;

/** A name with a control character cannot stand in the line. */
const isTypable = ({ value }: Candidate): boolean => !hasControls(value);

const withCandidates = (
  state: AppState,
  of: Pick<Ask, 'what' | 'match'>,
  candidates: readonly Candidate[],
): AppState => ({
  ...state,
  completions: Object.fromEntries([
    ...Object.entries(state.completions).slice(-kept),
    [keyOf(of), candidates.filter(isTypable)],
  ]),
});

/** An answer for the menu. It is of its own question, whatever has been typed since. */
export const onCandidates = (state: AppState, slot: string, match: string, result: Result): AppState => {
  const what = (['users', 'ads', 'presets'] as const).find((w) => slot === `complete:${w}`);
  return what === undefined ? state : withCandidates(state, { what, match }, candidatesIn(result));
};

/** The names of a folder, for the menu. */
export const onFileNames = (
  state: AppState,
  match: string,
  entries: Extract<FileAnswer, { do: 'list' }>['entries'],
): AppState =>
  withCandidates(
    state,
    { what: 'files', match },
    entries.map(({ path, folder }) => ({
      value: path,
      note: folder ? t('folder') : '',
      ...(folder ? { open: true } : {}),
    })),
  );

const withMenu = (state: AppState, prompt: Prompt, input: TextInput, menu: Prompt['menu']): AppState => ({
  ...state,
  prompt: { ...prompt, input, menu, error: null },
});

/** The first Tab: the word is completed as far as all candidates agree; what is left to choose is shown. */
const openMenu = (state: AppState, prompt: Prompt): Step => {
  const at = withMenu(state, prompt, prompt.input, { base: prompt.input, picked: -1 });
  return andThen(askCandidates(at), (s) => {
    const now = s.prompt ?? prompt;
    const [only1, ...more] = menuOf(s, now);
    const place = promptPlace(s, prompt, prompt.input);
    const asked = asksAt(place).some((ask) => s.completions[keyOf(ask)] === undefined);
    if (asked || only1 === undefined) return only(s);
    if (more.length === 0) return only(withMenu(s, prompt, applyCandidate(prompt.input.value, place, only1), null));
    const start = commonStart([only1, ...more], place.typed);
    if (start === place.typed) return only(s);
    const base = applyCandidate(prompt.input.value, place, { value: start, note: '', open: true });
    return askCandidates(withMenu(s, prompt, base, { base, picked: -1 }));
  });
};

/** Tab and shift-Tab: through the candidates, and round. */
export const cycleMenu = (state: AppState, prompt: Prompt, by: 1 | -1): Step => {
  const { menu } = prompt;
  if (menu === null) return openMenu(state, prompt);
  const candidates = menuOf(state, prompt);
  if (candidates.length === 0) return askCandidates(state);
  const picked =
    menu.picked < 0 ? (by > 0 ? 0 : candidates.length - 1) : (menu.picked + by + candidates.length) % candidates.length;
  const candidate = candidates[picked];
  if (candidate === undefined) return only(state);
  const place = promptPlace(state, prompt, menu.base);
  if (candidates.length === 1)
    return only(withMenu(state, prompt, applyCandidate(menu.base.value, place, candidate), null));
  return only(withMenu(state, prompt, applyCandidate(menu.base.value, place, candidate), { ...menu, picked }));
};

/** What was typed before the menu was gone through. */
export const closeMenu = (state: AppState, prompt: Prompt): Step =>
  only(
    withMenu(
      state,
      prompt,
      prompt.menu === null ? prompt.input : prompt.menu.picked < 0 ? prompt.input : prompt.menu.base,
      null,
    ),
  );

/** The menu after an edit: it follows the word, and ends with it. */
export const menuAfter = ({ menu }: Prompt, input: TextInput): Prompt['menu'] =>
  menu === null || /\s$/u.test(input.value.slice(0, input.cursor)) || input.value === ''
    ? null
    : { base: input, picked: -1 };
