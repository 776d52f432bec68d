import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeEntities } from '../../../src/ingest/formats/entities.ts';
import { quotesOf, splitQuoted } from '../../../src/base/delimited.ts';
import { syntheticTime, timeSplit } from '../../../src/ingest/formats/times.ts';
import type { Seen } from '../../../src/ingest/formats/format.ts';

const quoted = (field: string): string => `"${field.replaceAll('"', '""')}"`;

const seenAt = (times: readonly number[]): Seen => ({
  users: new Set(),
  ads: new Set(),
  times: new Map([['click', times]]),
  kinds: new Set(['click']),
  events: times.length,
  queries: 0,
  categories: false,
  friends: 0,
});

describe('the fields of a record', () => {
  it('come back as they were quoted, whatever they hold', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', '广') }), { minLength: 1, maxLength: 6 }),
        (fields) => {
          const record = fields.map(quoted).join(',');
          expect(splitQuoted(record, ',')).toEqual(fields);
          expect(quotesOf(record, ',')).toBe('closed');
          expect(quotesOf(record.slice(0, -1), ',')).toBe('open');
        },
      ),
    );
  });
  it('keep a quote inside a field that does not begin with one: inch marks are characters', () => {
    expect(splitQuoted('a1,55" TV,3', ',')).toEqual(['a1', '55" TV', '3']);
    expect(quotesOf('a1,55" TV,3', ',')).toBe('closed');
  });
  it('fail to parse when a quote is not closed or is followed by text', () => {
    expect([splitQuoted('"a,b', ','), splitQuoted('"a"b,c', ',')]).toEqual([null, null]);
    expect([quotesOf('"a,b', ','), quotesOf('"55\\" TV",c', ',')]).toEqual(['open', 'broken']);
  });
  it('can be empty, the last one too', () => {
    expect([splitQuoted('', ','), splitQuoted(',', ','), splitQuoted('"",', ',')]).toEqual([[''], ['', ''], ['', '']]);
  });
});

describe('the times of a sample', () => {
  it('count back from T0 by the hour where only an order is given', () => {
    expect([0, 1, 2].map((fromEnd) => syntheticTime(10 * 3_600_000, fromEnd))).toEqual([
      36_000_000, 32_400_000, 28_800_000,
    ]);
  });
  it('split so that about a tenth of the engagement comes after as-of', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 10 ** 10 }), { minLength: 20, maxLength: 300 }), (times) => {
        const asOf = timeSplit(seenAt(times), ['click']) ?? Number.NaN;
        const after = times.filter((time) => time >= asOf).length / times.length;
        expect(after).toBeGreaterThanOrEqual(0.05);
        expect(after).toBeLessThanOrEqual(0.2);
      }),
    );
    expect(timeSplit(seenAt([]), ['click'])).toBeNull();
  });
});

describe('HTML entities', () => {
  it('become the characters they stand for, once, and unknown ones stay', () => {
    expect(
      decodeEntities('Rock &amp; Roll &#39;n&#x27; Pok&eacute;mon&trade; &Eacute; &amp;quot; &bogus; &#xD800; A&B;'),
    ).toBe("Rock & Roll 'n' Pokémon™ É &quot; &bogus; &#xD800; A&B;");
  });
});
