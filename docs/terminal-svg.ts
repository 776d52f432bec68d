import type { StyledCell } from '../test/support/screen.ts';

/** Pixels of a cell, of the letters in it, and of the margin round the screen. */
const cell = { width: 8, height: 17 };
const letters = { size: 13, baseline: 12.5 };
const margin = 12;

const ground = '#0d1117';
const ink = { plain: '#c9d1d9', dim: '#7d8794', bold: '#f0f6fc' };
/** The colours of the palette that the screen uses: red, green, yellow, cyan. */
const palette: Readonly<Record<number, string>> = { 1: '#f2736d', 2: '#57c26b', 3: '#d9b44a', 6: '#4fc1d9' };

const fonts =
  "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', 'Noto Sans Mono CJK SC', 'PingFang SC', 'Microsoft YaHei', 'WenQuanYi Micro Hei', monospace";

/** Arms of the box characters: left, right, up, down; 0 none, 1 light, 2 heavy. */
const boxes: Readonly<Record<string, readonly [number, number, number, number]>> = {
  '─': [1, 1, 0, 0],
  '│': [0, 0, 1, 1],
  '┌': [0, 1, 0, 1],
  '┐': [1, 0, 0, 1],
  '└': [0, 1, 1, 0],
  '┘': [1, 0, 1, 0],
  '├': [0, 1, 1, 1],
  '┤': [1, 0, 1, 1],
  '━': [2, 2, 0, 0],
  '┃': [0, 0, 2, 2],
  '┏': [0, 2, 0, 2],
  '┓': [2, 0, 0, 2],
  '┗': [0, 2, 2, 0],
  '┛': [2, 0, 2, 0],
};
const lowerEighths = ' ▁▂▃▄▅▆▇█';
const leftEighths = ' ▏▎▍▌▋▊▉█';

const escaped = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const px = (value: number): string => String(Math.round(value * 100) / 100);

const colourOf = (one: StyledCell): string => {
  if (one.inverse) return ground;
  if (one.colour !== null) return palette[one.colour] ?? ink.plain;
  if (one.dim) return ink.dim;
  return one.bold ? ink.bold : ink.plain;
};

interface Placed {
  readonly cell: StyledCell;
  readonly x: number;
  readonly y: number;
}

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly fill: string;
}

/** The ground of a selected cell. */
const selection = ({ cell: one, x, y }: Placed): Rect[] =>
  one.inverse ? [{ x, y, ...cell, fill: colourOf({ ...one, inverse: false }) }] : [];

/** A block character as a rectangle: fonts leave gaps between blocks. */
const block = ({ cell: one, x, y }: Placed): Rect[] => {
  const fill = colourOf(one);
  const low = lowerEighths.indexOf(one.text);
  const height = (cell.height * low) / 8;
  if (low > 0) return [{ x, y: y + cell.height - height, width: cell.width, height, fill }];
  const left = leftEighths.indexOf(one.text);
  if (left > 0) return [{ x, y, width: (cell.width * left) / 8, height: cell.height, fill }];
  return one.text === '▀' ? [{ x, y, width: cell.width, height: cell.height / 2, fill }] : [];
};

/** Rectangles as SVG; neighbours of one height and colour are one, so that no seam shows between them. */
const rects = (all: readonly Rect[]): string[] => {
  const out: Rect[] = [];
  for (const one of all) {
    const last = out.at(-1);
    const joins =
      last?.y === one.y && last.height === one.height && last.fill === one.fill && last.x + last.width === one.x;
    if (joins) out[out.length - 1] = { ...last, width: last.width + one.width };
    else out.push(one);
  }
  return out.map(
    ({ x, y, width, height, fill }) =>
      `<rect x="${px(x)}" y="${px(y)}" width="${px(width)}" height="${px(height)}" fill="${fill}"/>`,
  );
};

/** The arms of a box character, as path commands by weight. */
const arms = ({ cell: one, x, y }: Placed): ReadonlyArray<readonly [weight: number, path: string]> => {
  const [left, right, up, down] = boxes[one.text] ?? [0, 0, 0, 0];
  const [middle, centre] = [x + cell.width / 2, y + cell.height / 2];
  return [
    [left, `M${px(x)} ${px(centre)}H${px(middle)}`],
    [right, `M${px(middle)} ${px(centre)}H${px(x + cell.width)}`],
    [up, `M${px(middle)} ${px(y)}V${px(centre)}`],
    [down, `M${px(middle)} ${px(centre)}V${px(y + cell.height)}`],
  ];
};

const sameLook = (a: StyledCell, b: StyledCell): boolean => colourOf(a) === colourOf(b) && a.bold === b.bold;

/** A word of one look. Each character has its own x: no font can push the next cell out of its column. */
const word = (cells: readonly Placed[]): string => {
  const [first] = cells;
  if (first === undefined) return '';
  const xs = cells.map(({ cell: one, x }) => px(one.width === 2 ? x + (2 * cell.width - letters.size) / 2 : x));
  const weight = first.cell.bold ? ' font-weight="600"' : '';
  const text = escaped(cells.map(({ cell: one }) => one.text).join(''));
  return `<text x="${xs.join(' ')}" y="${px(first.y + letters.baseline)}" fill="${colourOf(first.cell)}"${weight}>${text}</text>`;
};

const isWord = ({ text }: StyledCell): boolean => text.trim() !== '' && [...text].length === 1;

/** The letters of a row, word by word; what is more than one character in a cell stands alone. */
const words = (row: readonly Placed[]): string[] => {
  const out: Placed[][] = [];
  let last: Placed | undefined;
  for (const one of row) {
    if (one.cell.width === 0) continue;
    const joins = last !== undefined && isWord(one.cell) && isWord(last.cell) && sameLook(one.cell, last.cell);
    if (joins) out.at(-1)?.push(one);
    else if (one.cell.text.trim() !== '') out.push([one]);
    last = one;
  }
  return out.map(word);
};

const isDrawn = (text: string): boolean =>
  boxes[text] !== undefined || text === '▀' || lowerEighths.indexOf(text) > 0 || leftEighths.indexOf(text) > 0;

const strokes = (cells: readonly Placed[]): string[] => {
  const paths = new Map<string, string[]>();
  for (const placed of cells) {
    for (const [weight, path] of arms(placed)) {
      const look = `stroke="${colourOf(placed.cell)}" stroke-width="${weight === 2 ? '2.2' : '1.1'}"`;
      if (weight > 0) paths.set(look, [...(paths.get(look) ?? []), path]);
    }
  }
  return [...paths].map(([look, parts]) => `<path ${look} d="${joined(parts)}"/>`);
};

/** Neighbouring arms as one stroke: `M0 8H4` and `M4 8H8` are `M0 8H8`. */
const joined = (parts: readonly string[]): string => {
  const out: Array<{ from: string; to: string; at: string; axis: string }> = [];
  for (const part of parts) {
    const [, x = '', y = '', axis = '', to = ''] = /^M(\S+) (\S+?)([HV])(\S+)$/.exec(part) ?? [];
    const [from, at] = axis === 'H' ? [x, y] : [y, x];
    const before = out.find((one) => one.axis === axis && one.at === at && one.to === from);
    if (before === undefined) out.push({ from, to, at, axis });
    else before.to = to;
  }
  return out.map(({ from, to, at, axis }) => (axis === 'H' ? `M${from} ${at}H${to}` : `M${at} ${from}V${to}`)).join('');
};

/** A screen as an SVG picture. Letters are text; box and block characters are shapes, the same in every font. */
export const terminalSvg = (rows: ReadonlyArray<readonly StyledCell[]>, title: string): string => {
  const columns = Math.max(0, ...rows.map((row) => row.length));
  const [width, height] = [columns * cell.width + 2 * margin, rows.length * cell.height + 2 * margin];
  const placed = rows.map((row, y) =>
    row.map((one, x): Placed => ({ cell: one, x: margin + x * cell.width, y: margin + y * cell.height })),
  );
  const all = placed.flat();
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(title)}">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="8" fill="${ground}"/>`,
    ...rects(all.flatMap(selection)),
    ...rects(all.flatMap(block)),
    `<g fill="none">`,
    ...strokes(all),
    '</g>',
    `<g font-family="${fonts}" font-size="${letters.size}">`,
    ...placed.flatMap((row) => words(row.filter(({ cell: one }) => !isDrawn(one.text)))),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
};
