import type { Result } from '../answers/answers.ts';
import type { PresetDifference } from '../answers/change.ts';
import { openUser } from './ask.ts';
import { cover } from './detail.ts';
import { goTo } from './changes.ts';
import { cursorIndex, listOfDetail, type ListDetail } from './detail-list.ts';
import { playFile } from './player/player.ts';
import { fields, list, number, numberOrNull, text, textOrNull } from './read.ts';
import { askInstead, askLatest } from './requests.ts';
import { only, andThen, type AppState, type Step } from './state.ts';
import type { AnswerDetail, RecordingRow, ContrastRow, DetailListName } from './types.ts';
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

export const onPresets = (state: AppState, result: Result): Step => {
  if (state.detail.kind !== 'presets') return only(state);
  const rows = list(fields(result.data)['presets'])
    .map(fields)
    .map((f) => ({ name: text(f['name']), title: text(f['title']), from: text(f['from']) }));
  const { detail } = state;
  const held = rows.findIndex(({ name }) => name === detail.rows?.[detail.row]?.name);
  return askDifferences({
    ...state,
    detail: { ...detail, rows, row: held >= 0 ? held : Math.max(0, Math.min(detail.row, rows.length - 1)) },
  });
};

const leaf = (value: unknown): PresetDifference['a'] =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;

/** The command compares the preset (a) with the query (b); here the query is where one stands. */
export const onDifferences = (state: AppState, result: Result): Step => {
  if (state.detail.kind !== 'presets') return only(state);
  const diff = fields(fields(result.data)['diff']);
  const rows = list(diff['differences'])
    .map(fields)
    .map((f): PresetDifference => ({ path: text(f['path']), a: leaf(f['b']), b: leaf(f['a']) }));
  return only({ ...state, detail: { ...state.detail, differences: { name: text(diff['a']), rows } } });
};

export const savePreset = (state: AppState, name: string, replace: boolean): Step =>
  askInstead(state, {
    slot: 'preset-save',
    command: 'presets',
    args: { user: state.userId ?? '', save: name, ...(replace ? { replace: true } : {}) },
    baseQuery: state.query,
  });

export const onPresetSaved = (state: AppState, result: Result): Step => {
  const data = fields(result.data);
  const said: AppState = {
    ...state,
    message: { text: `saved as ${text(data['saved'])}: ${text(data['path'])}`, tone: 'plain' },
  };
  return state.detail.kind === 'presets'
    ? andThen(onPresets(said, result), (s) => only({ ...s, message: said.message }))
    : only(said);
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
  const rows =
    result?.schema === 'compare-all' ? result.data.users : result?.schema === 'bisect' ? result.data.rows : [];
  return list(rows)
    .map(fields)
    .map((f) => ({ userId: text(f['userId']), rbo: number(f['rbo']), delta: numberOrNull(f['delta']) }))
    .filter(({ userId }) => userId !== '');
};

/** Sessions that an answer lists. */
export const recordingsOf = ({ result }: AnswerDetail): readonly RecordingRow[] =>
  result?.schema !== 'sessions'
    ? []
    : list(result.data['sessions'])
        .map(fields)
        .map((f) => ({
          path: text(f['path']),
          note: text(f['note']),
          steps: number(f['steps']),
          expectations: number(f['expectations']),
          problem: textOrNull(f['problem']),
        }));

/** The user under the cursor, both lists side by side. */
const openPerson = (state: AppState, userId: string): Step => openUser({ ...state, compare: true }, userId);

/** The rows of an answer as a list with a cursor. */
const chooseFrom = (state: AppState, answer: AnswerDetail): Step => {
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

/** Enter: back to what was tried, the preset over the query, the user or the session under the cursor. */
export const choose = (state: AppState): Step => {
  const { detail, userId } = state;
  if (detail.kind === 'answer') return chooseFrom(state, detail);
  const row = cursorIndex(state) ?? -1;
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
    return trial === undefined ? only(state) : goTo(state, { ...trial.query, mode: state.mode });
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

export const hasChoice = (state: AppState): true | string => {
  const { detail } = state;
  if (listOfDetail(state) !== null) return cursorIndex(state) === null ? 'nothing is listed' : true;
  const named = detail.kind === 'answer' && (peopleOf(detail).length > 0 || recordingsOf(detail).length > 0);
  return named ? true : 'there is nothing to choose here: P lists presets, v what was tried';
};
