import type { AppState } from '../../state/state.ts';
import type { Line } from '../text/line.ts';
import { footerLine } from './footer.ts';
import { crashLines } from './crash.ts';
import { copyLines, paletteLines } from './palette.ts';
import { promptLines } from './prompt.ts';

/** What stands under the panes: the line being typed, a menu, or the keys that matter now. */
const linesOf = (state: AppState, height: number): Line[] => {
  const { columns } = state.size;
  if (state.fatal !== null) return crashLines(state.fatal, columns);
  if (state.prompt !== null) {
    const lines = promptLines(state, state.prompt, columns);
    return lines.length <= height - 2 ? lines : lines.slice(-Math.max(1, height - 2));
  }
  if (state.palette !== null)
    return [
      ...paletteLines(state, columns, Math.floor(height * 0.7)),
      ...(state.message === null ? [] : [footerLine(state, columns)]),
    ];
  return state.copying !== null ? copyLines(state, columns) : [footerLine(state, columns)];
};

/** The same, at the most all but two lines of a screen of `height`. */
export const bottomLines = (state: AppState, height: number): readonly Line[] =>
  linesOf(state, height).slice(-Math.max(1, height - 2));
