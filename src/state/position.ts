import { t } from '../base/texts.ts';
import { modes } from '../domain/query.ts';
import { askEmptyGroups } from './ask.ts';
import type { UserRow } from '../answers/look.ts';
import { fields, list, number, numberOrNull, text, textOrNull, texts } from './read.ts';
import { rectangles } from './panes.ts';
import { isColumn, type Sort } from './sorting.ts';
import { only, type AppState, type Step } from './state.ts';
import type { Position } from './types.ts';

const rowOf = (state: AppState): UserRow | null => {
  const { userId, finder, behaviour } = state;
  if (userId === null) return state.lastPosition?.user ?? null;
  const known = finder.users.find((u) => u.userId === userId);
  return (
    known ?? {
      userId,
      attributes: behaviour?.data.user.attributes ?? {},
      events: behaviour?.data.total ?? 0,
      lastAt: behaviour?.data.events[0]?.at ?? null,
    }
  );
};

export const positionOf = (state: AppState): Position => {
  const { lastPosition } = state;
  // Nothing was opened yet: what stands is kept.
  const opened = state.userId !== null || lastPosition === null;
  const { mode, focus, zoom, weightsOpen, selectedAd } = opened ? state : lastPosition;
  return {
    user: rowOf(state),
    mode,
    focus,
    zoom,
    weightsOpen,
    selectedAd,
    sort: state.sort,
    columns: state.columns,
    bookmarks: state.bookmarks,
  };
};

/** Names with values; written as pairs before. */
const readAttributes = (value: unknown): UserRow['attributes'] =>
  Object.fromEntries(
    Array.isArray(value)
      ? value.map((pair) => [text(list(pair)[0]), text(list(pair)[1])])
      : Object.entries(fields(value)).map(([name, item]) => [name, text(item)]),
  );

const readUser = (value: unknown): UserRow | null => {
  const f = fields(value);
  const userId = text(f['userId']);
  return userId === ''
    ? null
    : {
        userId,
        attributes: readAttributes(f['attributes']),
        events: number(f['events']),
        lastAt: numberOrNull(f['lastAt']),
      };
};

const readSort = (value: unknown): Sort | null => {
  const f = fields(value);
  return isColumn(f['by']) ? { by: f['by'], reverse: f['reverse'] === true } : null;
};

/** What of a kept position can be used: each field is looked at, as anyone may have edited the file. */
export const readPosition = (value: unknown): Position => {
  const f = fields(value);
  const columns = list(f['columns']).filter(isColumn);
  return {
    user: readUser(f['user']),
    mode: modes.find((m) => m === f['mode']) ?? null,
    focus: rectangles.find((p) => p === f['focus']) ?? 'recall',
    zoom: f['zoom'] === true,
    weightsOpen: f['weightsOpen'] === true,
    selectedAd: textOrNull(f['selectedAd']),
    sort: readSort(f['sort']),
    columns: columns.includes('rank') && columns.includes('ad') ? columns : null,
    bookmarks: texts(f['bookmarks']).filter((id) => id !== ''),
  };
};

/** The workspace is open: columns, order and bookmarks as they were, and the user last open under the cursor. */
export const withPosition = (state: AppState, kept: unknown): AppState => {
  if (kept === undefined || kept === null) return state;
  const lastPosition = readPosition(kept);
  return {
    ...state,
    lastPosition,
    sort: lastPosition.sort,
    columns: lastPosition.columns,
    bookmarks: lastPosition.bookmarks,
    finder: { ...state.finder, selected: lastPosition.user?.userId ?? null },
  };
};

/** The finder's first page holds the user last open, wherever the others begin. */
export const withLastUser = (state: AppState, users: readonly UserRow[]): readonly UserRow[] => {
  const last = state.lastPosition?.user ?? null;
  return last === null || state.finder.input.value !== '' || users.some((u) => u.userId === last.userId)
    ? users
    : [last, ...users];
};

/** The same user again: list, panes and selection as they were left. */
export const restorePosition = (state: AppState): Step => {
  const { lastPosition } = state;
  if (lastPosition === null) return only(state);
  const next: AppState = { ...state, lastPosition: null };
  if (lastPosition.user?.userId !== state.userId) return only(next);
  const { focus, zoom, selectedAd } = lastPosition;
  const weightsOpen = lastPosition.weightsOpen && state.workspace?.model !== null;
  return askEmptyGroups({ ...next, focus, zoom, selectedAd, weightsOpen });
};

/** Worth writing down at once; the rest is written when the program ends. */
export const isWorthKeeping = (before: AppState, after: AppState): boolean =>
  before.userId !== after.userId ||
  before.bookmarks !== after.bookmarks ||
  (before.screen === after.screen && (before.columns !== after.columns || before.sort !== after.sort));

/** Marks the user, or takes the mark away. */
export const toggleBookmark = (state: AppState, userId: string | null): Step => {
  if (userId === null) return only(state);
  const marked = state.bookmarks.includes(userId);
  const bookmarks = marked ? state.bookmarks.filter((id) => id !== userId) : [...state.bookmarks, userId];
  return only({
    ...state,
    bookmarks,
    message: {
      text: marked
        ? t('bookmark of {user} removed', { user: userId })
        : t('{user} bookmarked; is:bookmarked in the finder (f) lists bookmarked users', { user: userId }),
      tone: 'plain',
    },
  });
};
