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
  const bidi = code === 0x061c || code === 0x200e || code === 0x200f || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return bidi ? '⇄' : '·';
};

/**
 * C0, DEL, C1, soft hyphen, bidi marks and overrides, line and paragraph separators, zero-width spaces,
 * invisible operators, interlinear and language tags, lone surrogates. The zero-width joiner and the
 * variation selectors stay: emoji are made of them.
 */
const unsafe = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;
const suspicious = /[^\u0020-\u007e]/;

/** The text with everything that could act on a terminal shown instead of obeyed: ESC becomes ␛. */
export const sanitise = (text: string): string =>
  (suspicious.test(text) ? text.replace(unsafe, (c) => pictured(c.codePointAt(0) ?? 0)) : text);

/** As `sanitise`, but line breaks stay: for messages of several lines. */
export const sanitiseLines = (text: string): string => text.split('\n').map(sanitise).join('\n');
