import { fold } from './parse.ts';

/** Levels without the blanks around `>`, case and width folded: `Home >  Lamps` → `home>lamps`. */
const folded = (text: string): string =>
  fold(text)
    .replaceAll(/\s*>\s*/gu, '>')
    .trim();

/**
 * What `cat:` means in every filter: the category path has this in it, whatever its case and width. `>` stands between
 * two levels, and before or behind a text for the edge of one: `cat:phone` also takes phone cases, `cat:>phone>` does not.
 * An ad without a category matches none.
 */
export const inCategory = (path: string | null, written: string): boolean =>
  path !== null && path !== '' && `>${folded(path)}>`.includes(folded(written));
