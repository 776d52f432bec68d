/** How times are counted: since the epoch, UTC, or as ISO-8601 text. */
export const timeUnits = ['s', 'ms', 'us', 'ns', 'days', 'iso'] as const;
export type TimeUnit = (typeof timeUnits)[number];

/**
 * Which ms of its day a date without an hour stands for. Events, friendships and the ends of ads take the last, so that
 * nothing is known before it can have happened; flags such as `--at` and the starts of ads take the first.
 */
export type DayEdge = 'first' | 'last';

/** How a time is to be read where its own text leaves it open. */
export interface TimeForm {
  /** Default: ISO-8601 text, or whole ms since the epoch. */
  readonly unit?: TimeUnit | null;
  /** Minutes east of UTC of times that name no zone; default 0. */
  readonly minutesEast?: number;
  /** Default: the first ms. */
  readonly day?: DayEdge;
}

const minute = 60_000;
const dayMs = 86_400_000;

/** Years 0001 … 9999: a time beyond them is another unit, not a time. */
export const earliestTime = -62_135_596_800_000;
export const latestTime = 253_402_300_799_999;

const inYears = (at: number): number | null => (at >= earliestTime && at <= latestTime ? at : null);

const utcOf = (year: number, month: number, day: number): number => {
  if (year >= 100) return Date.UTC(year, month - 1, day);
  return new Date(0).setUTCFullYear(year, month - 1, day);
};

/** First ms of a day of the calendar in UTC; null: 30 February. */
const startOfDay = (year: number, month: number, day: number): number | null => {
  const start = utcOf(year, month, day);
  const date = new Date(start);
  return Number.isFinite(start) && date.getUTCMonth() === month - 1 && date.getUTCDate() === day ? start : null;
};

/** Last ms of a day; null: no such day. */
export const endOfDay = (year: number, month: number, day: number, minutesEast = 0): number | null => {
  const start = startOfDay(year, month, day);
  return start === null ? null : start + dayMs - 1 - minutesEast * minute;
};

const zonePattern = String.raw`Z|UTC|GMT|[+-]\d{2}:?\d{2}`;
const datePattern = String.raw`(\d{4})-(\d{2})-(\d{2})`;
const clockPattern = String.raw`(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d+))?)?`;

/** `2025-06-17`, also with a zone. */
const dayText = new RegExp(`^${datePattern}(?: ?(${zonePattern}))?$`, 'i');
/** `2025-06-17T21:04:05.678+08:00`; a blank for the T, and `+08`, as databases print them. */
const clockText = new RegExp(String.raw`^${datePattern}[T ]${clockPattern}(?: ?(${zonePattern}|[+-]\d{2}))?$`, 'i');
const offsetText = /^([+-])(\d{2})(?::?(\d{2}))?$/;

/** Minutes east of UTC of `Z`, `UTC`, `+08`, `+0800`, `+08:00`; null: no such zone. */
export const zoneOf = (text: string): number | null => {
  if (/^(?:Z|UTC|GMT)$/i.test(text)) return 0;
  const [, sign, hours, minutes = '0'] = offsetText.exec(text) ?? [];
  if (Number(hours) > 23 || Number(minutes) > 59 || hours === undefined) return null;
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes));
};

/** Does this time name a day and no hour of it? */
export const isDay = (text: string, { unit = null }: TimeForm = {}): boolean => {
  if (unit === 'days') return Number.isInteger(Number(text));
  return (unit === null || unit === 'iso') && dayText.test(text.trim());
};

/** ms into the day; 24:00 is the end of it. null: no such hour. */
const clockOf = (hour: string, min: string, second = '0', fraction = '0'): number | null => {
  const ms = Number(fraction.slice(0, 3).padEnd(3, '0'));
  const [h, m, s] = [Number(hour), Number(min), Number(second)];
  if (m > 59 || s > 59 || h > 24 || (h === 24 && (m > 0 || s > 0 || ms > 0))) return null;
  return ((h * 60 + m) * 60 + s) * 1000 + ms;
};

const readIso = (text: string, { minutesEast = 0, day = 'first' }: TimeForm): number | null => {
  const date = dayText.exec(text);
  const match = date ?? clockText.exec(text);
  if (match === null) return null;
  const [, year, month, dayOfMonth] = match;
  const zone = date === null ? match[8] : match[4];
  const start = startOfDay(Number(year), Number(month), Number(dayOfMonth));
  const into =
    date === null ? clockOf(match[4] ?? '', match[5] ?? '', match[6], match[7]) : day === 'last' ? dayMs - 1 : 0;
  const east = zone === undefined ? minutesEast : zoneOf(zone);
  return start === null || into === null || east === null ? null : inYears(start + into - east * minute);
};

/** Whole numbers as text; what a data frame has made a float of (`1750204800000.0`) is one. */
const whole = /^(-?\d{1,19})(?:\.0+)?$/;

const msPer = { s: 1000, ms: 1, us: 1 / 1000, ns: 1 / 1_000_000 } as const;

/** µs and ns are cut down to the ms they lie in. */
const fromCount = (value: number | bigint, unit: 's' | 'ms' | 'us' | 'ns'): number => {
  if (unit === 's' || unit === 'ms') return Math.round(Number(value) * msPer[unit]);
  const perMs = unit === 'us' ? 1000 : 1_000_000;
  if (typeof value === 'number') return Math.floor(value / perMs);
  const rest = ((value % BigInt(perMs)) + BigInt(perMs)) % BigInt(perMs);
  return Number((value - rest) / BigInt(perMs));
};

const fromDays = (days: number, { minutesEast = 0, day = 'first' }: TimeForm): number =>
  Math.round(days * dayMs) + (Number.isInteger(days) && day === 'last' ? dayMs - 1 : 0) - minutesEast * minute;

/** A number that is a time in another notation than ms since the epoch. */
export type Misreading = 'seconds' | 'microseconds' | 'nanoseconds' | 'a date without dashes';

interface Likely {
  readonly notation: Misreading;
  readonly at: number;
}

const undashed = /^((?:19[7-9]|20\d)\d)(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2}))?$/;

const dateWithoutDashes = (digits: string): number | null => {
  const match = undashed.exec(digits);
  if (match === null) return null;
  const [, year, month, day, hour = '00', min = '00', second = '00'] = match;
  return readIso(`${year}-${month}-${day}T${hour}:${min}:${second}`, {});
};

/** Counts that lie between 1973 and 2286 in a unit, which is where the logs of recommenders lie. */
const ranges = [
  ['seconds', 's', 1e8, 1e10],
  ['microseconds', 'us', 1e14, 1e16],
  ['nanoseconds', 'ns', 1e17, 1e19],
] as const;

const likelyOf = (count: number | bigint): Likely | null => {
  const range = ranges.find(([, , low, high]) => count >= low && count < high);
  if (range === undefined) return null;
  const [notation, unit] = range;
  return { notation, at: fromCount(count, unit) };
};

/** The likely unit of a number that as ms would fall into early 1970 or beyond the years; null: ms. */
const misread = (text: string): Likely | null => {
  const count = Number(text);
  const undashedAt = dateWithoutDashes(text);
  if (undashedAt !== null) return { notation: 'a date without dashes', at: undashedAt };
  const likely = likelyOf(BigInt(text));
  return likely?.notation === 'seconds' || inYears(count) === null ? likely : null;
};

const readMs = (text: string): number | null => (misread(text) === null ? inYears(Number(text)) : null);

/** Exact to the last digit of 64 bits; null: no number. */
const countIn = (value: string | number | bigint, text: string): number | bigint | null => {
  if (typeof value === 'bigint') return value;
  const digits = typeof value === 'string' ? whole.exec(text)?.[1] : undefined;
  if (digits !== undefined) return BigInt(digits);
  const number = text === '' ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : null;
};

/**
 * A time as ms since the epoch; null where it is none, lies outside the years 1 … 9999, or is a number of another unit
 * (`timeHint` says which). Without a unit: ISO-8601 text, in UTC where it names no zone, or whole ms. `2025-02-30` is
 * no day.
 */
export const readTime = (value: string | number | bigint, form: TimeForm = {}): number | null => {
  const text = String(value).trim();
  const { unit = null } = form;
  if (unit === null || unit === 'iso') {
    const count = whole.exec(text)?.[1];
    if (count !== undefined) return unit === null ? readMs(count) : null;
    return typeof value === 'string' ? readIso(text, form) : null;
  }
  const count = countIn(value, text);
  if (count === null) return null;
  return inYears(unit === 'days' ? fromDays(Number(count), form) : fromCount(count, unit));
};

/** `readTime` of flags and prompts: a day is its first ms. */
export const parseTime = (text: string): number | null => readTime(text);

const number = /^\d{8,19}(?:\.\d+)?$/;

/** The notation of a number that `readTime` refuses without a unit, by which it would be a time; null: none. */
export const misreadingOf = (value: string | number | bigint): Misreading | null => likelyTime(value)?.notation ?? null;

const likelyTime = (value: string | number | bigint): Likely | null => {
  const text = String(value).trim();
  if (!number.test(text)) return null;
  return whole.test(text) ? misread(whole.exec(text)?.[1] ?? text) : likelyOf(Number(text));
};

const isoOf = (at: number): string => new Date(at).toISOString().replace(/\.000Z$/, 'Z');

/** An instant as a word that `parseTime` reads back: ms, or ISO-8601 where the ms look like another unit. */
export const timeWord = (at: number): string => (parseTime(String(at)) === at ? String(at) : isoOf(at));

/**
 * The reading that would fit a refused number: `1750204800 looks like seconds: 2025-06-18T00:00:00Z; write
 * 1750204800000`.
 */
export const timeHint = (value: string | number | bigint): string | null => {
  const likely = likelyTime(value);
  if (likely === null) return null;
  const write = likely.notation === 'a date without dashes' ? isoOf(likely.at) : String(likely.at);
  return `${String(value).trim()} looks like ${likely.notation}: ${isoOf(likely.at)}; write ${write}`;
};
