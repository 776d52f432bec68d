import { askOlderEvents, followDetail } from './ask.ts';
import { moveRowTo } from './chosen-lists.ts';
import { cursorIndex, listOfDetail, shownIndexes } from './detail-list.ts';
import { knobsOf } from './sliders.ts';
import { innerHeight } from './layout.ts';
import { currentAds, selectedRow, shownEvents } from './select.ts';
import { columnNames } from './sorting.ts';
import { movePlayer } from './player/player.ts';
import { only, type AppState, type Step } from './state.ts';

export type Motion = 'up' | 'down' | 'page-up' | 'page-down' | 'top' | 'bottom';

/** The row after a motion over `count` rows, `page` of them on the screen. */
export const moveRow = (row: number, count: number, page: number, motion: Motion): number => {
  const step = Math.max(1, page - 1);
  const to = { up: row - 1, down: row + 1, 'page-up': row - step, 'page-down': row + step, top: 0, bottom: count - 1 }[
    motion
  ];
  return Math.max(0, Math.min(count - 1, to));
};

const moveAd = (state: AppState, motion: Motion): Step => {
  const ads = currentAds(state);
  const to = ads[moveRow(selectedRow(state), ads.length, innerHeight(state, 'recall') - 1, motion)];
  if (to === undefined || to.adId === state.selectedAd) return only(state);
  const scrolled = state.detail.kind === 'overview' ? { ...state.detail, scroll: 0 } : state.detail;
  return followDetail({ ...state, selectedAd: to.adId, detail: scrolled });
};

const moveEvent = (state: AppState, motion: Motion): Step => {
  const events = shownEvents(state);
  const row = Math.max(
    0,
    events.findIndex((e) => e.eventId === state.selectedEvent),
  );
  const to = events[moveRow(row, events.length, innerHeight(state, 'behaviour') - 1, motion)];
  if (to === undefined) return only(state);
  const moved = { ...state, selectedEvent: to.eventId };
  return to === events.at(-1) ? askOlderEvents(moved) : only(moved);
};

const moveKnob = (state: AppState, motion: Motion): Step => {
  const knobs = knobsOf(state);
  const row = Math.max(
    0,
    knobs.findIndex((k) => k.id === state.selectedSlider),
  );
  return only({
    ...state,
    selectedSlider: knobs[moveRow(row, knobs.length, knobs.length, motion)]?.id ?? state.selectedSlider,
  });
};

/** How far a text may be scrolled is known to the view: it shows its last page at most. */
const scrollBy = (scroll: number, page: number, motion: Motion): number =>
  Math.min(100_000, motion === 'bottom' ? 100_000 : moveRow(scroll, 100_000, page, motion));

const moveDetail = (state: AppState, motion: Motion): Step => {
  const { detail } = state;
  const page = innerHeight(state, 'detail');
  const list = listOfDetail(state);
  if (list !== null) {
    const shown = shownIndexes(state);
    const at = shown.indexOf(cursorIndex(state) ?? 0);
    return moveRowTo(state, list, shown[moveRow(at, shown.length, page - 2, motion)] ?? list.row);
  }
  if (detail.kind === 'columns')
    return only({ ...state, detail: { ...detail, row: moveRow(detail.row, columnNames.length, page - 1, motion) } });
  if (detail.kind === 'session' && state.player !== null)
    return movePlayer(state, moveRow(state.player.row, state.player.data?.total ?? 1, page - 4, motion));
  return only({ ...state, detail: { ...detail, scroll: scrollBy(detail.scroll, page, motion) } });
};

export const moveHelp = (state: AppState, motion: Motion): Step =>
  only(
    state.help === null
      ? state
      : { ...state, help: { ...state.help, scroll: scrollBy(state.help.scroll, state.size.rows - 4, motion) } },
  );

/** Moves the selection, the slider or the text of the pane that has the keys. */
export const move = (state: AppState, motion: Motion): Step => {
  switch (state.focus) {
    case 'recall':
      return moveAd(state, motion);
    case 'behaviour':
      return moveEvent(state, motion);
    case 'weights':
      return moveKnob(state, motion);
    case 'detail':
      return moveDetail(state, motion);
  }
};

/** To the next (1) or previous (−1) of the rows a filter shows, round the ends. */
export const moveMatch = (state: AppState, by: 1 | -1): Step => {
  const selected = (s: AppState): string | number | null =>
    s.focus === 'behaviour' ? s.selectedEvent : s.focus === 'recall' ? s.selectedAd : cursorIndex(s);
  const step = move(state, by > 0 ? 'down' : 'up');
  return selected(step[0]) === selected(state) ? move(state, by > 0 ? 'top' : 'bottom') : step;
};

export const moveUser = (state: AppState, motion: Motion): Step => {
  const { users, selected } = state.finder;
  const row = Math.max(
    0,
    users.findIndex((u) => u.userId === selected),
  );
  const to = users[moveRow(row, users.length, state.size.rows - 8, motion)];
  return only(to === undefined ? state : { ...state, finder: { ...state.finder, selected: to.userId } });
};
