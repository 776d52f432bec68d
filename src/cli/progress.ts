import type { Progress } from '../console/command.ts';
import { truncateCells } from '../views/text/cells.ts';
import { count, duration, percent } from '../views/text/figures.ts';
import type { CliIo } from './io.ts';

export interface ProgressReporter {
  report(progress: Progress): void;
  /** Removes the line, so that what follows starts on a clean one. */
  clear(): Promise<void>;
}

const everyTty = 100;
const firstSparse = 2_000;
const everySparse = 10_000;

interface Stage {
  readonly name: string;
  readonly startedAt: number;
  readonly startedWith: number;
}

/** `events: 1,200,000 of 5,000,000 (24 %), 310,000/s, 12 s left` */
export const progressText = (progress: Progress, elapsedMs: number, doneHere: number): string => {
  const { stage, done, total, note } = progress;
  const rate = elapsedMs > 500 && doneHere > 0 ? doneHere / (elapsedMs / 1000) : null;
  if (total === null && done === 0) return `${stage}…`;
  const parts = [
    total === null || total === 0
      ? count(done)
      : `${count(done)} of ${count(total)} (${percent(Math.min(1, done / total))})`,
    ...(rate === null ? [] : [`${rate >= 10 ? count(rate) : rate.toFixed(1)}/s`]),
    // A command that reports the remaining time itself knows it better.
    ...(rate === null || total === null || done >= total || note?.includes(' left') === true
      ? []
      : [`${duration(((total - done) / rate) * 1000)} left`]),
    ...(note === undefined || note === '' ? [] : [note]),
  ];
  return `${stage}: ${parts.join(', ')}`;
};

/** On a terminal one line, rewritten; elsewhere a line now and then, none for what is quick. stderr only. */
export const progressReporter = (io: CliIo): ProgressReporter => {
  const { stderr } = io;
  let stage: Stage | null = null;
  let shownAt = Number.NEGATIVE_INFINITY;
  let drawn = false;
  const started = io.now();

  const due = (now: number): boolean =>
    stderr.isTTY ? now - shownAt >= everyTty : now - started >= firstSparse && now - shownAt >= everySparse;

  return {
    report: (progress) => {
      const now = io.now();
      const fresh = stage?.name !== progress.stage;
      if (stage === null || fresh) stage = { name: progress.stage, startedAt: now, startedWith: progress.done };
      if (!(fresh && stderr.isTTY) && !due(now)) return;
      shownAt = now;
      const line = truncateCells(
        progressText(progress, now - stage.startedAt, progress.done - stage.startedWith),
        stderr.isTTY ? Math.max(20, stderr.columns - 1) : 200,
      );
      drawn = stderr.isTTY;
      void stderr.write(stderr.isTTY ? `\r\u001b[2K${line}` : `${line}\n`);
    },
    clear: async () => {
      if (drawn) await stderr.write('\r\u001b[2K');
      drawn = false;
    },
  };
};
