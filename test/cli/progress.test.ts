import { describe, expect, it } from 'vitest';
import type { CliIo } from '../../src/cli/io.ts';
import { output } from '../../src/cli/output.ts';
import { progressReporter, progressText } from '../../src/cli/progress.ts';

describe('a line of progress', () => {
  it('divides what is left by the rate: 2 of 10 in two seconds leaves eight', () => {
    expect(progressText({ stage: 'rows', done: 2, total: 10 }, 2_000, 2)).toBe(
      'rows: 2 of 10 (20 %), 1.0/s, 8.0 s left',
    );
    expect(progressText({ stage: 'rows', done: 9_000, total: 10_000 }, 3_000, 6_000)).toBe(
      'rows: 9,000 of 10,000 (90 %), 2,000/s, 500 ms left',
    );
  });

  it('gives no rate in the first half second, and no time left without a total or at the end', () => {
    expect(progressText({ stage: 'rows', done: 2, total: 10 }, 500, 2)).toBe('rows: 2 of 10 (20 %)');
    expect(progressText({ stage: 'rows', done: 20, total: null }, 1_000, 20)).toBe('rows: 20, 20/s');
    expect(progressText({ stage: 'rows', done: 20, total: 20 }, 1_000, 20)).toBe('rows: 20 of 20 (100 %), 20/s');
    expect(progressText({ stage: 'rows', done: 0, total: null }, 9_000, 0)).toBe('rows…');
    expect(progressText({ stage: 'rows', done: 5, total: 10 }, 9_000, 0)).toBe('rows: 5 of 10 (50 %)');
  });

  it('gives way to the time left that the command itself computed', () => {
    expect(progressText({ stage: 'epochs', done: 2, total: 10, note: '3 min left' }, 2_000, 2)).toBe(
      'epochs: 2 of 10 (20 %), 1.0/s, 3 min left',
    );
    expect(progressText({ stage: 'epochs', done: 2, total: 10, note: 'loss 1.2' }, 2_000, 2)).toBe(
      'epochs: 2 of 10 (20 %), 1.0/s, 8.0 s left, loss 1.2',
    );
  });
});

/** What is written to stderr, on a clock that the test moves. */
const recorded = (isTTY: boolean, env: CliIo['env'] = {}) => {
  let err = '';
  let now = 0;
  const stream = (write: (text: string) => void) => ({
    isTTY,
    columns: isTTY ? 30 : 0,
    write: (text: string) => {
      write(text);
      return Promise.resolve(true);
    },
  });
  const io: CliIo = {
    stdout: stream(() => undefined),
    stderr: stream((text) => {
      err += text;
    }),
    stdin: () => Promise.resolve(''),
    env,
    cwd: '/',
    onInterrupt: () => () => undefined,
    exitNow: () => undefined,
    now: () => now,
  };
  return { io, written: () => err, at: (ms: number) => (now = ms) };
};

describe('progress on stderr', () => {
  it('comes on a pipe after two seconds at first, then every ten', () => {
    const { io, written, at } = recorded(false);
    const { report } = progressReporter(io);
    for (let ms = 0; ms <= 22_500; ms += 500) {
      at(ms);
      report({ stage: 'rows', done: ms, total: null });
    }
    expect(
      written()
        .split('\n')
        .map((line) => line.replace(/,\d.*/, '')),
    ).toEqual([...['rows: 2', 'rows: 12', 'rows: 22', '']]);
  });

  it('is one line on a terminal, within its width, rewritten at most ten times a second', async () => {
    const { io, written, at } = recorded(true);
    const { report, clear } = progressReporter(io);
    for (let ms = 0; ms < 1000; ms += 50) {
      at(ms);
      report({ stage: 'a stage with quite a long name', done: ms, total: 1000 });
    }
    const lines = written().split('\r\u001b[2K').slice(1);
    expect(lines).toHaveLength(10);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(29);
    await clear();
    expect(written().endsWith('\r\u001b[2K')).toBe(true);
  });
});

describe('the width of the output', () => {
  it('follows the terminal, else COLUMNS from 20 on, else no line is too long', () => {
    const width = (isTTY: boolean, columns?: string) =>
      output(recorded(isTTY, columns === undefined ? {} : { COLUMNS: columns }).io).width;
    expect([width(true, '80'), width(false, '80'), width(false, '20')]).toEqual([30, 80, 20]);
    expect([width(false), width(false, '19'), width(false, 'wide'), width(false, '1e3.5')]).toEqual([
      ...[100_000, 100_000, 100_000, 100_000],
    ]);
  });
});
