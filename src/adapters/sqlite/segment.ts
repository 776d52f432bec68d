/** Scripts written without spaces: only these need the dictionary segmenter, which costs µs a word. */
const unspaced =
  '\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}\\p{Script=Thai}\\p{Script=Lao}\\p{Script=Khmer}\\p{Script=Myanmar}';
const run = new RegExp(`[${unspaced}ー々]+|(?:(?![${unspaced}])[\\p{L}\\p{N}\\p{M}])+`, 'gu');
const needsDictionary = new RegExp(`^[${unspaced}]`, 'u');
const ascii = /^[\0-\x7f]*$/;
const asciiWord = /[a-z0-9]+/g;

let segmenter: Intl.Segmenter | null = null;
const dictionaryWords = (text: string): string[] => {
  segmenter ??= new Intl.Segmenter('zh', { granularity: 'word' });
  const words: string[] = [];
  for (const part of segmenter.segment(text)) if (part.isWordLike === true) words.push(part.segment);
  return words;
};

/**
 * Words of a text, as indexed and as queried: NFKC, lower case, runs of letters and digits; runs of
 * Chinese, Japanese, Thai, … cut by `Intl.Segmenter('zh', word)` (FTS5's own tokenisers cannot).
 */
export const segmentWords = (text: string): string[] => {
  if (ascii.test(text)) return text.toLowerCase().match(asciiWord) ?? [];
  const runs = text.normalize('NFKC').toLowerCase().match(run) ?? [];
  return runs.flatMap((word) => (needsDictionary.test(word) ? dictionaryWords(word) : [word]));
};

const phrase = (words: readonly string[]): string => `"${words.join(' ')}"`;

/** The words of a query that stand between spaces, each as its segmented tokens. */
const queryWords = (query: string): string[][] => {
  const words = query
    .split(/\s+/u)
    .map(segmentWords)
    .filter((tokens) => tokens.length > 0);
  const seen = new Set<string>();
  return words.filter((tokens) => {
    const key = tokens.join(' ');
    return seen.has(key) ? false : (seen.add(key), true);
  });
};

/**
 * The FTS5 expressions of a query, strictest first, each a list of phrases of which any will do. Strict: any of its
 * words, a word's tokens adjacent
 * (智能音箱 comes out as 智能 音 箱 and must not match every 音). Relaxed, for a sentence typed without
 * spaces, which as one phrase finds nothing: any two adjacent tokens. Empty: nothing to look for.
 */
export const matchPhrases = (query: string): string[][] => {
  const words = queryWords(query);
  if (words.length === 0) return [];
  const pairs = words
    .filter((tokens) => tokens.length > 2)
    .flatMap((tokens) => tokens.slice(1).map((token, i) => phrase([tokens[i] ?? '', token])));
  const strict = words.map(phrase);
  return pairs.length === 0 ? [strict] : [strict, [...new Set(pairs)]];
};
