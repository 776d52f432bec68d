import { EventEmitter } from 'node:events';
import type { Painter } from './painter.ts';

/**
 * The stream Ink writes to. In its debug mode Ink hands over each frame whole, in one write, without
 * throttling or cursor moves of its own; the painter draws what changed. It never hears of a resize:
 * the store does, and the frame follows.
 */
export class InkOutput extends EventEmitter {
  readonly isTTY = true;
  readonly rows = 10_000;
  private open = true;

  constructor(private readonly painter: Painter, private readonly width: () => number) { super(); }

  get columns(): number { return this.width(); }

  write(frame: string): boolean {
    if (this.open && frame !== '') this.painter.paint(frame);
    return true;
  }

  /** What Ink writes while it unmounts must not reach the screen. */
  close(): void { this.open = false; }
}
