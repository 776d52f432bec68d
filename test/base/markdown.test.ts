import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grid, markdownText } from '../../src/base/markdown.ts';

const text = fc.string({ unit: fc.constantFrom('a', '|', '\\', '`', '<', '\n', '\u001b', '\u202e', '广', ' ') });

/** Bars that begin or end a cell: those behind an even number of backslashes. */
const barsOf = (line: string): number => [...line.matchAll(/(?<!\\)(?:\\\\)*\|/g)].length;

describe('a Markdown table', () => {
  it('keeps every row on one line and in its cells, whatever the text of a cell holds', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 4 }), (rows) => {
        const lines = grid(
          ['a', 'b'],
          rows.map((cells) => cells.map(markdownText)),
        );
        expect(lines).toHaveLength(rows.length + 2);
        for (const line of lines) {
          expect([line, barsOf(line)]).toEqual([line, 3]);
          expect(line).not.toMatch(/[\n\u001b\u202e]/);
        }
      }),
    );
  });

  it('keeps the Markdown of its cells, bars and line breaks escaped', () => {
    expect(grid(['`a|b`'], [['x\n  y'], ['a\\|b']])).toEqual(['| `a\\|b` |', '|---|', '| x y |', '| a\\|b |']);
  });

  it('shows text of the data as text', () => {
    expect(markdownText('a|b *_`[~#&!]\\')).toBe('a\\|b \\*\\_\\`\\[\\~\\#\\&\\!\\]\\\\');
    expect(markdownText('*a* [b](c) <i>\u001b[31m\u202e 👩‍💻')).toBe('\\*a\\* \\[b\\](c) \\<i\\>␦\\[31m␦ 👩‍💻');
  });
});
