import { describe, expect, it } from 'vitest';
import { progressText } from '../../src/cli/progress.ts';

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
