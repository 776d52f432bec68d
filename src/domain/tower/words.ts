/**
 * Words of a title or a search, as the tower's tables know them: lower case, NFKC, HTML entities
 * dropped; scripts without spaces are cut by `Intl.Segmenter` (智能音箱 → 智能 · 音 · 箱, and the
 * bigrams put adjacent words together again).
 */
export const wordsOf = (text: string): string[] => {
  const clean = text.replace(entity, ' ').normalize('NFKC').toLowerCase();
  const words: string[] = [];
  for (const run of clean.match(wordRun) ?? []) {
    if (spaced.test(run)) words.push(run);
    else for (const { segment, isWordLike } of segmenter().segment(run)) if (isWordLike === true) words.push(segment);
    if (words.length >= maxWords) break;
  }
  return words.slice(0, maxWords);
};

/** Adjacent pairs, as `a b`. */
export const bigramsOf = (words: readonly string[]): string[] =>
  words.slice(1).map((word, i) => `${words[i] ?? ''} ${word}`);

const maxWords = 40;
const entity = /&(?:amp|quot|lt|gt|apos|nbsp|#\d{1,6});/gi;
const wordRun = /[\p{L}\p{N}\p{M}]+/gu;
/** Latin, Greek, Cyrillic and digits: written with spaces between words. */
const spaced = /^[\p{Script=Latin}\p{Script=Greek}\p{Script=Cyrillic}\p{N}\p{M}]+$/u;

let made: Intl.Segmenter | undefined;
const segmenter = (): Intl.Segmenter => (made ??= new Intl.Segmenter('zh', { granularity: 'word' }));
