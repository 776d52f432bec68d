import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createPainter } from '../../src/tui/painter.ts';
import { fitLine, type Line, type Style } from '../../src/views/text/line.ts';
import { renderPlain } from '../../src/views/text/render.ts';
import { steadyLine } from '../../src/views/screen/steady.ts';
import { Screen } from '../support/screen.ts';
import { keys, runTui } from '../support/tui.ts';

const width = 24;
const height = 4;
const words = fc.constantFrom(
  'a',
  'bc ',
  '音箱',
  '广',
  ' ',
  '👩‍👩‍👧',
  '❤️',
  'é',
  'काजू बर्फी',
  'ज्ञान',
  'শাড়ি',
  'ក្រុង',
  'த',
  'กำ',
  '…',
  '│',
  '\u001b[2J',
  '  spaces  ',
);
const style = fc.constantFrom<Style | undefined>(undefined, 'bold', 'accent', 'selected');
const line: fc.Arbitrary<Line> = fc
  .array(fc.tuple(fc.array(words, { maxLength: 6 }), style), { maxLength: 5 })
  .map((spans) =>
    steadyLine(
      fitLine(
        spans.map(([text, s]) => ({ text: text.join(''), ...(s === undefined ? {} : { style: s }) })),
        width,
      ),
    ),
  );
const frame = fc.array(line, { minLength: height, maxLength: height });

describe('the painter', () => {
  it('leaves the screen as the last frame has it, whatever was drawn before', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 6 }), async (frames) => {
        const screen = new Screen(width, height + 1);
        const painter = createPainter((bytes) => {
          screen.write(bytes);
        }, 1);
        for (const lines of frames) painter.paint(lines);
        await screen.settled();
        expect(
          screen
            .lines()
            .slice(0, height)
            .map((l) => l.trimEnd()),
        ).toEqual(renderPlain(frames.at(-1) ?? []));
      }),
      { numRuns: 150 },
    );
  });

  it('writes nothing for a frame that is on the screen already', () => {
    const written: string[] = [];
    const painter = createPainter((bytes) => {
      written.push(bytes);
    }, 0);
    const lines = (): Line[] => [[{ text: '音箱' }], [{ text: 'two ' }]];
    painter.paint(lines());
    painter.paint(lines());
    expect(written).toHaveLength(1);
  });

  it('keeps what stands right of an emoji in its column on a terminal that draws it narrow', async () => {
    const screen = new Screen(width, 3, '6');
    const painter = createPainter((bytes) => {
      screen.write(bytes);
    }, 0);
    painter.paint([fitLine([{ text: '🎁 gift' }], width - 1).concat([{ text: '|' }])]);
    await screen.settled();
    expect(screen.cell(width - 1, 0)).toBe('|');
  });
});

describe('a change of weights', () => {
  it('writes less than 8 KB at 160×50, the list, the sliders and the movement together', async () => {
    const t = await runTui(160, 50);
    await t.press(keys.enter, 'w', 'j', 'l');
    for (const key of ['l', 'L', 'h', 'H', '0']) {
      const before = t.stdout.bytes;
      await t.press(key);
      expect(t.stdout.bytes - before).toBeGreaterThan(0);
      expect(t.stdout.bytes - before).toBeLessThan(8192);
    }
    t.stdin.emit('end');
    await t.exit;
  });
});
