/** What the program needs of a terminal's output; a real TTY has it, tests fake it. */
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

/** The terminal's modes as one switch: alternate screen, hidden cursor, no wrapping, bracketed paste. */
export interface Terminal {
  enter(): void;
  /** Raw input ends with it, whoever turned it on. */
  leave(): void;
  /** After a stop, when another program may have changed the modes: raw again. */
  reenter(): void;
}

export const createTerminal = (stdin: Pick<NodeJS.ReadStream, 'setRawMode'>, stdout: OutputStream): Terminal => {
  let inside = false;
  const terminal: Terminal = {
    enter() {
      if (inside) return;
      inside = true;
      stdout.write(enter);
    },
    leave() {
      if (!inside) return;
      inside = false;
      stdout.write(leave);
      stdin.setRawMode(false);
    },
    reenter() {
      // Setting raw mode that is thought to be set does nothing.
      stdin.setRawMode(false);
      stdin.setRawMode(true);
      inside = false;
      terminal.enter();
    },
  };
  return terminal;
};
