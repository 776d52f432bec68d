import type { FileAnswer } from './protocol.ts';
import { askInstead } from './requests.ts';
import { only, type AppState, type Step } from './state.ts';

/** Writes a text to a file, whole or not at all; `again`: how to overwrite one that is there. */
export const writeFile = (state: AppState, path: string, content: string, replace: boolean, again: string): Step =>
  askInstead(state, {
    slot: 'write',
    command: 'write',
    args: { path, again },
    baseQuery: null,
    task: { do: 'write', path, text: content, replace },
  });

export const onWritten = (state: AppState, { path, bytes }: Extract<FileAnswer, { do: 'write' }>): Step =>
  only({ ...state, message: { text: `wrote ${path}: ${bytes} bytes`, tone: 'plain' } });
