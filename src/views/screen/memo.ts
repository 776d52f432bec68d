import type { AppState } from '../../state/state.ts';
import type { Line } from '../text/line.ts';

type Lay<K extends keyof AppState> = (
  state: Pick<AppState, K>,
  width: number,
  height: number,
  ascii: boolean,
) => Line[];

/**
 * The pane's last lines again as long as nothing it is laid out from has changed: a key that moves a
 * slider does not lay out the list. `lay` is given those fields only, so that none can be forgotten.
 */
export const memoPane = <K extends keyof AppState>(keys: readonly K[], lay: Lay<K>): Lay<K> => {
  let last: { readonly state: Pick<AppState, K>; readonly at: string; readonly lines: Line[] } | null = null;
  return (state, width, height, ascii) => {
    const at = `${width} ${height} ${String(ascii)}`;
    const known = last;
    if (known !== null && known.at === at && keys.every((key) => known.state[key] === state[key])) return known.lines;
    const lines = lay(state, width, height, ascii);
    last = { state, at, lines };
    return lines;
  };
};
