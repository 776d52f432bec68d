import { graphemesOf } from '../../base/graphemes.ts';
import { controls } from '../../base/unsafe-text.ts';

/** One line of text being typed. `cursor` is a code-unit offset that always lies between two graphemes. */
export interface TextInput {
  readonly value: string;
  readonly cursor: number;
}

export const emptyInput: TextInput = { value: '', cursor: 0 };

export const inputOf = (value: string): TextInput => ({ value, cursor: value.length });

/** Offsets between graphemes, 0 and the length included. */
const stops = (value: string): number[] => [...[...graphemesOf(value)].map((s) => s.index), value.length];

const before = (input: TextInput): number =>
  stops(input.value)
    .filter((s) => s < input.cursor)
    .at(-1) ?? 0;
const after = (input: TextInput): number => stops(input.value).find((s) => s > input.cursor) ?? input.value.length;

const cut = (input: TextInput, from: number, to: number): TextInput => ({
  value: input.value.slice(0, from) + input.value.slice(to),
  cursor: from,
});

/** Code units a line holds: a book pasted by mistake must not make every key after it slow. */
export const longestLine = 4_096;

/** Typed or pasted text; line breaks become spaces, other control characters are dropped, and so is what a line cannot hold. */
export const insert = (input: TextInput, text: string): TextInput => {
  const room = longestLine - input.value.length;
  const offered = text.replace(/\r\n|[\r\n\t]/g, ' ').replace(controls, '');
  const clean =
    offered.length <= room
      ? offered
      : offered.slice(
          0,
          stops(offered)
            .filter((s) => s <= room)
            .at(-1) ?? 0,
        );
  const head = input.value.slice(0, input.cursor) + clean;
  return { value: head + input.value.slice(input.cursor), cursor: head.length };
};

const wordStart = (input: TextInput): number => {
  const head = input.value.slice(0, input.cursor).replace(/\s+$/u, '');
  return head.length - (/\S+$/u.exec(head)?.[0].length ?? 0);
};

const wordEnd = (input: TextInput): number => {
  const tail = input.value.slice(input.cursor);
  return input.cursor + (/^\s*\S*/u.exec(tail)?.[0].length ?? 0);
};

/** Readline's keys. null: the key does not edit. */
export const edit = (input: TextInput, key: string): TextInput | null => {
  switch (key) {
    case 'backspace':
      return cut(input, before(input), input.cursor);
    case 'delete':
    case 'ctrl-d':
      return cut(input, input.cursor, after(input));
    case 'left':
    case 'ctrl-b':
      return { ...input, cursor: before(input) };
    case 'right':
    case 'ctrl-f':
      return { ...input, cursor: after(input) };
    case 'home':
    case 'ctrl-a':
      return { ...input, cursor: 0 };
    case 'end':
    case 'ctrl-e':
      return { ...input, cursor: input.value.length };
    case 'ctrl-u':
      return cut(input, 0, input.cursor);
    case 'ctrl-k':
      return cut(input, input.cursor, input.value.length);
    case 'ctrl-w':
    case 'alt-backspace':
      return cut(input, wordStart(input), input.cursor);
    case 'alt-b':
    case 'ctrl-left':
      return { ...input, cursor: wordStart(input) };
    case 'alt-f':
    case 'ctrl-right':
      return { ...input, cursor: wordEnd(input) };
    default:
      return null;
  }
};
