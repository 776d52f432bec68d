import { EventEmitter } from 'node:events';
import { render } from 'ink';
import { App, type AppProps } from './app.tsx';

export interface InkScreen {
  close(): void;
}

/** A stream Ink may hold: it hears no resize and what is written to it goes nowhere. */
class NoStream extends EventEmitter {
  readonly isTTY = false;
  readonly columns = 80;
  readonly rows = 24;
  write(): boolean {
    return true;
  }
}

/** Ink keeps the component alive; it reads no keys and writes no frame: see `App`. */
export const openInk = (props: AppProps): InkScreen => {
  const stdout: NodeJS.WriteStream = Object.create(new NoStream());
  const stdin: NodeJS.ReadStream = Object.create(new NoStream());
  const instance = render(<App {...props} />, {
    stdout,
    stdin,
    stderr: stdout,
    debug: true,
    patchConsole: false,
    exitOnCtrlC: false,
  });
  return {
    close() {
      instance.unmount();
    },
  };
};
