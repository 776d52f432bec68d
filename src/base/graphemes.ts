import { lazy } from './lazy.ts';

const segmenter = lazy(() => new Intl.Segmenter('und', { granularity: 'grapheme' }));

/** The graphemes of a text. The segmenter is made at the first one: its tables take 9 ms to load, as much as a first frame. */
export const graphemesOf = (text: string): Intl.Segments => segmenter().segment(text);
