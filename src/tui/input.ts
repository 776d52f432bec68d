import type { Msg } from '../state/state.ts';
import { decode, type KeyInput } from './keys.ts';

/** How long a lone ESC waits for the rest of a sequence: long enough for a slow link's split, short enough not to be felt. */
const escapeMs = 40;

const msgOf = (input: KeyInput): Msg => (input.type === 'paste' ? { type: 'paste', text: input.text } : input);

/** What is read of a terminal: whoever reads it has it give text. */
export type KeyStream = Pick<NodeJS.ReadStream, 'on' | 'off'>;

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
    take(chunk, false);
    // An unfinished paste waits for its end however long that takes.
    if (rest !== '' && !rest.startsWith('\u001b[200~'))
      timer = setTimeout(() => {
        take('', true);
      }, escapeMs);
  };
  stdin.on('data', onData);
  stdin.on('end', ended);
  return () => {
    clearTimeout(timer);
    stdin.off('data', onData);
    stdin.off('end', ended);
  };
};
