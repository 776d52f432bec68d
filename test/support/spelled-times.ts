import fc from 'fast-check';
import { misreadingOf } from '../../src/base/time.ts';

/** An instant, and one of the ways to write it. */
export interface Spelled {
  readonly at: number;
  readonly text: string;
}

/** ms of the years 1000 … 9998, so that every zone's clock has four digits of a year. */
export const mostTimes = fc.integer({ min: Date.UTC(1000, 0, 2), max: Date.UTC(9998, 11, 30) });

const pad = (value: number, digits = 2): string => String(value).padStart(digits, '0');

/** Minutes east of UTC, with a spelling. */
const zones = fc.oneof(
  fc.constantFrom('Z', 'z', 'UTC', ' UTC', ' utc', 'GMT', '').map((text) => ({ east: 0, text })),
  fc
    .tuple(fc.integer({ min: -1439, max: 1439 }), fc.constantFrom(':', ''), fc.constantFrom('', ' '))
    .map(([east, colon, blank]) => ({
      east,
      text: `${blank}${east < 0 ? '-' : '+'}${pad(Math.floor(Math.abs(east) / 60))}${colon}${pad(Math.abs(east) % 60)}`,
    })),
);
const clockZones = fc.oneof(
  zones,
  fc.integer({ min: -23, max: 23 }).map((h) => ({ east: h * 60, text: `${h < 0 ? '-' : '+'}${pad(Math.abs(h))}` })),
);

const padded = (text: fc.Arbitrary<Spelled>): fc.Arbitrary<Spelled> =>
  fc.tuple(text, fc.constantFrom('', ' '), fc.constantFrom('', ' ')).map(([{ at, text: inner }, before, after]) => ({
    at,
    text: before + inner + after,
  }));

/** Whole minutes, seconds, or fractions of one; midnight also as 24:00 of the day before. */
export const spelledInstant: fc.Arbitrary<Spelled> = padded(
  fc
    .record({
      ms: fc.oneof(
        mostTimes,
        fc.integer({ min: -300_000, max: 2_900_000 }).map((day) => day * 86_400_000),
      ),
      cut: fc.constantFrom(60_000, 1000, 1),
      more: fc.stringMatching(/^\d{0,6}$/),
      zone: clockZones,
      between: fc.constantFrom('T', 't', ' '),
      late: fc.boolean(),
    })
    .map(({ ms, cut, more, zone, between, late }) => {
      const local = Math.floor(ms / cut) * cut;
      const midnight = late && local % 86_400_000 === 0;
      const iso = new Date(midnight ? local - 1 : local).toISOString();
      const clock = midnight ? '24:00:00.000' : iso.slice(11, 23);
      const shown =
        cut === 60_000 ? clock.slice(0, 5) : cut === 1000 ? clock.slice(0, 8) : clock + (midnight ? '' : more);
      return { at: local - zone.east * 60_000, text: iso.slice(0, 10) + between + shown + zone.text };
    }),
);

/** Days without an hour; `at` is their first ms. */
export const spelledDay: fc.Arbitrary<Spelled> = padded(
  fc.tuple(mostTimes, zones).map(([ms, zone]) => {
    const start = Math.floor(ms / 86_400_000) * 86_400_000;
    return { at: start - zone.east * 60_000, text: new Date(start).toISOString().slice(0, 10) + zone.text };
  }),
);

export const spelledMs: fc.Arbitrary<Spelled> = padded(
  fc
    .tuple(mostTimes, fc.constantFrom('', '.0', '.000'))
    .filter(([at]) => misreadingOf(at) === null)
    .map(([at, zeros]) => ({ at, text: `${at}${zeros}` })),
);
