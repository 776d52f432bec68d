import { readRegular } from './regular-file.ts';

/** How a text is encoded, as the mark it begins with says; null: no mark, UTF-8. */
export type TextMark = 'utf-8' | 'utf-16le' | 'utf-16be';

/** The byte-order mark of a text, which Windows' editors and shells write; null: none. */
export const markOf = (bytes: Uint8Array): TextMark | null => {
  const [first, second, third] = bytes;
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : null;
};

/** A text in the encoding its mark names, UTF-8 without one; the mark is dropped, bytes that are no text become U+FFFD. */
export const decodeText = (bytes: Uint8Array): string => new TextDecoder(markOf(bytes) ?? 'utf-8').decode(bytes);

/** A file of text that a person may have written. Throws `bad-input` for no regular file, and what the file system throws. */
export const readText = async (path: string): Promise<string> => decodeText(await readRegular(path));
