import { EventEmitter } from 'node:events';
import { render } from 'ink';
import type { Store } from '../state/store.ts';
import type { AppState } from '../state/state.ts';
import { App } from './app.tsx';
import { InkOutput } from './ink-output.ts';
import type { Painter } from './painter.ts';

export interface InkScreen { close(): void }

/** Ink reads no keys and sees no real stream: bytes come from the decoder and go through the painter. */
export const openInk = (store: Store, draw: (state: AppState) => readonly string[], painter: Painter): InkScreen => {
  const output = new InkOutput(painter, () => store.get().size.columns);
  const stdout: NodeJS.WriteStream = Object.create(output);
  const stdin: NodeJS.ReadStream = Object.create(new EventEmitter(), { isTTY: { value: false } });
  const instance = render(<App store={store} draw={draw} />, { stdout, stdin, stderr: stdout, debug: true, patchConsole: false, exitOnCtrlC: false });
  return {
    close() {
      output.close();
      instance.unmount();
    },
  };
};
