import { t } from '../../base/texts.ts';
import { leastSize } from '../../state/layout.ts';
import { currentList } from '../../state/select.ts';
import type { AppState } from '../../state/state.ts';
import { count, plural, utc, zone } from '../text/figures.ts';
import { lineWidth, span, type Line, type Span } from '../text/line.ts';

const program = 'recall-tui';

/** The parts of the status bar, the ones that may go on a narrow screen last. */
const parts = (state: AppState): readonly Span[] => {
  const { workspace, query } = state;
  if (workspace === null) return [];
  const changed = Object.entries(query?.context ?? {}).map(([field, value]) =>
    span(field === 'hour' ? `${field} ${value} ${zone(workspace.tzOffsetMinutes)}` : `${field} ${value}`),
  );
  const leak = currentList(state)?.data.leak === true ? [span(t('LEAK: built after as-of'), 'warn')] : [];
  return [
    span(workspace.name, 'bold'),
    ...(state.userId === null ? [] : [span(t('user {user}', { user: state.userId }))]),
    ...(query === null ? [] : [span(t('as of {time} UTC', { time: utc(query.asOf) }))]),
    ...leak,
    ...changed,
    span(workspace.model === null ? t('no model') : t('model {hash}', { hash: workspace.model.slice(0, 4) })),
    span(plural(workspace.ads, 'ad')),
    ...((workspace.unreachable ?? 0) === 0
      ? []
      : [span(t('{n} unreachable', { n: count(workspace.unreachable ?? 0) }), 'warn')]),
    ...(query === null ? [] : [span(t('ef {ef}', { ef: Math.max(query.ef, query.k) }))]),
    // Precomputed vectors: nothing computes, and there is no backend to name.
    ...(state.backend === null || state.backend === 'none' ? [] : [span(state.backend)]),
  ];
};

/** Workspace, user, as-of, context, model, ads, ef, backend; the rightmost go first when it is narrow. A recording is always shown. */
export const statusLine = (state: AppState, width: number): Line => {
  const all = parts(state);
  const mark: Span[] = state.recording === null ? [] : [span(`  ${t('REC ●')}`, 'bad')];
  for (let shown = all.length; shown > 0; shown--) {
    const line: Line = [
      span(` ${program}`, 'accent'),
      ...all.slice(0, shown).flatMap((s, i): Span[] => [span(i === 0 ? '  ' : ' · ', 'dim'), s]),
    ];
    const room = width - lineWidth(line) - lineWidth(mark) - (mark.length > 0 ? 1 : 0);
    if (room >= 0) return mark.length > 0 ? [...line, span(' '.repeat(room)), ...mark, span(' ')] : line;
  }
  return [span(` ${program}`, 'accent'), ...mark];
};

export const tooSmall = ({ size }: AppState): readonly Line[] => [
  [span(program, 'bold')],
  [span(t('The terminal has {columns}×{rows} cells.', { columns: size.columns, rows: size.rows }))],
  [span(t('The screen needs {columns}×{rows}.', { columns: leastSize.columns, rows: leastSize.rows }))],
  [span(t('Enlarge it, or press q to quit.'))],
];
