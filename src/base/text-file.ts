import { RecallError } from '../errors.ts';
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

/** The longest text that is read whole, in bytes; what has rows is read row by row. */
export const maxTextBytes = 256 * 2 ** 20;

/** A text read whole is longer than the limit. `what` is its path, or where it came from. */
export const tooLongText = (what: string): RecallError =>
  new RecallError('bad-input', `${what} is longer than ${maxTextBytes / 2 ** 20} MB`, {
    expected: `at most ${maxTextBytes / 2 ** 20} MB of text`,
    found: 'more',
    todo: 'check that this is the right file',
  });

/** The bytes of a text. Throws `bad-input` for no regular file and for one that is too long, and what the file system throws. */
export const readTextBytes = async (path: string): Promise<Buffer> => {
  const bytes = await readRegular(path, maxTextBytes);
  if (bytes === null) throw tooLongText(path);
  return bytes;
};

/** A file of text that a person may have written. Throws like `readTextBytes`. */
export const readText = async (path: string): Promise<string> => decodeText(await readTextBytes(path));
