import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { titlesUnder } from './support/titles.ts';

const root = join(import.meta.dirname, '..');
const titles = titlesUnder(join(root, 'test'));

describe('the table of conventions', () => {
  it('names tests that exist', () => {
    const rows = [
      ...readFileSync(join(root, 'test', 'conventions.md'), 'utf8').matchAll(/^\| .* \| `([^`]+)` › (.+) \|$/gm),
    ];
    expect(rows.length).toBeGreaterThan(40);
    const missing = rows.filter(
      ([, file = '', title = '']) => !titles.some((one) => one.file === file && one.text.includes(title)),
    );
    expect(missing.map(([row]) => row)).toEqual([]);
  });
});

/** A suite names a subject: words, or the name of a function or command. */
const namesSubject = (text: string): boolean => /\S\s+\S/.test(text) || /^[\w-]{3,}$/.test(text);

/** First words of a title that goes on with a sentence begun in its suite, instead of giving the verb. */
const midSentence =
  /^(that|are|an?|and|of|what|by|with|without|on|in|at|as|from|for|when|whose|which|where|who|also|to|until)\b/i;

/** Words that a reader has to guess at. */
const privateWords = /\b(told|nobody|beside|anew|elsewhere|ours|hostile|wild|she|her)\b/i;

const listed = (chosen: typeof titles): string[] =>
  chosen.map(({ file, within, text }) => `${file}: ${[...within, text].join(' > ')}`);

describe('the title of a test', () => {
  it('has a suite that names its subject', () => {
    expect(titles.length).toBeGreaterThan(900);
    expect(listed(titles.filter(({ kind, text }) => kind === 'suite' && !namesSubject(text)))).toEqual([]);
  });

  it('begins with a verb after its suite, and with a subject where it has none', () => {
    const tests = titles.filter(({ kind }) => kind === 'test');
    const wrong = tests.filter(({ text, within }) =>
      within.length > 0 ? midSentence.test(text) : text.split(' ').length < 4,
    );
    expect(listed(wrong)).toEqual([]);
  });

  it('uses no word that a reader has to guess at', () => {
    expect(listed(titles.filter(({ text }) => privateWords.test(text)))).toEqual([]);
  });
});
