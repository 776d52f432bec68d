import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { matches, type Filterable } from '../../../src/domain/filter/match.ts';
import { parseFilter, type ListField, type Term } from '../../../src/domain/filter/parse.ts';

const field = (name: string, type: ListField['type']): ListField => ({ name, type, doc: '', examples: [] });
const types: readonly ListField[] = [
  field('category', 'text'),
  field('brand', 'text'),
  field('channel', 'text'),
  field('price', 'number'),
  field('rank', 'number'),
  field('engaged', 'flag'),
];

const terms = (text: string): readonly Term[] => {
  const parsed = parseFilter(text, types);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.terms;
};

const row = (title: string, fields: Partial<Filterable['fields']> = {}): Filterable => ({
  texts: [title],
  fields: {
    category: '家电 > 音箱',
    brand: '小度',
    channel: ['model', 'keyword'],
    price: 99,
    rank: 7,
    engaged: true,
    ...fields,
  },
});

const shows = (filter: string, r: Filterable): boolean => matches(terms(filter), r);

describe('a filter of the list', () => {
  it('finds words fuzzily, Chinese ones too, and ignores scattered letters', () => {
    const speaker = row('天猫精灵 智能音箱 Pro 白色');
    expect(['智能音箱', '智箱', 'pro', 'PRO 白色', '音箱 智能'].map((f) => shows(f, speaker))).toEqual([
      true,
      true,
      true,
      true,
      true,
    ]);
    expect(['扫地', 'zz', '音箱 扫地'].map((f) => shows(f, speaker))).toEqual([false, false, false]);
  });

  it('takes \'word as it stands, !word as its absence, and "two words" as one', () => {
    const speaker = row('天猫精灵 智能音箱 Pro 白色');
    expect(
      ["'智能音箱", "'智箱", '!扫地', '!智能音箱', '\'"箱 Pro"', '\'"Pro 箱"'].map((f) => shows(f, speaker)),
    ).toEqual([true, false, true, false, true, false]);
  });

  it('looks into fields by name or first letters: words, numbers with an order, yes and no', () => {
    const yes = [
      'cat:音箱',
      'brand:小',
      'channel:keyword',
      'price:<100',
      'price:<=99',
      'price:99',
      'rank:>=7',
      'engaged:yes',
      '!engaged:no',
      'cat：家电',
    ];
    const no = ['cat:手机', 'channel:i2i', 'price:>99', 'rank:8', 'engaged:no', '!channel:model'];
    expect(yes.filter((f) => !shows(f, row('x')))).toEqual([]);
    expect(no.filter((f) => shows(f, row('x')))).toEqual([]);
    expect(shows('price:<100', row('x', { price: null }))).toBe(false);
  });

  it('says what is wrong, where, and which fields there are', () => {
    expect(parseFilter('a colour:red', types)).toEqual({
      ok: false,
      at: 2,
      terms: [{ not: false, kind: 'fuzzy', word: 'a' }],
      message: 'no field "colour" here; there are category, brand, channel, price, rank, engaged',
    });
    expect(parseFilter('pirce:9', types)).toMatchObject({
      ok: false,
      message: expect.stringContaining('no field "pirce" here; did you mean "price"?'),
    });
    expect(parseFilter('price:cheap', types)).toMatchObject({ ok: false, at: 6 });
    expect(parseFilter('!engaged:maybe', types)).toMatchObject({
      ok: false,
      at: 9,
      message: '"engaged:" is yes or no, not "maybe"',
    });
    expect(parseFilter('c:x', types)).toMatchObject({ ok: false, message: '"c:" may be category or channel' });
    expect(parseFilter('cat:', types)).toMatchObject({ ok: false, at: 4 });
  });

  const words = fc.constantFrom(
    '智能',
    '音箱',
    'pro',
    'Speaker',
    'cat:音箱',
    'price:<50',
    'rank:>3',
    'engaged:yes',
    "'ab",
    '!pro',
    '!brand:x',
    'é',
    'ｱ',
  );
  const texts = fc
    .array(fc.constantFrom('智能', '音箱', 'Pro', 'speaker', 'ab', ' ', 'É', 'ア', '𝓐'), { maxLength: 6 })
    .map((parts) => parts.join(''));
  const rows = fc
    .record({
      title: texts,
      price: fc.integer({ min: 0, max: 100 }),
      rank: fc.integer({ min: 1, max: 9 }),
      engaged: fc.boolean(),
      brand: fc.constantFrom('x', 'y'),
    })
    .map(({ title, ...fields }) => row(title, fields));

  it('shows the rows that both of two filters show, in either order', () => {
    fc.assert(
      fc.property(words, words, rows, (a, b, r) => {
        const both = shows(a, r) && shows(b, r);
        expect(shows(`${a} ${b}`, r)).toBe(both);
        expect(shows(`${b}  ${a}`, r)).toBe(both);
      }),
    );
  });

  it('shows exactly the other rows with !', () => {
    fc.assert(
      fc.property(
        words.filter((w) => !w.startsWith('!')),
        rows,
        (word, r) => {
          expect(shows(`!${word}`, r)).toBe(!shows(word, r));
        },
      ),
    );
  });

  it('does not mind case and width, in the filter or in the row', () => {
    const wide = (text: string): string =>
      [...text].map((c) => (/[!-~]/.test(c) ? String.fromCodePoint((c.codePointAt(0) ?? 0) + 0xfee0) : c)).join('');
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]{1,6}$/), texts, (word, title) => {
        const here = row(`${title} ${word}`);
        for (const form of [word, word.toUpperCase(), wide(word), wide(word.toUpperCase())]) {
          expect(shows(form, here)).toBe(true);
          expect(shows(form, row(title))).toBe(shows(word, row(title)));
          expect(shows(word, row(form))).toBe(true);
        }
      }),
    );
  });

  it('never throws and says at which letter, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc
            .array(fc.constantFrom('a', ':', '!', "'", '"', ' ', 'price', '<', '=', '音', 'cat'), { maxLength: 9 })
            .map((p) => p.join('')),
        ),
        (input) => {
          const parsed = parseFilter(input, types);
          if (!parsed.ok) expect(parsed.at >= 0 && parsed.at <= input.length).toBe(true);
        },
      ),
    );
  });
});
