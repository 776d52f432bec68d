import { focusedName, panes, paneTitle } from '../../state/panes.ts';
import type { AppState } from '../../state/state.ts';
import type { PaneName } from '../../state/types.ts';
import { span, type Line, type Span } from '../text/line.ts';

/** The panes as tabs with their keys; the brackets around the one shown take the place of spaces. */
export const tabLine = (state: AppState, width: number): Line => {
  const shown = focusedName(state);
  const tight = width < 72;
  const gap = (a: PaneName | undefined, b: PaneName | undefined): string => {
    const [close, open] = [a === shown ? ']' : '', b === shown ? '[' : ''];
    if (a === undefined || b === undefined) return close + open;
    return tight ? close + open || ' ' : (close || ' ') + (open || ' ');
  };
  return [
    ...panes.flatMap(({ name, key }, i): Span[] => [
      span(gap(panes[i - 1]?.name, name), 'bold'),
      span(`${key} ${paneTitle(name)}`, name === shown ? 'bold' : 'dim'),
    ]),
    span(gap(panes.at(-1)?.name, undefined), 'bold'),
  ];
};
