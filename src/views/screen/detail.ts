import { t } from '../../base/texts.ts';
import { currentList, isDetailStale } from '../../state/select.ts';
import { listOfDetail, rowCount, shownIndexes } from '../../state/detail-list.ts';
import { paneTitle } from '../../state/panes.ts';
import type { AppState } from '../../state/state.ts';
import type { AnswerDetail, Detail, PlayerState } from '../../state/types.ts';
import { playView } from '../answers/session/play-view.ts';
import type { Result } from '../../answers/answers.ts';
import { plural } from '../text/figures.ts';
import { span, text as line, type Line } from '../text/line.ts';
import { scrolled } from './box.ts';
import { answerOf } from './answer.ts';
import { namesOf } from './names.ts';
import { errorLines } from './error.ts';
import { filterNote } from './filter.ts';
import { progressLines } from './progress.ts';
import { overviewLines, overviewReads } from './overview.ts';
import { reading, still, type Drawn, type PaneView } from './pane.ts';
import { sentence } from '../text/sentences.ts';
import { columnLines } from './columns.ts';
import { listReads, lossLines, peopleLines, presetLines, reasonLines, recordingLines, trialLines } from './lists.ts';
import { historyLines, transcriptLines } from './transcript.ts';
import { movementLines, movementTitle } from './weights.ts';

const titlesIn = ({ data }: Result): Readonly<Record<string, string>> | undefined =>
  'titles' in data ? data.titles : undefined;

const titleIn = ({ data }: Result): string => ('title' in data ? (data.title ?? '') : '');

const answerLines = (
  state: Pick<AppState, 'behaviour' | 'lists'>,
  detail: AnswerDetail,
  width: number,
  ascii: boolean,
): Line[] => {
  if (detail.error !== null) return errorLines(detail.error, width);
  if (detail.result !== null) return answerOf(detail.result, namesOf(state, titlesIn(detail.result)), width, ascii);
  if (detail.progress !== null)
    return [...progressLines(detail.progress, width, ascii), [], line(t('Esc cancels.'), 'dim')];
  return [line(t('working… Esc cancels.'), 'dim')];
};

/** The ad the pane speaks of, by title where the list knows it. */
const about = (state: AppState, { args, result }: AnswerDetail): string => {
  const adId = args['ad'];
  if (typeof adId !== 'string') return '';
  const ad = currentList(state)?.data.candidates.find((a) => a.adId === adId);
  const title = result === null ? '' : titleIn(result);
  return ad === undefined
    ? ` ${adId}${title === '' ? '' : ` ${title}`}`
    : ` #${ad.rank} ${ad.title === '' ? adId : ad.title}`;
};

/** `3 of 12 /cat:音箱` at the right of the frame while a filter stands on the list in the detail's place. */
const filterNoteOf = (state: AppState): Line => {
  const list = listOfDetail(state);
  const filter = list === null ? undefined : state.filters[list.kind];
  return list === null || filter === undefined
    ? []
    : filterNote(shownIndexes(state).length, rowCount(state, list), filter);
};

/** The file of the recording, or how to open a session. */
const sessionLines = ({ recording }: Pick<AppState, 'recording'>, width: number): Line[] =>
  recording === null
    ? sentence(
        t('No session is open. R records one, :sessions lists the recorded ones, :replay FILE plays one.'),
        width,
      )
    : [
        ...sentence(t('Recording to {file}.', { file: recording }), width, 'bold'),
        ...sentence(
          t(
            'Each question and its answer is a step. :expect ids pins the ids of the last answer, :note TEXT adds a note, R ends the recording.',
          ),
          width,
          'dim',
        ),
      ];

const playerLines = ({ data, error, row }: PlayerState, width: number, ascii: boolean): Line[] => {
  if (error !== null) return errorLines(error, width);
  return data === null ? [line(t('reading the session… Esc cancels.'), 'dim')] : playView(data, width, { ascii }, row);
};

type Kind = Detail['kind'];
type DetailOf<K extends Kind> = Extract<Detail, { readonly kind: K }>;

const isKind = <K extends Kind>(detail: Detail, kind: K): detail is DetailOf<K> => detail.kind === kind;

/** One kind of detail, drawn from the detail and some more fields of the state. */
const kindOf = <K extends Kind, F extends keyof AppState>(
  kind: K,
  title: (detail: DetailOf<K>, state: AppState) => Line,
  fields: readonly F[],
  draw: (
    detail: DetailOf<K>,
    state: Pick<AppState, F | 'detail'>,
    width: number,
    height: number,
    ascii: boolean,
  ) => Drawn,
): PaneView => ({
  title: (state) => (isKind(state.detail, kind) ? title(state.detail, state) : []),
  note: filterNoteOf,
  content: reading<F | 'detail'>(['detail', ...fields], (state, width, height, ascii) =>
    isKind(state.detail, kind) ? draw(state.detail, state, width, height, ascii) : still([]),
  ),
});

/** A name in bold, and what follows it. */
const headed = (name: string, rest = ''): Line => [span(name, 'bold'), span(rest === '' ? '' : ` ${rest}`)];

/** Each kind of detail as it looks. What is scrolled has a `scroll`; lists keep their cursor on the screen. */
const views: Readonly<Record<Kind, PaneView>> = {
  overview: kindOf(
    'overview',
    (_, state) => (state.weightsOpen ? movementTitle(state) : headed(t('overview'))),
    ['weightsOpen', 'baseline', ...overviewReads],
    ({ scroll }, state, width, height, ascii) =>
      state.weightsOpen
        ? movementLines(state, scroll, width, height, ascii)
        : scrolled(overviewLines(state, width, ascii), scroll, height),
  ),
  answer: kindOf(
    'answer',
    (detail, state) => [
      span(detail.title, 'bold'),
      ...(isDetailStale(state) ? [span(` ${t('(before the change)')}`, 'warn')] : []),
      span(about(state, detail)),
    ],
    ['behaviour', 'lists'],
    (detail, state, width, height, ascii) => scrolled(answerLines(state, detail, width, ascii), detail.scroll, height),
  ),
  people: kindOf(
    'people',
    ({ of, rows }) =>
      headed(of, t('{users} · enter opens one with both lists', { users: plural(rows.length, 'user') })),
    listReads,
    ({ rows }, state, width, height) => still(peopleLines(state, rows, width, height)),
  ),
  reasons: kindOf(
    'reasons',
    ({ of, rows }) =>
      headed(of, t('{reasons} · enter lists the users of one', { reasons: plural(rows.length, 'reason') })),
    listReads,
    ({ rows }, state, width, height) => still(reasonLines(state, rows, width, height)),
  ),
  losses: kindOf(
    'losses',
    ({ of, rows }) =>
      headed(of, t('{users} · enter opens one with its why-not', { users: plural(rows.length, 'user') })),
    listReads,
    ({ rows }, state, width, height) => still(lossLines(state, rows, width, height)),
  ),
  recordings: kindOf(
    'recordings',
    ({ rows }) => headed(t('sessions'), t('{n} · enter plays one', { n: rows.length })),
    listReads,
    ({ rows }, state, width, height) => still(recordingLines(state, rows, width, height)),
  ),
  trials: kindOf(
    'trials',
    (_, { trials }) =>
      headed(paneTitle('tried'), t('{trials} · enter returns to one', { trials: plural(trials.length, 'trial') })),
    listReads,
    (_, state, width, height) => still(trialLines(state, width, height)),
  ),
  presets: kindOf(
    'presets',
    ({ rows }) => headed(t('presets'), rows === null ? '' : t('{n} · enter applies one, S saves', { n: rows.length })),
    listReads,
    (detail, state, width, height, ascii) => still(presetLines(state, detail, width, height, ascii)),
  ),
  columns: kindOf(
    'columns',
    () => headed(t('columns'), t('space shows or hides, enter sorts, r resets')),
    ['columns', 'sort', 'workspace'],
    ({ row }, state, width, height, ascii) => still(columnLines(state, row, width, height, ascii)),
  ),
  session: kindOf(
    'session',
    (_, { player, recording }) =>
      headed(
        paneTitle('session'),
        player !== null ? player.file : recording === null ? '' : t('recording to {file}', { file: recording }),
      ),
    ['player', 'recording'],
    ({ scroll }, state, width, height, ascii) =>
      state.player === null
        ? scrolled(sessionLines(state, width), scroll, height)
        : still(playerLines(state.player, width, ascii)),
  ),
  transcript: kindOf(
    'transcript',
    (_, { transcript }) => headed(t('transcript'), t('{n} · :save FILE writes a script', { n: transcript.length })),
    ['transcript', 'requests'],
    ({ scroll }, state, width, height, ascii) => scrolled(transcriptLines(state, width, ascii), scroll, height),
  ),
  history: kindOf(
    'history',
    (_, { history }) => headed(t('lines typed'), plural(history.length, 'line')),
    ['history'],
    ({ scroll, match }, state, _width, height) => scrolled(historyLines(state, match), scroll, height),
  ),
};

/** The pane beside or below the list, by what stands in it. */
export const detailView = ({ detail }: AppState): PaneView => views[detail.kind];

export const openingLines = (state: AppState, width: number, ascii: boolean): Line[] => {
  return [
    line(t('Opening the workspace…'), 'bold'),
    ...(state.dir === null ? [] : sentence(state.dir, width, 'dim')),
    [],
    ...(state.progress === null ? [] : progressLines(state.progress, width, ascii)),
  ];
};
