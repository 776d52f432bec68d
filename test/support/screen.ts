import xterm from '@xterm/headless';
import stringWidth from 'string-width';

const widthOf = (code: number): 0 | 1 | 2 => {
  const width = stringWidth(String.fromCodePoint(code));
  return width === 0 || width === 1 ? width : 2;
};

/** Widths as terminals of today have them; the emulator's own table is of Unicode 6 and knows no emoji. */
const today: xterm.IUnicodeVersionProvider = {
  version: 'today',
  wcwidth: widthOf,
  charProperties(code, preceding) {
    const width = widthOf(code);
    const before = (preceding >> 1) & 3;
    const joins = width === 0 && before > 0;
    return ((joins ? before : width) << 1) | (joins ? 1 : 0);
  },
};

/** A cell of the screen as it is drawn; `width` 2: a wide character, 0: the right half of one. */
export interface StyledCell {
  readonly text: string;
  readonly width: number;
  readonly bold: boolean;
  readonly dim: boolean;
  readonly inverse: boolean;
  /** 0 to 15 of the terminal's palette; null: the default colour. */
  readonly colour: number | null;
}

/** An emulated terminal: what a person would see. */
export class Screen {
  private readonly terminal: xterm.Terminal;
  /** `widths`: `today`, or `6` for an old terminal's table. */
  constructor(columns: number, rows: number, widths = 'today') {
    this.terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
    this.terminal.unicode.register(today);
    this.terminal.unicode.activeVersion = widths;
  }

  write(text: string): void {
    this.terminal.write(text);
  }
  resize(columns: number, rows: number): void {
    this.terminal.resize(columns, rows);
  }

  /** After everything written so far has been taken in. */
  settled(): Promise<void> {
    return new Promise((resolve) => {
      this.terminal.write('', resolve);
    });
  }

  lines(): string[] {
    const { active } = this.terminal.buffer;
    return Array.from(
      { length: this.terminal.rows },
      (_, y) => active.getLine(active.baseY + y)?.translateToString(true) ?? '',
    );
  }

  cell(x: number, y: number): string {
    return this.terminal.buffer.active.getLine(y)?.getCell(x)?.getChars() ?? '';
  }
  /** The cells of a row with their styles. */
  styled(y: number): StyledCell[] {
    const line = this.terminal.buffer.active.getLine(y);
    return Array.from({ length: this.terminal.cols }, (_, x) => {
      const cell = line?.getCell(x);
      return {
        text: cell?.getChars() ?? '',
        width: cell?.getWidth() ?? 1,
        bold: (cell?.isBold() ?? 0) !== 0,
        dim: (cell?.isDim() ?? 0) !== 0,
        inverse: (cell?.isInverse() ?? 0) !== 0,
        colour: cell?.isFgPalette() === true ? cell.getFgColor() : null,
      };
    });
  }
  text(): string {
    return this.lines().join('\n');
  }
  get alternate(): boolean {
    return this.terminal.buffer.active.type === 'alternate';
  }
  /** Lines that scrolled off: a frame that is too tall shows here. */
  get scrollback(): number {
    return this.terminal.buffer.active.baseY;
  }
}
