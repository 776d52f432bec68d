import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clipped } from '../../src/base/unsafe-text.ts';
import { RecallError } from '../../src/errors.ts';

describe('a line of a message', () => {
  it('stays as it is up to the limit; beyond it the end is left out and its length said, no character in halves', () =>
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.integer({ min: 1, max: 40 }), (text, most) => {
        const line = clipped(text, most);
        if (text.length <= most) {
          expect(line).toBe(text);
          return;
        }
        const [, head = ''] = /^([^]*)… \((\d+) characters\)$/.exec(line) ?? [];
        expect(text.startsWith(head)).toBe(true);
        expect(head.length).toBeGreaterThanOrEqual(most - 1);
        expect(line.endsWith(`… (${text.length} characters)`)).toBe(true);
        expect(head).not.toMatch(/\p{Surrogate}/u);
      }),
    ));

  it('is bounded in each field of an error', () => {
    const long = 'x'.repeat(100_000);
    const error = new RecallError('bad-input', long, { expected: long, found: long, todo: long });
    expect(error.lines()).toHaveLength(4);
    expect(Math.max(...error.lines().map((line) => line.length))).toBeLessThan(1_600);
  });
});
