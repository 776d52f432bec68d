/**
 * The texts of the screen. The English text is its own key: a view says `t('{n} of {total} users', { n, total })`, and
 * a second language is one catalogue from these English texts to its own. The table of all of them, `docs/texts.json`,
 * is collected from the calls by `npm run docs`; a test holds that no view says a text which is not in it. Texts are
 * looked up when they are drawn, never while a module loads: the language may be chosen later.
 */

/** The names in braces of a text: `'{n} of {total}'` → `'n' | 'total'`. */
export type Places<S extends string> = S extends `${string}{${infer Name}}${infer Rest}` ? Name | Places<Rest> : never;

/** The values of the places of a text; empty for a text without places. */
export type Values<S extends string, V> = [Places<S>] extends [never] ? [] : [Readonly<Record<Places<S>, V>>];

/** English text → the same text in another language, with the same names in braces. */
export type Catalogue = ReadonlyMap<string, string>;

/** A text in pieces: even ones are words, odd ones the names of places. */
export type Pieces = readonly string[];

let catalogue: Catalogue = new Map();
const split = new Map<string, Pieces>();

/** Speaks another language from now on; an empty catalogue is English. */
export const speak = (texts: Catalogue): void => {
  catalogue = texts;
  split.clear();
};

/** The pieces of a text in the language spoken, split once. */
export const piecesOf = (english: string): Pieces => {
  const known = split.get(english);
  if (known !== undefined) return known;
  const pieces = (catalogue.get(english) ?? english).split(/\{(\w+)\}/);
  split.set(english, pieces);
  return pieces;
};

/** A text of the screen in the language spoken, each `{name}` replaced by its value. */
export const t = <const S extends string>(english: S, ...values: Values<S, string | number>): string => {
  const pieces = piecesOf(english);
  if (pieces.length === 1) return pieces[0] ?? '';
  const of: Readonly<Record<string, string | number>> = values[0] ?? {};
  return pieces.map((piece, i) => (i % 2 === 0 ? piece : String(of[piece]))).join('');
};

/** The text of one where `n` is 1, of many otherwise; `{n}` in either is the number. */
export const tn = <const One extends string, const Many extends string>(
  n: number,
  one: One,
  many: Many,
  ...values: [Exclude<Places<One> | Places<Many>, 'n'>] extends [never]
    ? []
    : [Readonly<Record<Exclude<Places<One> | Places<Many>, 'n'>, string | number>>]
): string => {
  const of: Readonly<Record<string, string | number>> = { ...values[0], n };
  return piecesOf(n === 1 ? one : many)
    .map((piece, i) => (i % 2 === 0 ? piece : String(of[piece])))
    .join('');
};
