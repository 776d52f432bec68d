import xterm from '@xterm/headless';

/** An emulated terminal: what a person would see. */
export class Screen {
  private readonly terminal: xterm.Terminal;
  constructor(columns: number, rows: number) {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  }

  write(text: string): void { this.terminal.write(text); }
  resize(columns: number, rows: number): void { this.terminal.resize(columns, rows); }

  /** After everything written so far has been taken in. */
  settled(): Promise<void> { return new Promise((resolve) => { this.terminal.write('', resolve); }); }

  lines(): string[] {
    const { active } = this.terminal.buffer;
    return Array.from({ length: this.terminal.rows }, (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '');
  }

  text(): string { return this.lines().join('\n'); }
  get alternate(): boolean { return this.terminal.buffer.active.type === 'alternate'; }
  /** Lines that scrolled off: a frame that is too tall shows here. */
  get scrollback(): number { return this.terminal.buffer.active.baseY; }
}
