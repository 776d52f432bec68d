import { memoText } from '../../base/memo.ts';
import { unsafeText } from '../../base/unsafe-text.ts';

/**
 * Text that others wrote never reaches a terminal as it is: a title with an escape sequence would move
 * the cursor, a bidi override would reorder the line. Each such character is replaced by a picture.
 */

const pictured = (code: number): string => {
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '␡';
  if (code === 0xad) return '-';
  if (code >= 0x80 && code < 0xa0) return '␦';
  if (code >= 0xd800 && code <= 0xdfff) return '�';
  const bidi =
    code === 0x061c ||
    code === 0x200e ||
    code === 0x200f ||
    (code >= 0x202a && code <= 0x202e) ||
    (code >= 0x2066 && code <= 0x2069);
  return bidi ? '⇄' : '·';
};

/** Whether each character is printable ASCII: one cell each, none acts on a terminal. A loop: texts are short, and measured often. */
export const isAscii = (text: string): boolean => {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 0x20 || code > 0x7e) return false;
  }
  return true;
};

const madeSafe = memoText(3000, (text) => text.replace(unsafeText, (c) => pictured(c.codePointAt(0) ?? 0)));

/** The text with everything that could act on a terminal shown instead of obeyed: ESC becomes ␛. */
export const sanitise = (text: string): string => (isAscii(text) ? text : madeSafe(text));

/** As `sanitise`, but line breaks stay: for messages of several lines. */
export const sanitiseLines = (text: string): string => text.split('\n').map(sanitise).join('\n');
