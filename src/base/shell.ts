import { unsafeText } from './unsafe-text.ts';

const bytesOf = (c: string): string =>
  [...Buffer.from(c, 'utf8')].map((byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('');

/** A word with characters that act on a terminal, in bash's and zsh's form for them: none of them stands in the line. */
const spelledOut = (text: string): string =>
  `$'${text.replace(/['\\]/g, (c) => `\\${c}`).replace(unsafeText, bytesOf)}'`;

/** A word as a POSIX shell reads it back; as bash and zsh do where it holds characters that act on a terminal. */
export const shellWord = (text: string): string =>
  text.search(unsafeText) >= 0
    ? spelledOut(text)
    : /^[\w@%+=:,./-]+$/.test(text)
      ? text
      : `'${text.replaceAll("'", "'\\''")}'`;
