import { Chalk, type ChalkInstance } from 'chalk';
import type { Line, Style } from './line.ts';
import { sanitise } from './sanitise.ts';

export type ColourLevel = 0 | 1 | 2 | 3;
type Env = Readonly<Record<string, string | undefined>>;

const forced = (value: string): ColourLevel => {
  if (value === '0' || value === 'false') return 0;
  if (value === '2') return 2;
  return value === '3' ? 3 : 1;
};

/**
 * How much colour a stream gets. `FORCE_COLOR` decides if it is set, then a non-empty `NO_COLOR`
 * (no-color.org), then `TERM=dumb`; a stream that is no terminal gets none.
 */
export const colourLevel = (env: Env, isTTY: boolean): ColourLevel => {
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return forced(force);
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb' || !isTTY) return 0;
  if (/^(truecolor|24bit)$/i.test(env['COLORTERM'] ?? '')) return 3;
  return /-256(color)?$/i.test(env['TERM'] ?? '') ? 2 : 1;
};

/** Plain ASCII drawings: asked for, or the locale says that the terminal knows no other. */
export const asciiOnly = (env: Env): boolean => {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || '';
  return (
    env['RECALL_TUI_ASCII'] === '1' ||
    locale === 'C' ||
    locale === 'POSIX' ||
    (locale.includes('.') && !/utf-?8/i.test(locale))
  );
};

const painters = (chalk: ChalkInstance): Readonly<Record<Style, (text: string) => string>> => ({
  dim: chalk.dim,
  bold: chalk.bold,
  accent: chalk.cyan,
  good: chalk.green,
  bad: chalk.red,
  warn: chalk.yellow,
  selected: chalk.inverse,
});

/** Lines as text without any escape sequence, blanks at the end of a line cut. */
export const renderPlain = (lines: readonly Line[]): string[] =>
  lines.map((line) => withoutLastBlanks(line.map((s) => sanitise(s.text)).join('')));

/** A loop: the regular expression for it takes the square of the blanks inside, and a long title leaves many. */
const withoutLastBlanks = (text: string): string => {
  let end = text.length;
  while (end > 0 && text.charCodeAt(end - 1) === 0x20) end--;
  return text.slice(0, end);
};

const made = new Map<ColourLevel, ReturnType<typeof painters>>();

const paintersAt = (level: ColourLevel): ReturnType<typeof painters> => {
  const known = made.get(level) ?? painters(new Chalk({ level }));
  made.set(level, known);
  return known;
};

/** Lines with SGR sequences; the text between them is sanitised. At level 0 there are none. */
export const renderAnsi = (lines: readonly Line[], level: ColourLevel): string[] => {
  const paint = paintersAt(level);
  return lines.map((line) =>
    line.map((s) => (s.style === undefined ? sanitise(s.text) : paint[s.style](sanitise(s.text)))).join(''),
  );
};
