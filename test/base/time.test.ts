import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { endOfDay, isDay, misreadingOf, parseTime, readTime, timeHint, zoneOf } from '../../src/base/time.ts';
import { mostTimes, spelledDay, spelledInstant, spelledMs } from '../support/spelled-times.ts';

const utc = Date.UTC;

describe('the reader of times', () => {
  it.each([
    ['2025-06-17T21:04', utc(2025, 5, 17, 21, 4)],
    ['2025-06-17 21:04:05.6789', utc(2025, 5, 17, 21, 4, 5, 678)],
    ['2025-06-17T21:04:00+08:00', utc(2025, 5, 17, 13, 4)],
    ['2025-06-17t21:04:00z', utc(2025, 5, 17, 21, 4)],
    [' 2025-06-17T21:04 ', utc(2025, 5, 17, 21, 4)],
    ['2025-06-17T24:00', utc(2025, 5, 18)],
    ['2025-06-01 00:00:00 UTC', utc(2025, 5, 1)],
    ['2025-06-01 00:00:00+00', utc(2025, 5, 1)],
    ['2025-06-01 00:00:00.123456-0530', utc(2025, 5, 1, 5, 30, 0, 123)],
    ['2025-06-17', utc(2025, 5, 17)],
    ['2025-06-17+08:00', utc(2025, 5, 16, 16)],
    ['0001-01-01', -62_135_596_800_000],
    ['9999-12-31T23:59:59.999', 253_402_300_799_999],
    ['1750194240000', 1_750_194_240_000],
    ['1750194240000.0', 1_750_194_240_000],
    ['-86400000', -86_400_000],
    ['1000', 1000],
  ])('reads %s', (text, at) => {
    expect(parseTime(text)).toBe(at);
  });

  it.each([
    '17/06/2025',
    '2025-02-30',
    '2025-02-30T10:00',
    '2025-13-01',
    '2025-06-17T24:01',
    '2025-06-17T21:60',
    '2025-06-17T21:04:60',
    '2025-06-17T21',
    '2025-06-17T21:04+24:00',
    '2025-06-17-05',
    '0000-01-01',
    '0001-01-01T00:00+08:00',
    'now',
    '',
    '1e3',
    '12.5',
    '25340230080000000',
    '99999999999999999999',
  ])('refuses %j without a guess', (text) => {
    expect([parseTime(text), timeHint(text)]).toEqual([null, null]);
  });

  it.each([
    ['1750204800', 'looks like seconds: 2025-06-18T00:00:00Z; write 1750204800000'],
    ['1750204800.25', 'looks like seconds: 2025-06-18T00:00:00.250Z; write 1750204800250'],
    ['1750204800000000', 'looks like microseconds: 2025-06-18T00:00:00Z; write 1750204800000'],
    ['1750204800000999999', 'looks like nanoseconds: 2025-06-18T00:00:00Z; write 1750204800000'],
    ['20250618', 'looks like a date without dashes: 2025-06-18T00:00:00Z; write 2025-06-18T00:00:00Z'],
    ['20250618210405', 'looks like a date without dashes: 2025-06-18T21:04:05Z; write 2025-06-18T21:04:05Z'],
  ])('refuses %s, of another unit, with the reading that fits', (text, hint) => {
    expect([parseTime(text), timeHint(text)]).toEqual([null, `${text} ${hint}`]);
  });

  it('reads a count in the unit that is named, exact to the ms it lies in', () => {
    fc.assert(
      fc.property(mostTimes, fc.integer({ min: 0, max: 999 }), (at, rest) => {
        const us = BigInt(at) * 1000n + BigInt(rest);
        expect([
          readTime(at, { unit: 'ms' }),
          readTime(String(at), { unit: 'ms' }),
          readTime(us, { unit: 'us' }),
          readTime(us * 1000n, { unit: 'ns' }),
          readTime(Math.floor(at / 1000), { unit: 's' }),
        ]).toEqual([at, at, at, at, Math.floor(at / 1000) * 1000]);
      }),
    );
    expect(readTime('1750204799999999999', { unit: 'ns' })).toBe(1_750_204_799_999);
    expect(readTime(20_256, { unit: 'days', day: 'last' })).toBe(utc(2025, 5, 18) - 1);
    expect([readTime('1', { unit: 'iso' }), readTime('', { unit: 's' }), readTime('x', { unit: 's' })]).toEqual([
      null,
      null,
      null,
    ]);
  });

  it('gives one instant for all its spellings, and follows the zone of a column where a time names none', () => {
    fc.assert(
      fc.property(spelledInstant, ({ at, text }) => {
        expect([text, readTime(text, { day: 'last' }), readTime(text)]).toEqual([text, at, at]);
      }),
    );
    fc.assert(
      fc.property(spelledMs, ({ at, text }) => {
        expect([text, readTime(text, { minutesEast: 480 })]).toEqual([text, at]);
      }),
    );
    expect([
      readTime('2025-06-18 08:00', { minutesEast: 480 }),
      readTime('2025-06-18 08:00Z', { minutesEast: 480 }),
    ]).toEqual([utc(2025, 5, 18), utc(2025, 5, 18, 8)]);
  });

  it('gives the first ms of a day without an hour, or the last where it must not be known too early', () => {
    fc.assert(
      fc.property(spelledDay, ({ at, text }) => {
        expect(isDay(text)).toBe(true);
        expect([readTime(text), readTime(text, { day: 'last' })]).toEqual([at, at + 86_399_999]);
      }),
    );
    expect(readTime('2025-06-17', { day: 'last', minutesEast: 480 })).toBe(utc(2025, 5, 17, 16) - 1);
    expect([endOfDay(2014, 6, 4, 480), endOfDay(2014, 2, 29), endOfDay(Number.NaN, 1, 1)]).toEqual([
      utc(2014, 5, 4, 16) - 1,
      null,
      null,
    ]);
  });

  it('takes a number for seconds exactly from 1e8 to 1e10', () => {
    expect(['99999999', '100000000', '9999999999', '10000000000'].map(misreadingOf)).toEqual([
      null,
      'seconds',
      'seconds',
      null,
    ]);
  });
});

describe('the reader of zones', () => {
  it('takes UTC or an offset of hours and minutes', () => {
    expect(['Z', 'utc', '+08', '+0530', '-05:30', '+24:00', '+08:60', 'CET', ''].map(zoneOf)).toEqual([
      0,
      0,
      480,
      330,
      -330,
      null,
      null,
      null,
      null,
    ]);
  });
});
