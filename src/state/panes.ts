import type { AppState } from './state.ts';

/** What the digits focus, from 1. History and session stand in the detail's place. */
export const paneNames = ['behaviour', 'recall', 'detail', 'weights', 'history', 'session'] as const;
export type PaneName = (typeof paneNames)[number];

/** The key that focuses it, and the number in its title. */
export const paneNumber = (name: PaneName): number => paneNames.indexOf(name) + 1;

/** What stands in the detail's place. */
export const detailName = ({ detail }: Pick<AppState, 'detail'>): PaneName =>
  detail.kind === 'trials'
    ? 'history'
    : detail.kind === 'session' || detail.kind === 'recordings'
      ? 'session'
      : 'detail';

/** The pane that has the keys. */
export const focusedName = (state: Pick<AppState, 'detail' | 'focus'>): PaneName =>
  state.focus === 'detail' ? detailName(state) : state.focus;
