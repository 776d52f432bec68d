import { t } from '../base/texts.ts';
import type { Result } from '../answers/answers.ts';
import type { PresetDifference, PresetRow } from '../answers/change.ts';
import type { SessionRow } from '../answers/session.ts';
import type { LossReason } from '../domain/loss-reasons.ts';
import type { Loss } from '../domain/losses.ts';
import type { RecallQuery } from '../domain/query.ts';
import { askDetail, openUser } from './ask.ts';
import { cover } from './detail.ts';
import { changeQuery } from './changes.ts';
import { cursorIndex, type ListDetail } from './detail-list.ts';
import { playFile } from './player/player.ts';
import { askInstead, askLatest } from './requests.ts';
import { only, andThen, type AppState, type Step } from './state.ts';
import type { AnswerDetail, ContrastRow, DetailListName } from './types.ts';
import { currentTrial } from './trials.ts';

/** A list that is opened anew shows all its rows. */
const unfiltered = (state: AppState, list: DetailListName): AppState => ({
  ...state,
  filters: { ...state.filters, [list]: undefined },
});

export const openTrials = (state: AppState): Step =>
  only(cover(unfiltered(state, 'trials'), { kind: 'trials', scroll: 0, row: Math.max(0, currentTrial(state)) }));

/** Asks where the preset under the cursor differs from the query as it is. */
export const askDifferences = (state: AppState): Step => {
  const { detail } = state;
  const name = detail.kind === 'presets' ? detail.rows?.[detail.row]?.name : undefined;
  return name === undefined
    ? only(state)
    : askLatest(state, { slot: 'preset-diff', command: 'presets', args: { diff: name }, baseQuery: state.query });
};

export const openPresets = (state: AppState): Step => {
  const rows = state.detail.kind === 'presets' ? state.detail.rows : null;
  const next = cover(unfiltered(state, 'presets'), {
    kind: 'presets',
    scroll: 0,
    row: 0,
    rows,
    differences: null,
    error: null,
  });
  return askInstead(next, { slot: 'presets', command: 'presets', args: {}, baseQuery: state.query });
};

/** The presets there are; the cursor stays on its preset, wherever that stands now. */
const withPresets = (state: AppState, rows: readonly PresetRow[]): Step => {
  const { detail } = state;
  if (detail.kind !== 'presets') return only(state);
  const held = rows.findIndex(({ name }) => name === detail.rows?.[detail.row]?.name);
  return askDifferences({
    ...state,
    detail: { ...detail, rows, row: held >= 0 ? held : Math.max(0, Math.min(detail.row, rows.length - 1)) },
  });
};

export const onPresets = (state: AppState, result: Result): Step =>
  result.schema === 'presets' ? withPresets(state, result.data.presets) : only(state);

/** The command compares the preset (a) with the query (b); here the query is where one stands. */
export const onDifferences = (state: AppState, result: Result): Step => {
  const diff = result.schema === 'presets' ? result.data.diff : undefined;
  if (state.detail.kind !== 'presets' || diff === undefined) return only(state);
  const rows = diff.differences.map(({ path, a, b }): PresetDifference => ({ path, a: b, b: a }));
  return only({ ...state, detail: { ...state.detail, differences: { name: diff.a, rows } } });
};

export const savePreset = (state: AppState, name: string, replace: boolean): Step =>
  askInstead(state, {
    slot: 'preset-save',
    command: 'presets',
    args: { user: state.userId ?? '', save: name, ...(replace ? { replace: true } : {}) },
    baseQuery: state.query,
  });

export const onPresetSaved = (state: AppState, result: Result): Step => {
  if (result.schema !== 'presets') return only(state);
  const { saved = '', path = '', presets } = result.data;
  return andThen(withPresets(state, presets), (s) =>
    only({ ...s, message: { text: t('preset {name} saved to {file}', { name: saved, file: path }), tone: 'plain' } }),
  );
};

/** The cursor in the list of the detail pane. */
export const moveRowTo = (state: AppState, list: ListDetail, row: number): Step => {
  if (list.row === row) return only(state);
  return list.kind === 'presets'
    ? askDifferences({ ...state, detail: { ...list, row, differences: null } })
    : only({ ...state, detail: { ...list, row } });
};

/** Users that an answer names, in its order: those contrasted most, or whose lists changed between two workspaces. */
export const peopleOf = ({ result }: AnswerDetail): readonly ContrastRow[] => {
  switch (result?.schema) {
    case 'compare-all':
      return result.data.users;
    case 'bisect':
      return result.data.rows.map(({ userId, rbo }) => ({ userId, rbo, delta: null }));
    default:
      return [];
  }
};

/** Sessions that an answer lists. */
export const recordingsOf = ({ result }: AnswerDetail): readonly SessionRow[] =>
  result?.schema === 'sessions' ? result.data.sessions : [];

/** The user under the cursor, both lists side by side. */
const openPerson = (state: AppState, userId: string): Step => openUser({ ...state, compare: true }, userId);

/** Reasons of a funnel, and on request the users of one of them. */
const funnelRows = ({ result }: AnswerDetail): { reasons: readonly LossReason[]; losses: readonly Loss[] } =>
  result?.schema === 'funnel'
    ? { reasons: result.data.reasons, losses: result.data.drill?.rows ?? [] }
    : { reasons: [], losses: [] };

/** The users of a reason, or the reasons of a funnel, as a list; null: the answer is none. */
const chooseFromFunnel = (state: AppState, answer: AnswerDetail): Step | null => {
  const { reasons, losses } = funnelRows(answer);
  const { args, asked, title: of } = answer;
  if (losses.length > 0)
    return only(cover(unfiltered(state, 'losses'), { kind: 'losses', scroll: 0, row: 0, of, asked, rows: losses }));
  return reasons.length === 0
    ? null
    : only(cover(unfiltered(state, 'reasons'), { kind: 'reasons', scroll: 0, row: 0, of, args, asked, rows: reasons }));
};

/** The users of the reason under the cursor, asked as the funnel was. */
const askReason = (state: AppState, list: Extract<ListDetail, { kind: 'reasons' }>, row: number): Step => {
  const reason = list.rows[row];
  if (reason === undefined) return only(state);
  const args = { ...list.args, reason: reason.detail ?? reason.reason, limit: listedUsers };
  return askDetail(state, 'funnel', args, { title: list.of, base: list.asked });
};

const listedUsers = 500;

/** Why not, for this user and ad, with the settings of the funnel. */
const askWhyNot = (state: AppState, { userId, adId }: Loss, asked: RecallQuery | null): Step =>
  andThen(openUser(state, userId), (s) =>
    askDetail(s, 'why-not', { user: userId, ad: adId }, { title: t('why not'), base: asked }),
  );

/** The rows of an answer as a list with a cursor. */
const chooseFrom = (state: AppState, answer: AnswerDetail): Step => {
  const funnel = chooseFromFunnel(state, answer);
  if (funnel !== null) return funnel;
  const rows = recordingsOf(answer);
  return rows.length > 0
    ? only(cover(unfiltered(state, 'recordings'), { kind: 'recordings', scroll: 0, row: 0, rows }))
    : only(
        cover(unfiltered(state, 'people'), {
          kind: 'people',
          scroll: 0,
          row: 0,
          of: answer.title,
          rows: peopleOf(answer),
        }),
      );
};

/** What opens a row, and the rows of an answer as a list. */
export const chooseKey = 'enter';

/** Enter: the trial, preset, user, session or reason under the cursor; the rows of an answer as a list. */
export const choose = (state: AppState): Step => {
  const { detail, userId } = state;
  if (detail.kind === 'answer') return chooseFrom(state, detail);
  const row = cursorIndex(state) ?? -1;
  if (detail.kind === 'reasons') return askReason(state, detail, row);
  if (detail.kind === 'losses') {
    const loss = detail.rows[row];
    return loss === undefined ? only(state) : askWhyNot(state, loss, detail.asked);
  }
  if (detail.kind === 'people') {
    const person = detail.rows[row];
    return person === undefined ? only(state) : openPerson(state, person.userId);
  }
  if (detail.kind === 'recordings') {
    const recording = detail.rows[row];
    return recording === undefined ? only(state) : playFile(state, recording.path);
  }
  if (detail.kind === 'trials') {
    const trial = state.trials[row];
    return trial === undefined
      ? only(state)
      : changeQuery(state, { ...trial.query, mode: state.mode }, { isNew: false });
  }
  const preset = detail.kind === 'presets' ? detail.rows?.[row] : undefined;
  if (preset === undefined || userId === null) return only(state);
  return askInstead(state, {
    slot: 'adopt',
    command: 'recall',
    args: { user: userId, preset: preset.name },
    baseQuery: state.query,
  });
};

/** true while a row of the list in the detail's place is under the cursor. */
export const hasRow = (state: AppState): true | string => (cursorIndex(state) === null ? t('needs a row') : true);

/** true while the answer in the detail has users or sessions to list. */
export const hasRows = ({ detail }: AppState): true | string =>
  detail.kind === 'answer' &&
  (peopleOf(detail).length > 0 || recordingsOf(detail).length > 0 || funnelRows(detail).reasons.length > 0)
    ? true
    : t('needs an answer with users, sessions or reasons; P lists presets, v trials');
