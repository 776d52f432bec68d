import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { bar, slider } from '../../../src/views/text/bars.ts';
import { cellWidth, fitCells, truncateCells, wrapCells } from '../../../src/views/text/cells.ts';
import { bytes } from '../../../src/base/bytes.ts';
import { age, count, figure, percent, utc, utcShort } from '../../../src/views/text/figures.ts';
import { fitLine, fitLines, lineWidth, span, text, truncateLine, type Style } from '../../../src/views/text/line.ts';
import { colourLevel, renderAnsi, renderPlain } from '../../../src/views/text/render.ts';
import { sanitise } from '../../../src/views/text/sanitise.ts';
import { sparkline, squeeze } from '../../../src/views/text/sparkline.ts';
import { rankArrow, table, type Column } from '../../../src/views/text/table.ts';

/** Titles as they come: CJK, emoji with joiners, controls, bidi overrides. */
const wild = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc
    .array(fc.constantFrom('天猫精灵', '👩‍👩‍👧‍👦', 'é', '\u001b[31m', '\u202e', '🇨🇳', '½', 'ｱ', ' ', 'ad-1'), {
      maxLength: 8,
    })
    .map((a) => a.join('')),
);
const styles: readonly (Style | undefined)[] = [undefined, 'dim', 'bold', 'accent', 'good', 'bad', 'warn', 'selected'];
const spans = fc.array(
  fc.record({ text: wild, style: fc.constantFrom(...styles) }).map(({ text: t, style }) => span(t, style)),
  { maxLength: 6 },
);
const width = fc.integer({ min: 0, max: 60 });
const plainWidth = (line: Parameters<typeof renderPlain>[0][number]): number =>
  stringWidth(renderPlain([line])[0] ?? '');

describe('the sanitising of text', () => {
  it('shows an escape sequence instead of obeying it', () => {
    expect(sanitise('a\u001b[31mb\u0007\r\n\u009b2J\u007f')).toBe('a␛[31mb␇␍␊␦2J␡');
    expect(sanitise('\u202etxt.exe\u2066')).toBe('⇄txt.exe⇄');
    expect(sanitise('\ud800')).toBe('\ufffd');
  });

  it('leaves Chinese and joined emoji as they are', () => {
    for (const fine of ['天猫精灵 智能音箱 Pro 白色', '👩‍👩‍👧‍👦 family', '❤️', 'Ünïcode']) expect(sanitise(fine)).toBe(fine);
  });

  it('leaves nothing that acts on a terminal, and is idempotent', () => {
    fc.assert(
      fc.property(wild, (t) => {
        const clean = sanitise(t);
        expect(clean).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069\u2028\u2029]|\p{Surrogate}/u);
        expect(sanitise(clean)).toBe(clean);
      }),
    );
  });
});

describe('the cells of a text', () => {
  it('end before a wide character that would run over by one', () => {
    expect(truncateCells('广告广告', 6)).toBe('广告…');
    expect(truncateCells('广告广告', 7)).toBe('广告广…');
    expect(truncateCells('广告', 4)).toBe('广告');
    expect(truncateCells('👩‍👩‍👧‍👦x', 2)).toBe('…');
    expect(fitCells('广告', 6, 'right')).toBe('  广告');
  });

  it('never exceed the width, and fill it exactly when fitting', () => {
    fc.assert(
      fc.property(wild, width, (t, w) => {
        expect(stringWidth(truncateCells(t, w))).toBeLessThanOrEqual(w);
        expect(stringWidth(fitCells(t, w))).toBeLessThanOrEqual(w);
        for (const line of wrapCells(t, w)) expect(stringWidth(line)).toBeLessThanOrEqual(w);
      }),
    );
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('广', '告', 'a', ' ', '👍') }), width, (t, w) => {
        expect(cellWidth(fitCells(t, w))).toBe(w);
      }),
    );
  });

  it('wrap without losing a word', () => {
    expect(wrapCells('NOT RECALLED: the index missed it', 14)).toEqual(['NOT RECALLED:', 'the index', 'missed it']);
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '广'), minLength: 1, maxLength: 9 })),
        fc.integer({ min: 2, max: 20 }),
        (words, w) => {
          expect(wrapCells(words.join(' '), w).join('').replace(/ /g, '')).toBe(words.join(''));
        },
      ),
    );
  });
});

describe('styled lines', () => {
  it('never exceed the width, with or without styles', () => {
    fc.assert(
      fc.property(spans, width, (line, w) => {
        expect(plainWidth(truncateLine(line, w))).toBeLessThanOrEqual(w);
        expect(lineWidth(fitLine(line, w, 'right'))).toBeLessThanOrEqual(w);
      }),
    );
  });

  it('end in a count of the lines that were cropped', () => {
    const lines = fitLines(
      ['a', 'b', 'c', 'd'].map((c) => text(c)),
      20,
      3,
    );
    expect(renderPlain(lines)).toEqual(['a', 'b', '… 2 more']);
    expect(fitLines(lines, 20, 0)).toEqual([]);
  });
});

describe('the width of a text', () => {
  it('is what string-width says of every character of the basic plane, alone', () => {
    const wrong: string[] = [];
    for (let code = 0x20; code <= 0xffff; code++) {
      const character = String.fromCharCode(code);
      if (cellWidth(character) !== stringWidth(sanitise(character))) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });

  it('is what string-width says of any run of the characters it knows by itself', () => {
    const known = fc.constantFrom(...'aé½×·…–→▲│━█▁✓Δ−≥あンー广告！～'.split(''));
    fc.assert(
      fc.property(
        fc.string({ unit: fc.oneof(known, fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 })) }),
        (all) => {
          expect(cellWidth(all)).toBe(stringWidth(sanitise(all)));
        },
      ),
    );
  });
});

describe('a table of text', () => {
  const columns: readonly Column<{ n: number; title: string }>[] = [
    { title: '#', align: 'right', cell: (r) => String(r.n) },
    { title: 'ad', flex: 1, min: 6, cell: (r) => r.title },
    { title: 'score', align: 'right', drop: 1, cell: (r) => figure(r.n / 10) },
  ];
  const rows = [
    { n: 1, title: '天猫精灵 智能音箱 Pro' },
    { n: 10, title: 'Aqara' },
  ];

  it('aligns figures under wide characters', () => {
    expect(renderPlain(table(columns, rows, 40))).toEqual([
      ' #  ad                      score',
      ' 1  天猫精灵 智能音箱 Pro   .1000',
      '10  Aqara                  1.0000',
    ]);
  });

  it('shrinks the flexible column, then drops the expendable one', () => {
    expect(renderPlain(table(columns, rows, 20))[1]).toBe(' 1  天猫精…    .1000');
    expect(renderPlain(table(columns, rows, 11))).toEqual([' #  ad', ' 1  天猫精…', '10  Aqara']);
  });

  it('drops the column with the highest value of drop first, and never one without', () => {
    const wide: readonly Column<number>[] = [
      { title: 'stays', cell: String },
      { title: 'later', drop: 1, cell: String },
      { title: 'first', drop: 3, cell: String },
      { title: 'second', drop: 2, cell: String },
    ];
    const header = (w: number): string | undefined => renderPlain(table(wide, [1], w))[0];
    expect([27, 26, 19, 18, 11, 5].map(header)).toEqual([
      'stays  later  first  second',
      'stays  later  second',
      'stays  later',
      'stays  later',
      'stays',
      'stays',
    ]);
  });

  it('never exceeds its width', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ n: fc.nat(), title: wild }), { maxLength: 5 }), width, (data, w) => {
        for (const line of table(columns, data, w)) expect(plainWidth(line)).toBeLessThanOrEqual(w);
      }),
    );
  });

  it('shows with arrow and word how an ad moved', () => {
    expect([
      rankArrow(14, 2).text,
      rankArrow(2, 11).text,
      rankArrow(null, 6).text,
      rankArrow(97, null).text,
      rankArrow(3, 3).text,
      rankArrow(2, 1, true).text,
    ]).toEqual(['▲ 12', '▼ 9', '▲ in', '▼ out', '=', '^ 1']);
  });
});

describe('figures, bars and sparklines', () => {
  it('print numbers the same everywhere', () => {
    expect([
      figure(0.8412),
      figure(-0.0155),
      figure(0.02, 4, true),
      figure(12.3),
      figure(-0.00001),
      figure(null),
    ]).toEqual(['.8412', '−.0155', '+.0200', '12.3000', '.0000', '–']);
    expect([count(20_000), count(999), count(1_234_567)]).toEqual(['20,000', '999', '1,234,567']);
    expect([percent(0.42), percent(0.043), percent(1)]).toEqual(['42 %', '4.3 %', '100 %']);
    expect([age(0), age(59_999), age(3 * 86_400_000), age(-120_000)]).toEqual(['0 s', '59 s', '3 d', '−2 min']);
    expect([bytes(999), bytes(5_120_000)]).toEqual(['999 B', '5.1 MB']);
    const at = Date.UTC(2025, 5, 17, 20, 58, 3);
    expect([utc(at), utc(at, true), utcShort(at), utc(null), utc(Number.NaN)]).toEqual([
      '2025-06-17 20:58',
      '2025-06-17 20:58:03',
      '06-17 20:58',
      '–',
      '?',
    ]);
  });

  it('draw to an eighth of a cell, within the width, longer for more', () => {
    expect([bar(1, 1, 3), bar(-0.5, 1, 3), bar(0.001, 1, 3), bar(0, 1, 3), bar(0.5, 1, 4, true)]).toEqual([
      '███',
      '█▌',
      '▏',
      '',
      '##',
    ]);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer({ min: 1, max: 40 }),
        (a, b, w) => {
          expect(bar(a, 1, w).length).toBeLessThanOrEqual(w);
          if (a <= b) expect(bar(a, 1, w).length).toBeLessThanOrEqual(bar(b, 1, w).length);
        },
      ),
    );
  });

  it('show where a weight stands and where its pin stood', () => {
    expect(slider(2, 0, 0, 4, 9)).toBe('┊───┃────');
    expect(slider(4, 4, 0, 4, 5, true)).toBe('----|');
  });

  it('scale sparklines to the largest value and keep zero apart from little', () => {
    expect(sparkline([0, 1, 50, 100])).toBe('▁▂▅█');
    expect(sparkline([0, 0])).toBe('▁▁');
    expect(squeeze([1, 2, 3, 4, 5], 3)).toEqual([3, 7, 5]);
  });
});

describe('the rendering of lines', () => {
  it('honours FORCE_COLOR, NO_COLOR, TERM=dumb and pipes', () => {
    expect(colourLevel({ TERM: 'xterm-256color' }, true)).toBe(2);
    expect(colourLevel({ TERM: 'xterm', COLORTERM: 'truecolor' }, true)).toBe(3);
    expect(colourLevel({ TERM: 'xterm-256color' }, false)).toBe(0);
    expect(colourLevel({ TERM: 'xterm', NO_COLOR: '1' }, true)).toBe(0);
    expect(colourLevel({ TERM: 'xterm', NO_COLOR: '' }, true)).toBe(1);
    expect(colourLevel({ TERM: 'dumb' }, true)).toBe(0);
    expect(colourLevel({ FORCE_COLOR: '1', NO_COLOR: '1' }, false)).toBe(1);
    expect(colourLevel({ FORCE_COLOR: '0', TERM: 'xterm' }, true)).toBe(0);
  });

  it('puts the colours on and nothing of the data’s own', () => {
    expect(renderAnsi([[span('a\u001b[2J', 'good')]], 1)).toEqual(['\u001b[32ma␛[2J\u001b[39m']);
    expect(renderAnsi([[span('plain', 'bad')]], 0)).toEqual(['plain']);
  });
});
