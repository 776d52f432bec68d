import { leastSize } from '../../state/layout.ts';
import { currentList } from '../../state/select.ts';
import type { AppState } from '../../state/state.ts';
import { count, utc } from '../text/figures.ts';
import { lineWidth, span, type Line, type Span } from '../text/line.ts';

/** The parts of the status bar, the ones that may go on a narrow screen last. */
const parts = (state: AppState): readonly Span[] => {
  const { workspace, query } = state;
  if (workspace === null) return [];
  const changed = Object.entries(query?.context ?? {}).map(([field, value]) => span(`${field} ${value}`));
  const leak = currentList(state)?.data.leak === true ? [span('LEAK: built after as-of', 'warn')] : [];
  return [
    span(workspace.name, 'bold'),
    ...(state.userId === null ? [] : [span(`user ${state.userId}`)]),
    ...(query === null ? [] : [span(`as of ${utc(query.asOf)}`)]),
    ...leak,
    ...changed,
    span(workspace.model === null ? 'no model' : `model ${workspace.model.slice(0, 4)}`),
    span(`${count(workspace.ads)} ads`),
    ...((workspace.unreachable ?? 0) === 0 ? [] : [span(`${count(workspace.unreachable ?? 0)} unreachable`, 'warn')]),
    ...(query === null ? [] : [span(`ef ${Math.max(query.ef, query.k)}`)]),
    // Precomputed vectors: nothing computes, and there is no backend to name.
    ...(state.backend === null || state.backend === 'none' ? [] : [span(state.backend)]),
  ];
};

/** Workspace, user, as-of, context, model, ads, ef, backend; the rightmost go first when it is narrow. A recording is always told. */
export const statusLine = (state: AppState, width: number): Line => {
  const all = parts(state);
  const mark: Span[] = state.recording === null ? [] : [span('  REC ●', 'bad')];
  for (let shown = all.length; shown > 0; shown--) {
    const line: Line = [
      span(' recall-tui', 'accent'),
      ...all.slice(0, shown).flatMap((s, i): Span[] => [span(i === 0 ? '  ' : ' · ', 'dim'), s]),
    ];
    const room = width - lineWidth(line) - lineWidth(mark) - (mark.length > 0 ? 1 : 0);
    if (room >= 0) return mark.length > 0 ? [...line, span(' '.repeat(room)), ...mark, span(' ')] : line;
  }
  return [span(' recall-tui', 'accent'), ...mark];
};

export const tooSmall = ({ size }: AppState): readonly Line[] => [
  [span('recall-tui', 'bold')],
  [span(`This terminal has ${size.columns}×${size.rows} cells;`)],
  [span(`the screen needs ${leastSize.columns}×${leastSize.rows}.`)],
  [span('Make it larger, or q to quit.')],
];
