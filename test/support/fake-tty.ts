import { EventEmitter } from 'node:events';
import { Socket } from 'node:net';

/** A terminal's input: bytes are sent as a terminal would, in chunks, and are read before `send` returns. */
export class FakeInput extends Socket {
  readonly isTTY = true;
  isRaw = false;
  setRawMode(mode: boolean): this {
    this.isRaw = mode;
    return this;
  }
  /** Nothing comes but what is sent. */
  override _read(): void {}
  send(bytes: string): void {
    this.push(bytes);
    this.emit('readable');
  }
}

/** A terminal's output: keeps what was written and hands it to the emulator. */
export class FakeOutput extends EventEmitter {
  readonly isTTY = true;
  bytes = 0;
  constructor(
    public columns: number,
    public rows: number,
    private readonly sink: (text: string) => void,
  ) {
    super();
  }
  write(text: string): boolean {
    this.bytes += Buffer.byteLength(text);
    this.sink(text);
    return true;
  }
  resize(columns: number, rows: number): void {
    this.columns = columns;
    this.rows = rows;
    this.emit('resize');
  }
}
