import { Socket } from 'node:net';
import type { WriteStream } from 'node:tty';
import type { OutputStream } from './terminal.ts';

/**
 * The terminal as Ink sees it: its size and its resizing, and none of its cells. Ink would write a line feed for each
 * line of a layout without text, and the cursor back at its end: whatever it writes is dropped, the painter alone draws.
 */
export class InkOutput extends Socket implements WriteStream {
  readonly isTTY = true;
  readonly #terminal: OutputStream;
  readonly #resized = (): void => {
    this.emit('resize');
  };

  constructor(terminal: OutputStream) {
    super();
    this.#terminal = terminal;
    terminal.on('resize', this.#resized);
  }

  get columns(): number {
    return this.#terminal.columns ?? 80;
  }
  get rows(): number {
    return this.#terminal.rows ?? 24;
  }
  getWindowSize(): [number, number] {
    return [this.columns, this.rows];
  }
  getColorDepth(): number {
    return 1;
  }
  hasColors(): boolean {
    return false;
  }
  clearLine(): boolean {
    return true;
  }
  clearScreenDown(): boolean {
    return true;
  }
  cursorTo(): boolean {
    return true;
  }
  moveCursor(): boolean {
    return true;
  }

  override _write(_chunk: unknown, _encoding: BufferEncoding, done: () => void): void {
    done();
  }
  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#terminal.off('resize', this.#resized);
    super._destroy(error, done);
  }
}
