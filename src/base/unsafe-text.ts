/**
 * Characters that act on a terminal or hide in a text: C0, DEL, C1, soft hyphen, bidi marks and
 * overrides, line and paragraph separators, zero-width spaces, invisible operators, interlinear and
 * language tags, lone surrogates. The zero-width joiner and the variation selectors are none of them:
 * emoji are made of them.
 */
export const unsafeText =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** C0, DEL and C1 alone: what no line of words holds, while marks of writing stay. */
export const controls = /[\u0000-\u001f\u007f-\u009f]+/gu;

export const hasControls = (text: string): boolean => text.search(controls) >= 0;

const escaped = (c: string): string =>
  c
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');

/** JSON on one line in which such characters are escapes: the same value, and nothing acts on a terminal. */
export const safeJson = (value: unknown): string => JSON.stringify(value).replace(unsafeText, escaped);

/** The text without them. */
export const withoutUnsafe = (text: string): string => text.replace(unsafeText, '');

/** A line of a message with its end left out beyond so many characters: a cell or an argument may be of any length. */
export const clipped = (line: string, most = 1_500): string =>
  line.length <= most ? line : `${line.slice(0, most).replace(/[\ud800-\udbff]$/, '')}… (${line.length} characters)`;
