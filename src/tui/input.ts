import type { Msg } from '../state/state.ts';
import { decode, type KeyInput } from './keys.ts';

/** How long a lone ESC waits for the rest of a sequence: long enough for a slow link's split, short enough not to be felt. */
const escapeMs = 40;

/** How long a paste may pause before it counts as ended: its end was lost, and the keys must not be. */
export const pasteMs = 1000;
const pasteStart = '\u001b[200~';
const ctrlC = '\u0003';

const msgOf = (input: KeyInput): Msg => (input.type === 'paste' ? { type: 'paste', text: input.text } : input);

/** What is read of a terminal: whoever reads it has it give text. */
export interface KeyStream {
  on(event: 'data', listener: (chunk: string) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  off(event: 'data', listener: (chunk: string) => void): unknown;
  off(event: 'end', listener: () => void): unknown;
}

/** Bytes typed → messages. Returns what stops it. */
export const listenToKeys = (stdin: KeyStream, dispatch: (msg: Msg) => void, ended: () => void): (() => void) => {
  let rest = '';
  let timer: NodeJS.Timeout | undefined;
  const take = (chunk: string, flush: boolean): void => {
    const decoded = decode(rest, chunk, flush);
    rest = decoded.rest;
    for (const input of decoded.keys) dispatch(msgOf(input));
  };
  const onData = (chunk: string): void => {
    clearTimeout(timer);
    // A key of its own, not a part of what is pasted.
    if (chunk === ctrlC && rest.startsWith(pasteStart)) take('', true);
    take(chunk, false);
    if (rest !== '')
      timer = setTimeout(
        () => {
          take('', true);
        },
        rest.startsWith(pasteStart) ? pasteMs : escapeMs,
      );
  };
  stdin.on('data', onData);
  stdin.on('end', ended);
  return () => {
    clearTimeout(timer);
    stdin.off('data', onData);
    stdin.off('end', ended);
  };
};
