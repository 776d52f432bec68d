import { describe, expect, it } from 'vitest';
import { memoText } from '../../src/base/memo.ts';

const counted = (limit: number): { readonly upper: (text: string) => string; readonly made: string[] } => {
  const made: string[] = [];
  return {
    made,
    upper: memoText(limit, (text) => {
      made.push(text);
      return text.toUpperCase();
    }),
  };
};

describe('memoText', () => {
  it('makes the value of a text once', () => {
    const { upper, made } = counted(10);
    expect([upper('a'), upper('b'), upper('a')]).toEqual(['A', 'B', 'A']);
    expect(made).toEqual(['a', 'b']);
  });

  it('starts again when it is full, so that memory is bounded', () => {
    const { upper, made } = counted(2);
    for (const text of ['a', 'b', 'c', 'a']) upper(text);
    expect(made).toEqual(['a', 'b', 'c', 'a']);
  });

  it('does not remember a paste', () => {
    const { upper, made } = counted(10);
    const paste = 'x'.repeat(301);
    upper(paste);
    upper(paste);
    expect(made).toHaveLength(2);
  });
});
