import { graphemesOf } from '../base/graphemes.ts';

/**
 * Bytes of a terminal → keys, as a pure machine: `decode(rest, chunk)` gives the keys and what is left
 * unfinished. Pastes are bracketed; mouse, focus and status reports are swallowed.
 */
export type KeyInput =
  | { readonly type: 'key'; readonly key: string; readonly text: string }
  | { readonly type: 'paste'; readonly text: string };

export interface Decoded {
  readonly keys: readonly KeyInput[];
  readonly rest: string;
}

const esc = '\u001b';
const pasteStart = `${esc}[200~`;
const pasteEnd = `${esc}[201~`;

/** A part of the mark that ends a paste. */
const tornEnd = /\u001b(?:\[(?:2(?:0(?:1)?)?)?)?$/;

const finals: Readonly<Record<string, string>> = {
  A: 'up',
  B: 'down',
  C: 'right',
  D: 'left',
  H: 'home',
  F: 'end',
  P: 'f1',
  Q: 'f2',
  R: 'f3',
  S: 'f4',
};
const tildes: Readonly<Record<string, string>> = {
  1: 'home',
  2: 'insert',
  3: 'delete',
  4: 'end',
  5: 'pgup',
  6: 'pgdn',
  7: 'home',
  8: 'end',
  15: 'f5',
  17: 'f6',
  18: 'f7',
  19: 'f8',
  20: 'f9',
  21: 'f10',
  23: 'f11',
  24: 'f12',
};
const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0000': 'ctrl-space',
  '\u001c': 'ctrl-\\',
  '\u001d': 'ctrl-]',
  '\u001e': 'ctrl-^',
  '\u001f': 'ctrl-_',
};

const key = (name: string, text = ''): KeyInput => ({ type: 'key', key: name, text });

/** xterm's modifier parameter: 1 + shift 1 + alt 2 + ctrl 4. */
const modified = (name: string, parameter: string | undefined): string => {
  const bits = Math.max(0, Number(parameter ?? '1') - 1);
  return `${(bits & 4) > 0 ? 'ctrl-' : ''}${(bits & 2) > 0 ? 'alt-' : ''}${(bits & 1) > 0 ? 'shift-' : ''}${name}`;
};

const csiKey = (body: string, final: string): KeyInput | null => {
  const [first, second] = body.split(';');
  if (final === 'Z') return key('shift-tab');
  // `CSI 12;40 R` is a cursor report; F3 with a modifier is `CSI 1;m R`.
  const plausible = first === '' || first === '1';
  const name = final === '~' ? tildes[first ?? ''] : plausible && /^[\d;]*$/.test(body) ? finals[final] : undefined;
  return name === undefined ? null : key(modified(name, second));
};

interface Piece {
  readonly key: KeyInput | null;
  readonly length: number;
}

/** Strings of OSC, DCS, APC and PM end with BEL or ST; they are replies, never keys. */
const reply = (input: string): Piece | null => {
  const end = /\u0007|\u001b\\/.exec(input.slice(2));
  return end === null ? null : { key: null, length: 2 + end.index + end[0].length };
};

const csi = (input: string): Piece | null => {
  // X10 mouse: three raw bytes follow.
  if (input.startsWith(`${esc}[M`)) return input.length < 6 ? null : { key: null, length: 6 };
  const match = /^\u001b\[([0-?]*)[ -/]*([@-~])/.exec(input);
  if (match !== null) return { key: csiKey(match[1] ?? '', match[2] ?? ''), length: match[0].length };
  // Neither whole nor the beginning of one: drop the introducer.
  return /^\u001b\[[0-?]*[ -/]*$/.test(input) ? null : { key: null, length: 2 };
};

/** One sequence that starts with ESC; null = it is not finished. */
const escape = (input: string): Piece | null => {
  const next = input.charAt(1);
  if (next === '') return null;
  if (next === '[') return csi(input);
  if (next === 'O')
    return input.length < 3
      ? null
      : { key: finals[input.charAt(2)] === undefined ? null : key(finals[input.charAt(2)] ?? ''), length: 3 };
  if (/[\]PX^_]/.test(next)) return reply(input);
  if (next === esc) return { key: key('esc'), length: 1 };
  const plain = controlKey(next)?.key;
  const name = plain ?? next;
  return { key: key(`alt-${name}`), length: 2 };
};

const controlKey = (c: string): Extract<KeyInput, { type: 'key' }> | null => {
  const known = controls[c];
  if (known !== undefined) return { type: 'key', key: known, text: '' };
  const code = c.charCodeAt(0);
  return code >= 1 && code <= 26 ? { type: 'key', key: `ctrl-${String.fromCharCode(code + 96)}`, text: '' } : null;
};

const plainRun = /^[^\u0000-\u001f\u007f-\u009f]+/;

const typed = (run: string): KeyInput[] => [...graphemesOf(run)].map(({ segment }) => key(segment, segment));

/**
 * `flush`: no more is coming, so a lone ESC is the key Esc, an unfinished sequence is dropped, and a paste without its
 * end is what has come of it.
 */
export const decode = (rest: string, chunk: string, flush = false): Decoded => {
  let input = rest + chunk;
  const keys: KeyInput[] = [];
  while (input !== '') {
    if (input.startsWith(pasteStart)) {
      const end = input.indexOf(pasteEnd);
      if (end < 0 && !flush) return { keys, rest: input };
      if (end < 0) {
        keys.push({ type: 'paste', text: input.slice(pasteStart.length).replace(tornEnd, '') });
        return { keys, rest: '' };
      }
      keys.push({ type: 'paste', text: input.slice(pasteStart.length, end) });
      input = input.slice(end + pasteEnd.length);
      continue;
    }
    const run = plainRun.exec(input)?.[0];
    if (run !== undefined) {
      keys.push(...typed(run));
      input = input.slice(run.length);
      continue;
    }
    if (!input.startsWith(esc)) {
      const control = controlKey(input.charAt(0));
      if (control !== null) keys.push(control);
      input = input.slice(1);
      continue;
    }
    const piece = escape(input);
    if (piece === null) {
      if (!flush) return { keys, rest: input };
      if (input === esc) keys.push(key('esc'));
      return { keys, rest: '' };
    }
    if (piece.key !== null) keys.push(piece.key);
    input = input.slice(piece.length);
  }
  return { keys, rest: '' };
};
