const day = 86_400_000;

/**
 * A day without an hour is read as its last second: nothing may be visible before it can have happened.
 * null: no such day.
 */
export const endOfDay = (year: number, month: number, dayOfMonth: number, tzOffsetMinutes = 0): number | null => {
  const start = Date.UTC(year, month - 1, dayOfMonth);
  const date = new Date(start);
  if (!Number.isFinite(start) || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== dayOfMonth) return null;
  return start + day - 1_000 - tzOffsetMinutes * 60_000;
};

const iso = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)?(?:Z|[+-]\d{2}:?\d{2})?$/;
const zone = /(?:Z|[+-]\d{2}:?\d{2})$/;

/** Date.parse takes 31 February for 3 March. */
const isDay = (text: string): boolean =>
  endOfDay(Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))) !== null;

/** ISO-8601 (UTC where no zone is given) or whole ms since the epoch. null: neither. */
export const parseTime = (text: string): number | null => {
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (!iso.test(text) || !isDay(text)) return null;
  const withTime = text.length > 10;
  const at = Date.parse(!withTime || zone.test(text) ? text.replace(' ', 'T') : `${text.replace(' ', 'T')}Z`);
  return Number.isFinite(at) ? at : null;
};

/** How a column counts time: since the epoch, UTC, or as ISO-8601 text. */
export const timeUnits = ['s', 'ms', 'us', 'ns', 'days', 'iso'] as const;
export type TimeUnit = (typeof timeUnits)[number];

const msPerUnit: Readonly<Record<Exclude<TimeUnit, 'iso' | 'days'>, number>> = { s: 1000, ms: 1, us: 1e-3, ns: 1e-6 };

/** Years 0001 … 9999: a time beyond them is another unit, not a time. */
const earliest = -62_135_596_800_000;
const latest = 253_402_300_799_999;

const inYears = (at: number): number | null => (at >= earliest && at <= latest ? at : null);

/** Whole days are read as their last second, like every day without an hour. */
const fromDays = (days: number): number => (Number.isInteger(days) ? days * day + day - 1_000 : Math.round(days * day));

/**
 * A time as ms since the epoch; null where it is none or lies outside the years 1 … 9999. Without a unit: ISO-8601
 * text or whole ms. µs and ns are cut down to the ms they lie in.
 */
export const timeIn = (value: string | number | bigint, unit: TimeUnit | null): number | null => {
  if (unit === null)
    return typeof value === 'string'
      ? wholeOrNull(parseTime(value.trim()))
      : Number.isInteger(Number(value))
        ? inYears(Number(value))
        : null;
  if (unit === 'iso')
    return typeof value === 'string' && !/^-?\d+$/.test(value.trim()) ? wholeOrNull(parseTime(value.trim())) : null;
  const number = typeof value === 'string' ? (value.trim() === '' ? Number.NaN : Number(value)) : Number(value);
  if (!Number.isFinite(number)) return null;
  if (unit === 'days') return inYears(fromDays(number));
  return inYears(
    unit === 's' || unit === 'ms' ? Math.round(number * msPerUnit[unit]) : Math.floor(number * msPerUnit[unit]),
  );
};

const wholeOrNull = (at: number | null): number | null => (at === null ? null : inYears(at));
