import { onReopened } from './crash.ts';
import { t } from '../base/texts.ts';
import type { Result } from '../answers/answers.ts';
import type { Progress } from '../console/command.ts';
import { fromPlain, type PlainError } from '../errors.ts';
import { modes, type Mode } from '../domain/query.ts';
import { askLists, askUsers, followDetail, openUser } from './ask.ts';
import type { UserRow, UsersData } from '../answers/look.ts';
import type { RecallRow } from '../answers/recall.ts';
import { withLastUser, withPosition } from './position.ts';
import { withAnswer } from './detail.ts';
import type { FileAnswer, HostReply } from './protocol.ts';
import { runningAs, settle, waitsFor } from './requests.ts';
import { listIn, selectedRow, shownAds } from './select.ts';
import type { RecallAnswer, Request } from './types.ts';
import { onWritten } from './export.ts';
import { askCandidates, onCandidates, onFileNames } from './prompt/menu.ts';
import { continueLines } from './prompt/line.ts';
import { answered } from './prompt/transcript.ts';
import { only, andThen, type AppState, type Step } from './state.ts';
import { onDifferences, onPresetSaved, onPresets } from './chosen-lists.ts';
import { onResumed, onSession } from './player/recording.ts';
import { onPlayed, onUnplayed } from './player/player.ts';
import { onScrubbed } from './time-travel.ts';
import { withEffect } from './trials.ts';
import { adoptAnswer, adoptQuery } from './typed.ts';

/** Selection by id; else where the cursor was in this list before; where the ad has left the list, the row stays. */
export const keepSelection = (state: AppState, ads: readonly RecallRow[]): string | null => {
  const held = [state.selectedAd, state.lastSelected[state.mode]].find((id) => ads.some((ad) => ad.adId === id));
  return held ?? ads[Math.min(selectedRow(state), ads.length - 1)]?.adId ?? null;
};

const withList = (state: AppState, mode: Mode, answer: RecallAnswer): AppState => {
  const shown = mode === state.mode;
  return {
    ...state,
    lists: { ...state.lists, [mode]: answer },
    // Another list may have been chosen while the first was on its way.
    query: state.query ?? { ...answer.query, mode: state.mode },
    listErrors: { ...state.listErrors, [mode]: undefined },
    ...(shown
      ? { selectedAd: keepSelection(state, shownAds(state, answer)) ?? keepSelection(state, answer.data.candidates) }
      : {}),
    baseline: state.baseline ?? (shown ? answer : null),
    ...(state.openedQuery === null
      ? { openedQuery: answer.query, trials: [{ from: answer.query, query: answer.query, knob: null, effect: null }] }
      : {}),
  };
};

const withListError = (state: AppState, mode: Mode, error: PlainError): AppState => ({
  ...state,
  listErrors: { ...state.listErrors, [mode]: error },
});

const modeOf = (slot: string): Mode | undefined => modes.find((m) => slot === `recall:${m}`);

const malformed = (): PlainError => ({
  code: 'internal',
  message: t('the answer of recall has no query'),
  expected: t('a result with its resolved query'),
});

const onRecall = (state: AppState, mode: Mode, result: Result, last: boolean): Step => {
  const answer = listIn(result);
  if (answer === null) return only(withListError(state, mode, malformed()));
  const next = withEffect(withList(state, mode, answer), answer);
  return last && mode === state.mode ? andThen(followDetail(next), askLists) : only(next);
};

/** A user with all fields: an answer of ids alone has no more. */
const userRowOf = (user: UsersData['users'][number]): UserRow => ({
  attributes: {},
  events: 0,
  lastAt: null,
  ...user,
});

const onUsers = (state: AppState, result: Result): AppState => {
  if (result.schema !== 'users') return state;
  const { finder } = state;
  const disagreement = result.data.disagreement ?? null;
  const users = withLastUser(state, result.data.users.map(userRowOf));
  const first = disagreement !== null && finder.disagreement === null;
  const stays = !first && users.some(({ userId }) => userId === finder.selected);
  const selected = stays ? finder.selected : (users[0]?.userId ?? null);
  return { ...state, finder: { ...finder, users, selected, disagreement, error: null } };
};

/** The best match is the one Enter takes; up leads to the text itself. */
const withPicks = (state: AppState, result: Result): AppState => {
  if (state.prompt === null || result.schema !== 'ads') return state;
  const picks = result.data.ads;
  return { ...state, prompt: { ...state.prompt, picks, picked: picks.length > 0 ? 0 : -1 } };
};

const withBehaviour = (state: AppState, result: Result): AppState =>
  result.schema === 'events' ? { ...state, behaviour: result } : state;

const withEventTimes = (state: AppState, result: Result): AppState =>
  result.schema === 'events' ? { ...state, eventTimes: result.data.events.map(({ at }) => at) } : state;

const withEmptyGroups = (state: AppState, result: Result): AppState =>
  result.schema === 'inputs'
    ? { ...state, emptyGroups: result.data.groups.filter(({ present }) => !present).map(({ group }) => group) }
    : state;

/** What comes of an answer, by the slot that waited for it. */
const bySlot: Readonly<Record<string, (state: AppState, result: Result, args: Request['args']) => Step>> = {
  typed: adoptAnswer,
  adopt: adoptQuery,
  scrub: onScrubbed,
  presets: onPresets,
  'preset-diff': onDifferences,
  'preset-save': onPresetSaved,
  session: onSession,
  resume: onResumed,
  player: onPlayed,
  users: (state, result) => only(onUsers(state, result)),
  ads: (state, result) => only(withPicks(state, result)),
  events: (state, result) => only(withBehaviour(state, result)),
  'event-times': (state, result) => only(withEventTimes(state, result)),
  'empty-groups': (state, result) => only(withEmptyGroups(state, result)),
};

/** Slots no key asks for: where they fail, the screen goes without. */
const unasked: readonly string[] = ['empty-groups', 'event-times', 'preset-diff'];

const onResult = (state: AppState, request: Request, result: Result, last: boolean): Step => {
  const { slot } = request;
  const mode = modeOf(slot);
  if (mode !== undefined) return onRecall(state, mode, result, last);
  if (slot.startsWith('complete:'))
    return askCandidates(onCandidates(state, slot, String(request.args['match'] ?? ''), result));
  const special = bySlot[slot];
  if (special !== undefined) return special(state, result, request.args);
  return only(
    withAnswer(state, (answer) => ({ ...answer, result, asked: request.baseQuery, error: null, progress: null })),
  );
};

const onFiles = (state: AppState, { args }: Request, files: FileAnswer): Step =>
  files.do === 'write'
    ? onWritten(state, files)
    : askCandidates(onFileNames(state, String(args['match'] ?? ''), files.entries));

const exitCodeOf = (error: PlainError): number => fromPlain(error).exitCode;

/** A line that failed says all there is to say, where it can be read and scrolled. */
const typedFailure = (state: AppState, error: PlainError): AppState => {
  const entry = state.transcript.findLast((e) => e.error === error);
  return {
    ...state,
    focus: 'detail',
    detail: {
      kind: 'answer',
      command: entry?.command ?? '',
      args: entry?.args ?? {},
      title: `: ${entry?.line ?? ''}`,
      scroll: 0,
      follows: false,
      result: null,
      error,
      progress: null,
      asked: null,
    },
  };
};

const onFailure = (state: AppState, { slot }: Request, error: PlainError): Step => {
  if (slot.startsWith('complete:')) return only(state);
  if (error.code === 'cancelled') return only({ ...state, message: { text: t('question cancelled'), tone: 'plain' } });
  if (slot === 'open' && state.workspace !== null) return only({ ...state, fatal: error });
  // Nothing can be looked at: leave, and say so where the reader can scroll and copy.
  if (slot === 'open')
    return [{ ...state, fatal: error, exit: exitCodeOf(error) }, [{ type: 'exit', code: exitCodeOf(error), error }]];
  if (slot === 'users') return only({ ...state, finder: { ...state.finder, error } });
  const mode = modeOf(slot);
  if (mode !== undefined) return only(withListError(state, mode, error));
  if (slot === 'detail')
    return only(withAnswer(state, (answer) => ({ ...answer, error, result: null, progress: null })));
  if (slot === 'player' && state.player !== null) return onUnplayed(state, state.player, error);
  if (slot === 'presets' && state.detail.kind === 'presets')
    return only({ ...state, detail: { ...state.detail, error } });
  if (slot === 'typed' || (slot === 'session' && state.transcript.at(-1)?.error === error))
    return only(typedFailure(state, error));
  const said = [error.message, error.todo ?? error.expected].filter((part) => part !== undefined).join(' · ');
  return only(unasked.includes(slot) ? state : { ...state, scrubNext: null, message: { text: said, tone: 'bad' } });
};

const onProgress = (state: AppState, { slot }: Request, progress: Progress): AppState =>
  slot === 'detail' ? withAnswer(state, (answer) => ({ ...answer, progress })) : { ...state, progress };

const unsaved = (state: AppState, error: PlainError): AppState => ({
  ...state,
  message: { text: t('autosave stopped: {reason}', { reason: error.message }), tone: 'bad' },
});

type Settled = Extract<HostReply, { type: 'opened' | 'result' | 'files' | 'failed' }>;

const onSettled = (state: AppState, request: Request, reply: Settled, last: boolean): Step => {
  if (reply.type === 'failed') return onFailure(state, request, reply.error);
  if (reply.type === 'files') return onFiles(state, request, reply.files);
  if (reply.type === 'result')
    return onResult({ ...state, backend: reply.backend ?? state.backend }, request, reply.result, last);
  if (state.screen === 'main' && state.query !== null) return onReopened(state, reply.workspace);
  const { startUser, startMode } = reply.workspace;
  const mode: Mode = startMode ?? (reply.workspace.model === null ? 'merged' : 'model');
  const opened = askUsers({
    ...withPosition(state, reply.workspace.position),
    workspace: reply.workspace,
    screen: 'finder',
    mode,
    selectedSlider: reply.workspace.model === null ? null : (reply.workspace.groups[0] ?? null),
  });
  return startUser === undefined ? opened : andThen(opened, (s) => openUser(s, startUser));
};

/** One message of the host. An answer to a question that was given up is dropped. */
export const onReply = (state: AppState, reply: HostReply): Step => {
  if (reply.type === 'census')
    return only(
      state.workspace === null
        ? state
        : { ...state, workspace: { ...state.workspace, unreachable: reply.unreachable } },
    );
  if (reply.type === 'examples')
    return only(
      state.workspace === null ? state : { ...state, workspace: { ...state.workspace, examples: reply.examples } },
    );
  if (reply.type === 'lost') return only({ ...state, lostSession: reply.lost });
  if (reply.type === 'unsaved') return only(unsaved(state, reply.error));
  const request = runningAs(state, reply.id);
  if (request === null) return only(state);
  if (reply.type === 'progress') return only(onProgress(state, request, reply.progress));
  const settled = settle(answered({ ...state, progress: null }, reply), reply.id);
  const last = !waitsFor(settled[0], request.slot);
  return andThen(
    andThen(settled, (s) => onSettled(s, request, reply, last)),
    (s) => continueLines(s, reply),
  );
};
