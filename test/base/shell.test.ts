import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { shellWord } from '../../src/base/shell.ts';
import { unsafeText } from '../../src/base/unsafe-text.ts';

describe('a word of a shell', () => {
  it('is read back by bash as it was, and holds nothing that acts on a terminal', () => {
    const text = fc.string({
      unit: fc.constantFrom(
        'a',
        "'",
        '\\',
        '"',
        '$',
        '`',
        ' ',
        '!',
        '\n',
        '\u001b',
        '\u202e',
        '\u200b',
        '\u00ad',
        '广',
      ),
    });
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 20 }), (words) => {
        const line = words.map(shellWord).join(' ');
        expect(line.search(unsafeText)).toBe(-1);
        const read = execFileSync('bash', ['-c', `printf '%s\\0' ${line}`], { encoding: 'utf8' });
        expect(read.split('\0').slice(0, -1)).toEqual(words);
      }),
      { numRuns: 50 },
    );
  });
});
