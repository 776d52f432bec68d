import { EventEmitter } from 'node:events';

/** A terminal's input: bytes are sent as a terminal would, in chunks. */
export class FakeInput extends EventEmitter {
  readonly isTTY = true;
  raw = false;
  setRawMode(mode: boolean): this {
    this.raw = mode;
    return this;
  }
  setEncoding(): this {
    return this;
  }
  resume(): this {
    return this;
  }
  pause(): this {
    return this;
  }
  send(bytes: string): void {
    this.emit('data', bytes);
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
