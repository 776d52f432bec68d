import { el, joinHtml, type Html } from '../../base/html.ts';
import { figure } from '../text/figures.ts';
import type { Block } from './blocks.ts';

const [width, height] = [1000, 20];

const moving = (way: string): string => ['move', way].join(' ');

const round = (x: number): number => Math.round(x * 100) / 100;

/** A bar from zero, left of it where the value is negative; the figure stands beside it as text. */
export const barSvg = (value: number, most: number, signed: boolean): Html => {
  const whole = most > 0 ? Math.min(1, Math.abs(value) / most) : 0;
  const [zero, room] = signed ? [width / 2, width / 2] : [0, width];
  const size = value === 0 ? 0 : Math.max(2, whole * room);
  return el(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    el('line', { x1: zero, x2: zero, y1: 0, y2: height, class: 'axis' }),
    el('rect', {
      x: round(value < 0 && signed ? zero - size : zero),
      y: 3,
      width: round(size),
      height: height - 6,
      class: !signed ? 'amount' : value < 0 ? 'minus' : 'plus',
    }),
  );
};

const frame = (label: string, wide: number, high: number, ...children: readonly Html[]): Html =>
  el('figure', {}, el('svg', { viewBox: `0 0 ${wide} ${high}`, role: 'img', 'aria-label': label }, ...children));

/** Score against step; a dashed level stands under each step that descended to it. */
export const pathSvg = ({ label, points, goal }: Extract<Block, { kind: 'path' }>): Html => {
  const [wide, high, left, top] = [720, 200, 52, 16];
  const scores = [...points.map((p) => p.score), goal];
  const [least, most] = [Math.min(...scores), Math.max(...scores)];
  const x = (i: number): number => round(left + (i / Math.max(1, points.length - 1)) * (wide - left - 24));
  const y = (score: number): number => round(top + (1 - (score - least) / Math.max(1e-9, most - least)) * (high - 56));
  const line = points.map((p, i) => `${i === 0 ? 'M' : 'L'}${x(i)} ${y(p.score)}`).join(' ');
  const levelAt = points.flatMap((p, i) => (p.level === points[i - 1]?.level ? [] : [{ level: p.level, i }]));
  return frame(
    label,
    wide,
    high,
    el('line', { x1: left, x2: wide - 12, y1: y(goal), y2: y(goal), class: moving('up'), 'stroke-dasharray': '6 4' }),
    el('text', { x: 0, y: y(goal) + 4 }, figure(goal)),
    ...(y(least) - y(goal) > 16 ? [el('text', { x: 0, y: y(least) + 4 }, figure(least))] : []),
    el('path', { d: line, class: 'way' }),
    ...points.map((p, i) => el('circle', { cx: x(i), cy: y(p.score), r: 4, class: 'dot' })),
    ...levelAt.map(({ level, i }) => el('text', { x: x(i), y: high - 8 }, `L${level}`)),
  );
};

/** Two columns of ranks and a line for each ad; what entered or left ends at the side. */
export const movesSvg = ({ label, rows, depth }: Extract<Block, { kind: 'moves' }>): Html => {
  const step = depth > 60 ? 5 : 9;
  const [wide, left, right, top] = [720, 60, 660, 20];
  const high = top + depth * step + 10;
  const y = (rank: number): number => top + (rank - 1) * step;
  const way = ({ from, to }: (typeof rows)[number]): Html => {
    const [x1, x2] = [from === null ? right - 60 : left, to === null ? left + 60 : right];
    const [y1, y2] = [y(from ?? to ?? 1), y(to ?? from ?? 1)];
    const kind = from === to ? 'same' : from === null || (to !== null && to < from) ? 'up' : 'down';
    return el('line', { x1, x2, y1, y2, class: moving(kind) });
  };
  const last = depth > 1 ? [el('text', { x: 20, y: y(depth) + 4 }, `#${depth}`)] : [];
  return frame(
    label,
    wide,
    high,
    joinHtml(...rows.map(way)),
    el('text', { x: 20, y: top + 4 }, '#1'),
    ...last,
    el('text', { x: left, y: 10 }, 'A'),
    el('text', { x: right, y: 10 }, 'B'),
  );
};
