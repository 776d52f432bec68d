import type { Random } from '../../../src/domain/random.ts';
import { generic } from './bytes.ts';
import { damaged, oneOf, pick, type Mutate } from './mutation.ts';

/** Damage to lines of text: tables, lists of ids. */

const cells = [
  '',
  ' ',
  '"',
  '"a',
  'a"b"',
  '""',
  '"x\ny"',
  'x'.repeat(100_000),
  '\u0000',
  '\u001b[2J',
  '\ufeff',
  '::error::pwned',
  '"a\n::error::pwned"',
  '-1',
  '0',
  '1e999',
  'NaN',
  '9007199254740993',
  '18446744073709551616',
  '99999999999999999999',
  '0x10',
  '2025-02-30',
  '=1+1',
  '__proto__',
  'null',
  '{"a":1}',
  '{"__proto__":{"a":1}}',
  '['.repeat(5000),
  '\ud800',
  '🙂',
];

const delimiterOf = (text: string): string =>
  [',', '\t', ';', ' '].find((one) => text.split('\n', 1)[0]?.includes(one)) ?? ',';

const inLine = (lines: string[], random: Random, change: (line: string) => string): number => {
  const at = random.below(lines.length);
  lines[at] = change(lines[at] ?? '');
  return at;
};

const ways: ReadonlyArray<(lines: string[], delimiter: string, random: Random) => string> = [
  (lines, delimiter, random) => {
    const value = pick(random, cells);
    const at = inLine(lines, random, (line) => {
      const fields = line.split(delimiter);
      fields[random.below(fields.length)] = value;
      return fields.join(delimiter);
    });
    return `a cell of line ${at + 1} = ${JSON.stringify(value).slice(0, 30)}`;
  },
  (lines, delimiter, random) => `line ${inLine(lines, random, (line) => `${line}${delimiter}`) + 1} with a field more`,
  (lines, delimiter, random) =>
    `line ${inLine(lines, random, (line) => line.split(delimiter).slice(1).join(delimiter)) + 1} with a field less`,
  (lines, _, random) => {
    const at = random.below(lines.length);
    lines.splice(at, 1);
    return `line ${at + 1} removed`;
  },
  (lines, _, random) => {
    const at = random.below(lines.length);
    lines.splice(at, 0, lines[at] ?? '');
    return `line ${at + 1} twice`;
  },
  (lines, _, random) => {
    const [a, b] = [random.below(lines.length), random.below(lines.length)];
    [lines[a], lines[b]] = [lines[b] ?? '', lines[a] ?? ''];
    return `lines ${a + 1} and ${b + 1} swapped`;
  },
  (lines, _, random) => `line ${inLine(lines, random, () => '') + 1} emptied`,
  (lines, delimiter) => {
    const header = (lines[0] ?? '').split(delimiter);
    lines[0] = [...header.slice(1), ...header.slice(0, 1)].join(delimiter);
    return 'the header turned';
  },
  (lines, delimiter) => {
    const header = (lines[0] ?? '').split(delimiter);
    lines[0] = header.map(() => header[0] ?? '').join(delimiter);
    return 'one name for all columns';
  },
  (lines) => {
    lines.shift();
    return 'without its first line';
  },
  (lines) => {
    lines[0] = `\ufeff${lines[0] ?? ''}`;
    return 'a byte-order mark';
  },
  (lines, _, random) => `line ${inLine(lines, random, (line) => `${line}\r\n\r`) + 1} with carriage returns`,
  (lines, _, random) => `line ${inLine(lines, random, (line) => `"${line}`) + 1} with a quote before it`,
  (lines, delimiter) => {
    for (const [i, line] of lines.entries()) lines[i] = line.replaceAll(delimiter, delimiter === ';' ? '|' : ';');
    return 'another delimiter';
  },
];

export const textLines: Mutate = oneOf(
  [
    8,
    (bytes, random) => {
      const text = bytes.toString('utf8');
      const lines = text.replace(/\n$/, '').split('\n');
      const said = Array.from({ length: pick(random, [1, 1, 1, 2]) }, () =>
        lines.length === 0 ? 'no line' : pick(random, ways)(lines, delimiterOf(text), random),
      );
      return damaged(Buffer.from(lines.map((line) => `${line}\n`).join('')), said.join('; '));
    },
  ],
  [0.3, (bytes) => damaged(Buffer.from(`\ufeff${bytes.toString('utf8')}`, 'utf16le'), 'in UTF-16')],
  [0.3, (bytes) => damaged(Buffer.from(bytes.toString('utf8'), 'utf16le'), 'in UTF-16 without a mark')],
  [2, generic],
);
