import { layoutOf, type Rect } from '../../state/layout.ts';
import { focusedName, paneNames, paneNumber, type PaneName } from '../../state/panes.ts';
import type { AppState } from '../../state/state.ts';
import type { Pane } from '../../state/types.ts';
import { fitLine, span, type Line, type Span } from '../text/line.ts';
import { asciiLine } from '../text/ascii.ts';
import { steadyLine } from './steady.ts';
import { behaviourLines, behaviourNote, behaviourTitle } from './behaviour.ts';
import { box } from './box.ts';
import { detailLines, detailNote, detailTitle, openingLines } from './detail.ts';
import { errorLines } from './error.ts';
import { finderLines } from './finder.ts';
import { footerLine } from './footer.ts';
import { helpLines } from './help.ts';
import { copyLines, paletteLines } from './palette.ts';
import { promptLines } from './prompt.ts';
import { recallLines, recallNote, recallTitle } from './recall.ts';
import { statusLine, tooSmall } from './status.ts';
import { weightsLines } from './weights.ts';

export interface Screen {
  /** One line less than the terminal has rows; each exactly as wide as the terminal. */
  readonly lines: readonly Line[];
  /** How far the detail and the help can be scrolled. */
  readonly most: { readonly detail: number; readonly help: number };
}

interface Drawn {
  readonly lines: readonly Line[];
  readonly most: number;
}

const drawn = (lines: readonly Line[]): Drawn => ({ lines, most: 0 });

const content = (state: AppState, pane: Pane, width: number, height: number, ascii: boolean): Drawn => {
  switch (pane) {
    case 'behaviour':
      return drawn(behaviourLines(state, width, height, ascii));
    case 'recall':
      return drawn(recallLines(state, width, height, ascii));
    case 'weights':
      return drawn(weightsLines(state, width, height, ascii));
    case 'detail':
      return detailLines(state, width, height, ascii);
  }
};

const titleOf = (state: AppState, pane: Pane): Line => {
  switch (pane) {
    case 'behaviour':
      return behaviourTitle(state);
    case 'recall':
      return recallTitle(state);
    case 'weights':
      return [
        span(`${paneNumber('weights')} `, 'dim'),
        span('weights', 'bold'),
        span(' against the pinned list', 'dim'),
      ];
    case 'detail':
      return detailTitle(state);
  }
};

/** Exactly `width` cells, as it is painted. */
const finished = (line: Line, width: number, ascii: boolean): Line =>
  steadyLine(ascii ? asciiLine(fitLine(line, width)) : fitLine(line, width));

interface Painted {
  readonly rect: Rect;
  readonly lines: readonly Line[];
  readonly most: number;
  readonly pane: Pane;
}

const paint = (state: AppState, at: Rect & { readonly pane: Pane }, ascii: boolean): Painted => {
  const focused = state.focus === at.pane;
  const { lines, most } = content(state, at.pane, at.width - 2, at.height - 2, ascii);
  const note: Line =
    at.pane === 'recall'
      ? recallNote(state)
      : at.pane === 'behaviour'
        ? behaviourNote(state)
        : at.pane === 'detail' && most === 0
          ? detailNote(state)
          : most > 0
            ? [
                span(
                  `${Math.min(state.detail.scroll, most) + 1}–${Math.min(state.detail.scroll, most) + at.height - 2} of ${most + at.height - 2}`,
                  'dim',
                ),
              ]
            : [];
  return {
    rect: at,
    pane: at.pane,
    most,
    lines: framed(
      at.pane,
      titleOf(state, at.pane),
      lines,
      { width: at.width, height: at.height, focused, ascii },
      note,
    ),
  };
};

type Frame = Parameters<typeof box>[2];

const framedBefore = new Map<
  Pane,
  { readonly content: readonly Line[]; readonly at: string; readonly lines: readonly Line[] }
>();

/** The pane in its frame, finished; the last one again where neither has changed. */
const framed = (pane: Pane, title: Line, content: readonly Line[], frame: Frame, note: Line): readonly Line[] => {
  const at = JSON.stringify([title, note, frame]);
  const known = framedBefore.get(pane);
  if (known !== undefined && known.content === content && known.at === at) return known.lines;
  const lines = box(title, content, frame, note).map((line) => finished(line, frame.width, frame.ascii));
  framedBefore.set(pane, { content, at, lines });
  return lines;
};

/** Panes side by side on one line; `painted` in order of x. */
const assemble = (painted: readonly Painted[], y: number): Line => {
  const line: Span[] = [];
  for (const { rect, lines } of painted) {
    if (y >= rect.y && y < rect.y + rect.height) line.push(...(lines[y - rect.y] ?? []));
  }
  return line;
};

/** The panes as tabs with their keys; the brackets around the one shown take the place of spaces. */
const tabLine = (state: AppState): Line => {
  const shown = focusedName(state);
  const tight = state.size.columns < 72;
  const gap = (a: PaneName | undefined, b: PaneName | undefined): string => {
    const [close, open] = [a === shown ? ']' : '', b === shown ? '[' : ''];
    if (a === undefined || b === undefined) return close + open;
    return tight ? close + open || ' ' : (close || ' ') + (open || ' ');
  };
  return [
    ...paneNames.flatMap((name, i): Span[] => [
      span(gap(paneNames[i - 1], name), 'bold'),
      span(`${paneNumber(name)} ${name}`, name === shown ? 'bold' : 'dim'),
    ]),
    span(gap(paneNames.at(-1), undefined), 'bold'),
  ];
};

const mainScreen = (state: AppState, height: number, ascii: boolean): Screen => {
  const layout = layoutOf(state);
  const painted = layout.panes.map((at) => paint(state, at, ascii)).sort((a, b) => a.rect.x - b.rect.x);
  const top: Line[] = [statusLine(state, state.size.columns), ...(layout.kind === 'tabs' ? [tabLine(state)] : [])];
  // Panes side by side fill the line, and each is finished.
  const body = Array.from({ length: height - top.length }, (_, i) => assemble(painted, i + top.length));
  return {
    lines: [...finishedAll(top, state, ascii), ...body],
    most: { detail: painted.find((p) => p.pane === 'detail')?.most ?? state.detail.scroll, help: 0 },
  };
};

const finishedAll = (lines: readonly Line[], state: AppState, ascii: boolean): Line[] =>
  lines.map((line) => finished(line, state.size.columns, ascii));

const helpScreen = (state: AppState, height: number, ascii: boolean): Screen => {
  const { columns } = state.size;
  const { lines, most } = helpLines(state, columns - 4, height - 3);
  const framed = box(
    [span('help', 'bold')],
    lines.map((line): Line => [span(' '), ...line]),
    { width: columns, height: height - 1, focused: true, ascii },
    most > 0 ? [span('↓ ↑ PgDn PgUp', 'dim')] : [],
  );
  return { lines: [statusLine(state, columns), ...framed], most: { detail: state.detail.scroll, help: most } };
};

const pageOf = (state: AppState, height: number, ascii: boolean): Screen => {
  const { columns } = state.size;
  const most = { detail: state.detail.scroll, help: state.help?.scroll ?? 0 };
  if (state.screen === 'opening')
    return {
      lines: [
        statusLine(state, columns),
        [],
        ...openingLines(state, columns - 2, ascii).map((line): Line => [span(' '), ...line]),
      ],
      most,
    };
  if (state.help !== null) return helpScreen(state, height, ascii);
  if (state.screen === 'finder') {
    const failed = state.fatal === null ? [] : errorLines(state.fatal, columns - 2);
    return {
      lines: [statusLine(state, columns), ...finderLines(state, columns, height - 1 - failed.length, ascii), ...failed],
      most,
    };
  }
  return mainScreen(state, height, ascii);
};

/** What stands under the panes: the line being typed, a menu, or the keys that matter now. */
const bottomLines = (state: AppState, height: number): Line[] => {
  const { columns } = state.size;
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

/** The whole screen as lines: pure, from the state alone. */
export const screenOf = (state: AppState, options: { readonly ascii?: boolean } = {}): Screen => {
  const { columns } = state.size;
  const ascii = options.ascii === true;
  const height = Math.max(1, state.size.rows - 1);
  const fit = (lines: readonly Line[]): Line[] =>
    Array.from({ length: height }, (_, i) => finished(lines[i] ?? [], columns, ascii));
  if (layoutOf(state).kind === 'too-small')
    return { lines: fit(tooSmall(state)), most: { detail: state.detail.scroll, help: state.help?.scroll ?? 0 } };
  const bottom = bottomLines(state, height).slice(-Math.max(1, height - 2));
  const page = pageOf(state, height - 1, ascii);
  const room = height - bottom.length;
  const body = state.screen === 'main' && state.help === null ? page.lines : finishedAll(page.lines, state, ascii);
  return {
    lines: [
      ...Array.from({ length: room }, (_, i) => body[i] ?? finished([], columns, ascii)),
      ...finishedAll(bottom, state, ascii),
    ],
    most: page.most,
  };
};
