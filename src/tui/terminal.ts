/** What the program needs of a terminal; real TTY streams have it, tests fake it. */
export interface InputStream {
  readonly isTTY?: boolean;
  setRawMode?(mode: boolean): unknown;
  setEncoding(encoding: BufferEncoding): unknown;
  on(event: 'data', listener: (chunk: string) => void): unknown;
  on(event: 'end', listener: () => void): unknown;
  off(event: 'data', listener: (chunk: string) => void): unknown;
  off(event: 'end', listener: () => void): unknown;
  resume(): unknown;
  pause(): unknown;
}

export interface OutputStream {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

const enter = '\u001b[?1049h\u001b[?25l\u001b[?7l\u001b[?2004h\u001b[2J\u001b[H';
const leave = '\u001b[?2004l\u001b[?7h\u001b[0m\u001b[?25h\u001b[?1049l';

/** The terminal's modes as one switch: alternate screen, hidden cursor, no wrapping, bracketed paste, raw input. */
export interface Terminal {
  enter(): void;
  leave(): void;
  /** After a stop, when another program may have changed the modes. */
  reenter(): void;
}

export const createTerminal = (stdin: InputStream, stdout: OutputStream): Terminal => {
  let inside = false;
  const terminal: Terminal = {
    enter() {
      if (inside) return;
      inside = true;
      stdin.setRawMode?.(true);
      stdin.resume();
      stdout.write(enter);
    },
    leave() {
      if (!inside) return;
      inside = false;
      stdout.write(leave);
      stdin.setRawMode?.(false);
      stdin.pause();
    },
    reenter() {
      // Setting raw mode that is thought to be set does nothing.
      stdin.setRawMode?.(false);
      inside = false;
      terminal.enter();
    },
  };
  return terminal;
};
