import { render } from 'ink';
import { InkOutput } from './ink-output.ts';
import { Screen, type ScreenProps } from './screen.tsx';
import type { OutputStream } from './terminal.ts';

export interface InkScreen {
  /** Unmounts the components, keys and raw mode with them. */
  close(): void;
}

/**
 * Mounts the screen: Ink lays its boxes out in each commit and reads the keyboard; we paint. A view that throws comes
 * back as `crash`.
 */
export const openInk = (
  props: ScreenProps,
  stdin: NodeJS.ReadStream,
  terminal: OutputStream,
  crash: (error: unknown) => void,
): InkScreen => {
  const stdout = new InkOutput(terminal);
  const instance = render(<Screen {...props} />, {
    stdin,
    stdout,
    stderr: stdout,
    exitOnCtrlC: false,
    patchConsole: false,
    isScreenReaderEnabled: false,
    // No timer between a commit and Ink's own frame, which is empty: see `Screen`.
    debug: true,
  });
  instance.waitUntilExit().catch(crash);
  return {
    close() {
      instance.unmount();
      stdout.destroy();
    },
  };
};
