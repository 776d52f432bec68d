import { t } from '../../base/texts.ts';
import type { Result } from '../../answers/answers.ts';
import type { PlayData } from '../../answers/session.ts';
import type { ArgValues } from '../../console/command.ts';
import type { PlainError } from '../../errors.ts';
import { changeQuery } from '../changes.ts';
import { cover } from '../detail.ts';
import { innerHeight } from '../layout.ts';
import { askInstead, waitsFor } from '../requests.ts';
import { only, andThen, type AppState, type Step } from '../state.ts';
import type { Detail, PlayerState } from '../types.ts';

/** Rows that are listed: those on the screen, around the cursor. */
const windowOf = (state: AppState, row: number): ArgValues => {
  const rows = Math.max(5, innerHeight(state, 'detail') - 4);
  return { from: Math.max(0, row - (rows >> 1)), rows };
};

const ask = (state: AppState, player: PlayerState, args: ArgValues): Step =>
  askInstead(
    { ...state, player },
    {
      slot: 'player',
      command: 'play',
      args: { session: player.file, ...windowOf(state, player.row), ...args },
      baseQuery: null,
    },
  );

/** Opens a recording; nothing of it runs yet. */
export const playFile = (state: AppState, file: string): Step => {
  const shown = cover({ ...state, screen: 'main' }, { kind: 'session', scroll: 0 });
  return ask(shown, { file, data: null, row: 0, query: null, error: null }, {});
};

const playing = (state: AppState, use: (player: PlayerState & { readonly data: PlayData }) => Step): Step => {
  const { player } = state;
  return player === null || player.data === null ? only(state) : use({ ...player, data: player.data });
};

/** The number of the step at an index, as far as it is listed. */
const numberAt = (data: PlayData, index: number): number | null => data.rows[index - data.from]?.step ?? null;

const goTo = (
  state: AppState,
  how: 'step' | 'run-to',
  indexOf: (player: PlayerState & { readonly data: PlayData }) => number,
): Step =>
  playing(state, (player) => {
    const index = Math.max(0, Math.min(player.data.total - 1, indexOf(player)));
    const number = numberAt(player.data, index);
    return number === null
      ? ask(state, { ...player, row: index }, {})
      : ask(state, { ...player, row: index }, { [how]: number });
  });

/** Runs the next step; the first where none was run. */
export const stepOn = (state: AppState): Step =>
  goTo(state, 'step', ({ data }) => (data.at === null ? 0 : data.at.index + 1));
export const stepBack = (state: AppState): Step =>
  goTo(state, 'step', ({ data }) => (data.at === null ? 0 : data.at.index - 1));
export const runToCursor = (state: AppState): Step => goTo(state, 'run-to', ({ row }) => row);
export const runToDivergence = (state: AppState): Step =>
  playing(state, (player) => ask(state, player, { first: true }));

/** The cursor moves; the rows around it are asked for when it leaves those that are listed. */
export const movePlayer = (state: AppState, row: number): Step =>
  playing(state, (player) => {
    const at = Math.max(0, Math.min(player.data.total - 1, row));
    const moved: PlayerState = { ...player, row: at };
    const listed = at >= player.data.from && at < player.data.from + player.data.rows.length;
    return listed || waitsFor(state, 'player') ? only({ ...state, player: moved }) : ask(state, moved, {});
  });

/** An answer without a step leaves the answer of the last one standing. */
export const onPlayed = (state: AppState, result: Result): Step => {
  const { player } = state;
  if (player === null || result.schema !== 'play') return only(state);
  const { data } = result;
  const ran = data.at !== null;
  const at = data.at ?? player.data?.at ?? null;
  const next: PlayerState = {
    ...player,
    error: null,
    data: { ...data, at, cause: data.cause ?? (ran ? null : (player.data?.cause ?? null)) },
    row: data.at?.index ?? player.row,
    query: ran ? (result.query ?? null) : player.query,
  };
  return only({ ...state, player: next });
};

/** A session that never opened: the reason stands in its place, and the pane is free for another. */
export const onUnplayed = (state: AppState, player: PlayerState, error: PlainError): Step => {
  if (player.data !== null) return only({ ...state, player: { ...player, error } });
  if (state.detail.kind !== 'session')
    return only({
      ...state,
      player: null,
      message: { text: [error.message, error.todo].filter((part) => part !== undefined).join(' · '), tone: 'bad' },
    });
  const answer: Detail = {
    kind: 'answer',
    command: 'play',
    args: { session: player.file },
    title: t('play {file}', { file: player.file }),
    scroll: 0,
    follows: false,
    result: null,
    error,
    progress: null,
    asked: null,
  };
  return only({ ...state, player: null, detail: answer, coveredDetail: null });
};

/** The played step's query becomes the screen's own, to go on from: nothing else of the player touches it. */
export const takeQuery = (state: AppState): Step => {
  const query = state.player?.query ?? null;
  if (query === null) return only(state);
  if (state.userId === query.userId && state.query !== null) {
    return andThen(changeQuery({ ...state, mode: query.mode }, query), (s) =>
      only({ ...s, message: { text: t('query of the step used; u restores yours'), tone: 'plain' } }),
    );
  }
  return askInstead(state, { slot: 'typed', command: 'recall', args: { user: query.userId }, baseQuery: query });
};
