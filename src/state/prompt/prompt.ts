import { t } from '../../base/texts.ts';
import { partsOf } from '../../commands/recall/compare-ablation.ts';
import type { ParseIssue } from '../../console/issue.ts';
import { byCodeUnit } from '../../base/order.ts';
import { askDetail } from '../ask.ts';
import { changeQuery, setKnob, addEvent } from '../changes.ts';
import { savePreset } from '../chosen-lists.ts';
import { chosenKnob, isWithin } from '../sliders.ts';
import { edit, inputOf, insert, type TextInput } from './input.ts';
import { dropFilter, typedFilter } from '../actions/filter-actions.ts';
import { writeExport } from '../export.ts';
import { openPalette } from './open.ts';
import { startSearch, searchKey, walkHistory } from './history.ts';
import { runLines, runTyped, unfolded } from './line.ts';
import { askCandidates, closeMenu, cycleMenu, menuAfter } from './menu.ts';
import { askInstead, askLatest, giveUp, waitsFor } from '../requests.ts';
import { startRecording } from '../player/recording.ts';
import { decideStep } from '../player/review.ts';
import { timeHint } from '../../base/time.ts';
import { instantOf, queryAt } from '../time-travel.ts';
import { only, andThen, type AppState, type Step } from '../state.ts';
import type { Prompt, PromptKind } from '../types.ts';

const closed = (state: AppState): AppState => ({ ...state, prompt: null });

const fail = (state: AppState, prompt: Prompt, message: string): Step =>
  only({ ...state, prompt: { ...prompt, error: { message, at: 0, length: 0 } } });

/** The fault of a line, under the wrong word. */
const refuse = (state: AppState, prompt: Prompt, { message, at, length, expected, hint }: ParseIssue): Step =>
  only({ ...state, prompt: { ...prompt, menu: null, search: null, error: { message, at, length, expected, hint } } });

const askAds = (state: AppState, match: string): Step =>
  match === ''
    ? giveUp(state, 'ads')
    : askLatest(state, { slot: 'ads', command: 'ads', args: { match, limit: 8 }, baseQuery: null });

const edited = (state: AppState, prompt: Prompt, input: TextInput): Step => {
  if (prompt.kind === 'filter') return typedFilter(state, prompt, input);
  const next = {
    ...state,
    prompt: {
      ...prompt,
      input,
      error: null,
      recalled: null,
      picked: -1,
      menu: menuAfter(prompt, input),
      picks: input.value.trim() === '' ? [] : prompt.picks,
    },
  };
  return prompt.kind === 'why-not' && input.value !== prompt.input.value
    ? askAds(next, input.value.trim())
    : askCandidates(next);
};

/** Up and down: through the candidates, the ads found, or the lines typed before. */
const walk = (state: AppState, prompt: Prompt, by: 1 | -1): Step => {
  if (prompt.menu !== null) return cycleMenu(state, prompt, by);
  if (prompt.kind === 'why-not')
    return only({
      ...state,
      prompt: { ...prompt, picked: Math.max(-1, Math.min(prompt.picks.length - 1, prompt.picked + by)) },
    });
  return prompt.kind === 'command' ? walkHistory(state, prompt, by) : only(state);
};

const askWhyNot = (state: AppState, prompt: Prompt): Step => {
  const typed = prompt.input.value.trim();
  // While the ads for the last letters are still being looked for, one word is taken as an id.
  const looking = waitsFor(state, 'ads') && !/\s/u.test(typed);
  const ad = looking ? typed : (prompt.picks[prompt.picked]?.adId ?? typed);
  if (ad === '' || state.userId === null)
    return fail(state, prompt, t('the ad is missing: type its id, or words of its title'));
  return andThen(giveUp(closed(state), 'ads'), (s) =>
    askDetail(s, 'why-not', { user: state.userId ?? '', ad }, { title: t('why not') }),
  );
};

const setExact = (state: AppState, prompt: Prompt): Step => {
  const knob = chosenKnob(state);
  const value = Number(prompt.input.value);
  if (knob === null || prompt.input.value.trim() === '') return only(closed(state));
  if (isWithin(knob, value)) return setKnob(closed(state), value);
  return fail(
    state,
    prompt,
    knob.place === null
      ? t('"{value}" is no weight: a number from {least} to {most}', {
          value: prompt.input.value,
          least: knob.least,
          most: knob.most,
        })
      : t('"{value}" is no quota: a whole number from 0 to 10,000', { value: prompt.input.value }),
  );
};

const goToTime = (state: AppState, prompt: Prompt): Step => {
  const { query } = state;
  if (query === null) return only(closed(state));
  const at = instantOf(prompt.input.value, query.asOf);
  if (at === null)
    return fail(
      state,
      prompt,
      timeHint(prompt.input.value) ??
        t('"{value}" is no time: 2025-06-18T00:00 (UTC without a zone), 21:04 on the same day, +3h, -1d, or ms', {
          value: prompt.input.value,
        }),
    );
  return at === query.asOf ? only(closed(state)) : changeQuery(closed(state), queryAt(query, at), { knob: 'time' });
};

/** Exactly these fields; one that is left out follows the calendar, one without a value is none. */
const setContext = (state: AppState, prompt: Prompt): Step => {
  const { query } = state;
  if (query === null) return only(closed(state));
  const words = prompt.input.value.split(/[\s,]+/u).filter((word) => word !== '');
  const wrong = words.find((word) => word.indexOf('=') < 1);
  if (wrong !== undefined)
    return fail(
      state,
      prompt,
      t('"{word}" is no context field: write field=value, e.g. device=app hour=21 promo=618', { word: wrong }),
    );
  const pairs = words.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)] as const);
  const context = Object.fromEntries(pairs.sort(([a], [b]) => byCodeUnit(a, b)));
  return JSON.stringify(context) === JSON.stringify(query.context)
    ? only(closed(state))
    : changeQuery(closed(state), { ...query, context });
};

/** The one thing each of the short prompts does with what was typed. */
const given = (state: AppState, prompt: Prompt, use: (state: AppState, typed: string) => Step): Step => {
  const typed = prompt.input.value.trim();
  return typed === '' ? only(closed(state)) : use(closed(state), typed);
};

const knockOut = (state: AppState, filter: string): Step =>
  askInstead(state, {
    slot: 'adopt',
    command: 'recall',
    args: { user: state.userId ?? '', exclude: [filter] },
    baseQuery: state.query,
  });

/** The list against itself without this rule, channel or feature group. */
const ablate = (state: AppState, prompt: Prompt): Step => {
  const { query, userId } = state;
  const without = prompt.input.value.trim();
  if (without === '' || query === null || userId === null) return only(closed(state));
  const parts = partsOf(query);
  if (!parts.includes(without))
    return fail(
      state,
      prompt,
      parts.length === 0
        ? t('mode {mode} has no part to remove: use legacy, model or merged', { mode: query.mode })
        : t('mode {mode} has no part "{part}": use one of {parts}', {
            mode: query.mode,
            part: without,
            parts: parts.join(', '),
          }),
    );
  return askDetail(
    closed(state),
    'compare',
    { user: userId, without },
    { title: t('without {part}', { part: without }) },
  );
};

const accept = (state: AppState, prompt: Prompt): Step => {
  const why = prompt.input.value.trim();
  return why === ''
    ? fail(state, prompt, t('the reason is missing: it is written into the session'))
    : decideStep(closed(state), 'accept', why);
};

const save = (state: AppState, name: string): Step =>
  name.endsWith('!') ? savePreset(state, name.slice(0, -1).trim(), true) : savePreset(state, name, false);

const runLine = (state: AppState, prompt: Prompt): Step => {
  const typed = prompt.input.value.trim();
  if (typed === '' || typed.startsWith('#')) return only(closed(state));
  const meant = unfolded(state, typed);
  if ('issue' in meant) return refuse(state, prompt, meant.issue);
  const outcome = runTyped(state, meant.line, state.query);
  return outcome.ok ? outcome.step : refuse(state, { ...prompt, input: inputOf(meant.line) }, outcome.issue);
};

const submit = (state: AppState, prompt: Prompt): Step => {
  switch (prompt.kind) {
    case 'command':
      return runLine(state, prompt);
    case 'why-not':
      return askWhyNot(state, prompt);
    case 'weight':
      return setExact(state, prompt);
    case 'time':
      return goToTime(state, prompt);
    case 'context':
      return setContext(state, prompt);
    case 'search':
      return given(state, prompt, (s, query) => addEvent(s, { kind: 'search', query }));
    case 'knock-out':
      return given(state, prompt, knockOut);
    case 'preset':
      return given(state, prompt, save);
    case 'filter':
      return prompt.error === null ? only(closed(state)) : only(state);
    case 'record':
      return given(state, prompt, startRecording);
    case 'export':
      return given(state, prompt, writeExport);
    case 'without':
      return ablate(state, prompt);
    case 'accept':
      return accept(state, prompt);
  }
};

const completes: readonly PromptKind[] = ['command', 'export', 'record'];

/** Keys of the line editor; null: the key is none of them. */
const lineKey = (state: AppState, prompt: Prompt, key: string): Step | null => {
  switch (key) {
    case 'esc':
      return prompt.menu === null ? giveUp(closed(state), 'ads') : closeMenu(state, prompt);
    case 'ctrl-c':
      return giveUp(closed(state), 'ads');
    case 'backspace':
      return prompt.input.value === '' ? only(closed(state)) : null;
    case 'enter':
      return submit(state, prompt);
    case 'up':
      return walk(state, prompt, -1);
    case 'down':
    case 'ctrl-n':
      return walk(state, prompt, 1);
    case 'ctrl-p':
      return prompt.kind === 'command' ? openPalette(closed(state), prompt.input.value) : walk(state, prompt, -1);
    case 'tab':
      return completes.includes(prompt.kind) ? cycleMenu(state, prompt, 1) : only(state);
    case 'shift-tab':
      return completes.includes(prompt.kind) ? cycleMenu(state, prompt, -1) : only(state);
    case 'ctrl-r':
      return prompt.kind === 'command' ? startSearch(state, prompt) : only(state);
    default:
      return null;
  }
};

export const promptKey = (state: AppState, asked: Prompt, key: string, text: string): Step => {
  const found = asked.search === null ? null : searchKey(state, asked, asked.search, key, text);
  if (found !== null) return found;
  const prompt = asked.search === null ? asked : { ...asked, search: null };
  if (prompt.kind === 'filter' && (key === 'esc' || key === 'ctrl-c')) return dropFilter(state);
  const done = lineKey(state, prompt, key);
  if (done !== null) return done;
  const input = edit(prompt.input, key) ?? (text === '' ? null : insert(prompt.input, text));
  return input === null ? only(state) : edited(state, prompt, input);
};

/** One line is typed in; several run in turn, the first after what stands in the line. */
export const promptPaste = (state: AppState, prompt: Prompt, text: string): Step => {
  const several =
    (prompt.kind === 'command' && /[\r\n]/.test(text.trim())) ||
    (prompt.kind === 'command' && /[\r\n]\s*$/.test(text) && text.trim() !== '');
  if (!several) return edited(state, prompt, insert(prompt.input, text));
  const { value, cursor } = prompt.input;
  return runLines(state, value.slice(0, cursor) + text + value.slice(cursor));
};
