import { currentList, isDetailStale } from '../../state/select.ts';
import { listOfDetail, rowCount, shownIndexes } from '../../state/detail-list.ts';
import { detailName, paneNumber } from '../../state/panes.ts';
import type { AppState } from '../../state/state.ts';
import type { AnswerDetail, PlayerState } from '../../state/types.ts';
import { playView } from '../answers/session/play-view.ts';
import type { Result } from '../../answers/answers.ts';
import { fields, text } from '../../state/read.ts';
import { span, text as line, type Line } from '../text/line.ts';
import { scrolled } from './box.ts';
import { answerOf } from './answer.ts';
import { namesOf } from './names.ts';
import { errorLines } from './error.ts';
import { filterNote } from './filter.ts';
import { progressLines } from './progress.ts';
import { overviewLines } from './overview.ts';
import { sentence } from '../text/sentences.ts';
import { columnLines } from './columns.ts';
import { peopleLines, presetLines, recordingLines, trialLines } from './lists.ts';
import { historyLines, transcriptLines } from './transcript.ts';
import { movementLines, movementTitle } from './weights.ts';

const titlesIn = ({ data }: Result): unknown => ('titles' in data ? data.titles : undefined);

const answerLines = (state: AppState, detail: AnswerDetail, width: number, ascii: boolean): Line[] => {
  if (detail.error !== null) return errorLines(detail.error, width);
  if (detail.result !== null) return answerOf(detail.result, namesOf(state, titlesIn(detail.result)), width, ascii);
  if (detail.progress !== null)
    return [...progressLines(detail.progress, width, ascii), [], line('Esc cancels.', 'dim')];
  return [line('working… Esc cancels.', 'dim')];
};

/** The ad the pane speaks of, by title where the list knows it. */
const about = (state: AppState, { args, result }: AnswerDetail): string => {
  const adId = args['ad'];
  if (typeof adId !== 'string') return '';
  const ad = currentList(state)?.ads.find((a) => a.adId === adId);
  const title = text(result === null ? '' : fields(result.data)['title']);
  return ad === undefined
    ? ` ${adId}${title === '' ? '' : ` ${title}`}`
    : ` #${ad.rank} ${ad.title === '' ? adId : ad.title}`;
};

const contentTitle = (state: AppState): Line => {
  const { detail } = state;
  if (detail.kind === 'answer')
    return [
      span(detail.title, 'bold'),
      ...(isDetailStale(state) ? [span(' (before the change)', 'warn')] : []),
      span(about(state, detail)),
    ];
  if (detail.kind === 'people')
    return [span(detail.of, 'bold'), span(` ${detail.rows.length} users · enter opens one, both lists side by side`)];
  if (detail.kind === 'recordings') return [span('sessions', 'bold'), span(` ${detail.rows.length} · enter plays one`)];
  if (detail.kind === 'trials')
    return [span('history', 'bold'), span(` ${state.trials.length} tried · enter goes back to it`)];
  if (detail.kind === 'presets')
    return [
      span('presets', 'bold'),
      span(detail.rows === null ? '' : ` ${detail.rows.length} · enter applies, S saves`),
    ];
  if (detail.kind === 'columns') return [span('columns', 'bold'), span(' space shows, enter sorts, r as usual')];
  if (detail.kind === 'session' && state.player !== null)
    return [span('session', 'bold'), span(` ${state.player.file}`)];
  if (detail.kind === 'session')
    return [span('session', 'bold'), span(state.recording === null ? '' : ` recording to ${state.recording}`)];
  if (detail.kind === 'transcript')
    return [span('transcript', 'bold'), span(` ${state.transcript.length} · :save FILE makes a script of it`)];
  if (detail.kind === 'history') return [span('history', 'bold'), span(` ${state.history.length} lines`)];
  return state.weightsOpen ? movementTitle(state) : [span('overview', 'bold')];
};

export const detailTitle = (state: AppState): Line => [
  span(`${paneNumber(detailName(state))} `, 'dim'),
  ...contentTitle(state),
];

/** `3 of 12 /cat:音箱` at the right of the frame while a filter stands on the list in the detail's place. */
export const detailNote = (state: AppState): Line => {
  const list = listOfDetail(state);
  const filter = list === null ? undefined : state.filters[list.kind];
  return list === null || filter === undefined
    ? []
    : filterNote(shownIndexes(state).length, rowCount(state, list), filter);
};

/** What is recorded, or what to do to have a session. */
const sessionLines = ({ recording }: AppState, width: number): Line[] =>
  recording === null
    ? sentence('No session is open: R records, :sessions lists what was recorded, :replay FILE plays.', width)
    : [
        ...sentence(`Recording to ${recording}.`, width, 'bold'),
        ...sentence(
          'Each question and its answer is a step. :expect ids pins what the last answer must keep, :note TEXT says why; R ends it.',
          width,
          'dim',
        ),
      ];

const playerLines = ({ data, error, row }: PlayerState, width: number, ascii: boolean): Line[] => {
  if (error !== null) return errorLines(error, width);
  return data === null ? [line('reading the session… Esc cancels.', 'dim')] : playView(data, width, { ascii }, row);
};

/** The pane beside or below the list: the overview, movement while weights are turned, or a command's answer. */
export const detailLines = (
  state: AppState,
  width: number,
  height: number,
  ascii: boolean,
): { readonly lines: readonly Line[]; readonly most: number } => {
  const { detail } = state;
  if (detail.kind === 'overview' && state.weightsOpen) return movementLines(state, width, height, ascii);
  if (detail.kind === 'people') return { lines: peopleLines(state, detail.rows, width, height), most: 0 };
  if (detail.kind === 'recordings') return { lines: recordingLines(state, detail.rows, width, height), most: 0 };
  if (detail.kind === 'trials') return { lines: trialLines(state, width, height), most: 0 };
  if (detail.kind === 'presets') return { lines: presetLines(state, detail, width, height, ascii), most: 0 };
  if (detail.kind === 'columns') return { lines: columnLines(state, detail.row, width, height, ascii), most: 0 };
  if (detail.kind === 'session' && state.player !== null)
    return { lines: playerLines(state.player, width, ascii), most: 0 };
  if (detail.kind === 'session') return scrolled(sessionLines(state, width), detail.scroll, height);
  if (detail.kind === 'transcript') return scrolled(transcriptLines(state, width, ascii), detail.scroll, height);
  if (detail.kind === 'history') return scrolled(historyLines(state, detail.match), detail.scroll, height);
  return scrolled(
    detail.kind === 'answer' ? answerLines(state, detail, width, ascii) : overviewLines(state, width, height, ascii),
    detail.scroll,
    height,
  );
};

export const openingLines = (state: AppState, width: number, ascii: boolean): Line[] => {
  if (state.fatal !== null) return [...errorLines(state.fatal, width), [], line('q quits.', 'dim')];
  return [
    line('Opening the workspace…', 'bold'),
    ...(state.dir === null ? [] : sentence(state.dir, width, 'dim')),
    [],
    ...(state.progress === null ? [] : progressLines(state.progress, width, ascii)),
  ];
};
