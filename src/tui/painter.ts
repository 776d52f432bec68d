/**
 * Draws frames on a terminal: only the lines that changed, each at its own place. Ink 6.8's own
 * incremental drawing starts one line too low when a frame ends in a line break, so Ink hands whole
 * frames to this writer instead.
 */
export interface Painter {
  /** A whole frame, lines separated by line breaks; none wider than the terminal. */
  paint(frame: string): void;
  /** The screen was cleared, resized or taken by another program: the next frame is drawn in full. */
  forget(): void;
  /** The last frame again, after `forget`. */
  repaint(): void;
}

const begin = '\u001b[?2026h';
const end = '\u001b[?2026l';
const reset = '\u001b[0m';

export const createPainter = (write: (bytes: string) => void): Painter => {
  let shown: readonly string[] = [];
  let fresh = true;
  const painter: Painter = {
    paint(frame) {
      const lines = frame.split('\n');
      const out: string[] = fresh ? ['\u001b[2J'] : [];
      lines.forEach((line, i) => { if (fresh || line !== shown[i]) out.push(`\u001b[${i + 1};1H\u001b[K${line}${reset}`); });
      if (!fresh) for (let i = lines.length; i < shown.length; i++) out.push(`\u001b[${i + 1};1H\u001b[K`);
      shown = lines;
      fresh = false;
      if (out.length > 0) write(`${begin}${out.join('')}${end}`);
    },
    forget() { fresh = true; },
    repaint() { if (shown.length > 0) painter.paint(shown.join('\n')); },
  };
  return painter;
};
