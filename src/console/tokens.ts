/** One word of a command line. Positions are code units into `source`, for the caret under an error. */
export interface Token {
  readonly text: string;
  readonly at: number;
  readonly end: number;
  /** Written with quotes: never read as an option. */
  readonly quoted: boolean;
}

export interface Tokens {
  readonly source: string;
  readonly tokens: readonly Token[];
  /** Where a quote was opened and never closed. */
  readonly unclosed: number | null;
}

const space = /\s/u;

interface Word {
  text: string;
  at: number;
  quoted: boolean;
}

/**
 * Splits a REPL line into words. `'…'` is literal; in `"…"` and outside, a backslash takes the next
 * character as it is. Nothing is expanded: no globs, no variables.
 */
export const tokenise = (source: string): Tokens => {
  const tokens: Token[] = [];
  let word: Word | null = null;
  let quote: { mark: string; at: number } | null = null;
  const open = (at: number): Word => (word ??= { text: '', at, quoted: false });
  const close = (end: number): void => {
    if (word !== null) tokens.push({ text: word.text, at: word.at, end, quoted: word.quoted });
    word = null;
  };
  for (let i = 0; i < source.length; i++) {
    const c = source.charAt(i);
    if (c === '\\' && quote?.mark !== "'" && i + 1 < source.length) {
      open(i).text += source.charAt(++i);
    } else if (quote !== null) {
      if (c === quote.mark) quote = null;
      else open(i).text += c;
    } else if (c === '"' || c === "'") {
      quote = { mark: c, at: i };
      const current = open(i);
      // `--search="x y"` is still an option: only a word that starts with a quote is literal.
      if (current.at === i) current.quoted = true;
    } else if (space.test(c)) {
      close(i);
    } else {
      open(i).text += c;
    }
  }
  close(source.length);
  return { source, tokens, unclosed: quote === null ? null : (quote as { at: number }).at };
};

const bare = /^[^\s"'\\]+$/u;

/** A word as it has to be typed so that `tokenise` gives it back. */
export const quoteWord = (word: string): string =>
  bare.test(word) ? word : `"${word.replace(/["\\]/g, (c) => `\\${c}`)}"`;

/** The words the shell already split, laid out as one line so that errors can point into it. */
export const tokensOfArgv = (argv: readonly string[]): Tokens => {
  const tokens: Token[] = [];
  let source = '';
  for (const text of argv) {
    if (source !== '') source += ' ';
    const at = source.length;
    source += quoteWord(text);
    tokens.push({ text, at, end: source.length, quoted: false });
  }
  return { source, tokens, unclosed: null };
};
