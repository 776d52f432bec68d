const reordered = /[\uD800-\uFFFF]/;
const everyReordered = /[\uD800-\uFFFF]/g;

/**
 * SQLite compares text as UTF-8 bytes, which is code-point order: it differs from code-unit order
 * where astral characters meet U+E000 … U+FFFF. Moving every code unit from U+D800 on into one block
 * of its own makes the two agree. Returns null where the id itself already sorts right.
 */
export const sortKey = (id: string): string | null =>
  reordered.test(id)
    ? id.replace(everyReordered, (unit) => String.fromCodePoint(0x10000 + unit.charCodeAt(0) - 0xd800))
    : null;

const loneSurrogate = /\p{Surrogate}/u;

/** false: the text has half a surrogate pair, which UTF-8 cannot hold and two ids would collide on. */
export const isStorable = (text: string): boolean => !loneSurrogate.test(text);
