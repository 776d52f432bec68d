import { fitLine, lineWidth, span, truncateLine, type Line, type Span } from '../text/line.ts';

export interface BoxOptions {
  readonly width: number;
  readonly height: number;
  /** The pane that has the keys: drawn with heavy lines, so that colour is not needed to see it. */
  readonly focused: boolean;
  readonly ascii: boolean;
}

interface Border {
  readonly h: string;
  readonly v: string;
  readonly corners: readonly [string, string, string, string];
}

const light: Border = { h: '─', v: '│', corners: ['┌', '┐', '└', '┘'] };
const heavy: Border = { h: '━', v: '┃', corners: ['┏', '┓', '┗', '┛'] };
const plain: Border = { h: '-', v: '|', corners: ['+', '+', '+', '+'] };
const plainHeavy: Border = { h: '=', v: '|', corners: ['#', '#', '#', '#'] };

const borderOf = ({ focused, ascii }: BoxOptions): Border =>
  ascii ? (focused ? plainHeavy : plain) : focused ? heavy : light;

/** `┌ title ─── note ┐`, exactly as wide as the box. */
export const boxHead = (title: Line, note: Line, options: BoxOptions): Line => {
  const { width, focused } = options;
  const { h, corners } = borderOf(options);
  const style = focused ? 'accent' : 'dim';
  const inner = Math.max(0, width - 2);
  const shown = truncateLine(title, Math.max(0, inner - 2));
  const room = inner - lineWidth(shown) - 2;
  // What does not fit whole is cut; below a few cells it says nothing.
  const said = note.length === 0 || room < 11 ? [] : truncateLine(note, room - 3);
  const right: Line = said.length === 0 ? [] : [span(' '), ...said, span(' ')];
  const rule = h.repeat(Math.max(0, room - lineWidth(right)));
  return fitLine(
    [span(corners[0], style), span(' '), ...shown, span(' '), span(rule, style), ...right, span(corners[1], style)],
    width,
  );
};

/** `body` between the sides, cut to the box, and the box's foot: all its lines but the head. */
export const boxBody = (body: readonly Line[], options: BoxOptions): Line[] => {
  const { width, height, focused } = options;
  const { h, v, corners } = borderOf(options);
  const style = focused ? 'accent' : 'dim';
  const side = span(v, style);
  const inner = Math.max(0, width - 2);
  const rows = Array.from({ length: Math.max(0, height - 2) }, (_, i): Line => [
    side,
    ...fitLine(body[i] ?? [], inner),
    side,
  ]);
  return [...rows, fitLine([span(`${corners[2]}${h.repeat(inner)}${corners[3]}`, style)], width)];
};

/** A whole box, exactly `height` lines of `width` cells. */
export const box = (title: Line, body: readonly Line[], options: BoxOptions, note: Line = []): Line[] =>
  [boxHead(title, note, options), ...boxBody(body, options)].slice(0, options.height);

/** The whole row in the style of the selection, marked in text as well. */
export const selectedLine = (line: Line, width: number): Line => [
  span(
    fitLine(line, width)
      .map((s) => s.text)
      .join(''),
    'selected',
  ),
];

/** Rows `from` … so that `row` is on the screen: as little movement as can be told from the row alone. */
export const windowStart = (row: number, count: number, height: number): number =>
  count <= height ? 0 : Math.max(0, Math.min(count - height, row - Math.floor(height / 2)));

/** `part` of a text that is scrolled, and how far it can be. */
export const scrolled = (
  lines: readonly Line[],
  scroll: number,
  height: number,
): { readonly lines: readonly Line[]; readonly most: number } => {
  const most = Math.max(0, lines.length - height);
  const from = Math.min(scroll, most);
  return { lines: lines.slice(from, from + height), most };
};

/** Words of a text wrapped to `width`, with a hanging indent. */
export const join = (spans: readonly Span[], separator: Span): Line =>
  spans.flatMap((s, i) => (i === 0 ? [s] : [separator, s]));

/** Lines of two columns side by side, the left exactly `width` cells. */
export const beside = (left: readonly Line[], right: readonly Line[], width: number, gap: Line): Line[] =>
  Array.from({ length: Math.max(left.length, right.length) }, (_, i): Line => [
    ...fitLine(left[i] ?? [], width),
    ...gap,
    ...(right[i] ?? []),
  ]);
