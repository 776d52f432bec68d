import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { edit, emptyInput, inputOf, insert, type TextInput } from '../../../src/state/prompt/input.ts';

const segmenter = new Intl.Segmenter('en', { granularity: 'grapheme' });
const isStop = ({ value, cursor }: TextInput): boolean =>
  cursor === value.length || [...segmenter.segment(value)].some((s) => s.index === cursor);
const editKeys = [
  'backspace',
  'delete',
  'left',
  'right',
  'home',
  'end',
  'ctrl-u',
  'ctrl-k',
  'ctrl-w',
  'alt-b',
  'alt-f',
];

describe('a line being typed', () => {
  it('keeps its cursor between graphemes whatever is typed and edited', () => {
    const step = fc.oneof(fc.constantFrom(...editKeys), fc.constantFrom('a', '音', '箱', '👩‍👩‍👧', 'é', ' ', 'x y'));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const end = steps.reduce<TextInput>(
          (input, s) => (editKeys.includes(s) ? (edit(input, s) ?? input) : insert(input, s)),
          emptyInput,
        );
        expect(isStop(end)).toBe(true);
      }),
    );
  });

  it('loses a family emoji with one backspace', () => {
    expect(edit(inputOf('a👩‍👩‍👧'), 'backspace')).toEqual({ value: 'a', cursor: 1 });
  });

  it('never holds a control character, and a paste of lines becomes one line', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(insert(emptyInput, text).value).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
    expect(insert(emptyInput, 'a\r\nb\tc').value).toBe('a b c');
  });

  it('holds a line of 4,096 units and drops the rest of a paste between two graphemes', () => {
    const full = insert(inputOf('a'.repeat(4_094)), '智👩‍👩‍👧智');
    expect(full.value).toBe(`${'a'.repeat(4_094)}智`);
    expect(insert(insert(full, 'bcd'), 'e').value).toHaveLength(4_096);
  });

  it('deletes the word before the cursor, and what follows it', () => {
    expect(edit({ value: 'why not ad', cursor: 7 }, 'ctrl-w')).toEqual({ value: 'why  ad', cursor: 4 });
    expect(edit({ value: 'why not ad', cursor: 7 }, 'ctrl-k')).toEqual({ value: 'why not', cursor: 7 });
  });
});
