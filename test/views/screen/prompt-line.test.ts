import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderPlain } from '../../../src/views/text/render.ts';
import { inputLine } from '../../../src/views/screen/prompt.ts';

const shown = (value: string, cursor: number, width: number): string =>
  renderPlain([inputLine({ value, cursor }, width)])[0] ?? '';

describe('the line being typed', () => {
  it('shows the text around the cursor, however long the text is', () => {
    expect(shown('abc', 3, 6)).toBe('abc');
    expect(shown('智能音箱推荐', 6, 9)).toBe(shown('音箱推荐', 4, 9));
    expect(shown(`${'x'.repeat(4_000)}end`, 4_003, 8)).toBe(shown('xxxxend', 7, 8));
  });

  it('stays within its width, for any text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '智', ' ', '👩‍👩‍👧', 'é') }),
        fc.integer({ min: 3, max: 40 }),
        (value, width) => {
          expect(stringWidth(shown(value, value.length, width))).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
