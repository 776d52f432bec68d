import { describe, expect, it } from 'vitest';
import { smallestFound } from '../../../src/views/answers/why/why-not-sentences.ts';

const longerList = (to: number, smallest: { certain: boolean; ran: { from: number; to: number } }): string =>
  smallestFound({ change: { type: 'k', from: 3, to }, smallest });

describe('the text of a longer list', () => {
  it('adds nothing where no smaller k works', () => {
    expect(longerList(9, { certain: true, ran: { from: 8, to: 9 } })).toBe('');
  });

  it('names the lists that were run where a smaller k may work', () => {
    expect(longerList(128, { certain: false, ran: { from: 93, to: 128 } })).toBe(
      'The smallest k found: from 93 on each shorter list fails, of 4 to 92 not all were run.',
    );
    expect(longerList(128, { certain: false, ran: { from: 128, to: 128 } })).toBe(
      'The smallest k found: of 4 to 127 not all were run.',
    );
  });
});
