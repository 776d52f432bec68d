/** Figures for people: aligned, UTC, the same everywhere. No locale takes part. */
import { piecesOf } from '../../base/texts.ts';

const minus = '−';

/** A score or a share of one: `.8412`, `−.0155`, `12.3400`; always `digits` decimals. `+` marks a difference. */
export const figure = (value: number | null, digits = 4, signed = false): string => {
  if (value === null) return '–';
  if (!Number.isFinite(value)) return String(value);
  const fixed = Math.abs(value).toFixed(digits);
  const bare = fixed.startsWith('0.') ? fixed.slice(1) : fixed;
  const zero = Number(fixed) === 0;
  const sign = value < 0 && !zero ? minus : signed && !zero ? '+' : '';
  return sign + bare;
};

/** `20,000` */
export const count = (value: number): string => {
  const whole = Math.abs(Math.trunc(value))
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, ',');
  return value < 0 ? minus + whole : whole;
};

/** `1 ad`, `20,000 ads`: of the table of texts, as `{n} ad` and `{n} ads`. */
export const plural = (value: number, one: string, many = `${one}s`): string => {
  const [before = '', , after = ''] = piecesOf(`{n} ${value === 1 ? one : many}`);
  return before + count(value) + after;
};

export { percent } from '../../base/percent.ts';

/** `2025-06-17 21:04` (UTC); seconds on request. */
export const utc = (ms: number | null, seconds = false): string => {
  if (ms === null) return '–';
  if (!Number.isFinite(ms) || Math.abs(ms) > 8.64e15) return '?';
  return new Date(ms)
    .toISOString()
    .replace('T', ' ')
    .slice(0, seconds ? -5 : -8);
};

/** `2025-06-17 21:04 UTC`, for a sentence; a column says it in its title. */
export const instant = (ms: number | null): string => (ms === null ? '–' : `${utc(ms)} UTC`);

/** `06-17 21:04` (UTC) */
export const utcShort = (ms: number | null): string => utc(ms).replace(/^[+-]?\d+-(?=\d\d-\d\d )/, '');

const steps: ReadonlyArray<readonly [number, string]> = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** `3 d`, `13 min`, `0 s` */
export const age = (ms: number | null): string => {
  if (ms === null) return '–';
  const size = Math.abs(ms);
  const [unit, name] = steps.find(([step]) => size >= step) ?? [1000, 's'];
  return `${ms < 0 ? minus : ''}${Math.floor(size / unit)} ${name}`;
};

/** `812.00`; the currency is the sample's. */
export const price = (value: number | null): string => (value === null ? '–' : value.toFixed(2));

/** `0.42 ms`, `1.3 s` */
export const duration = (ms: number): string => {
  if (ms < 10) return `${ms.toFixed(2)} ms`;
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
};

/** `20 KB`, `1.4 GB` */
export const bytes = (size: number): string => {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[unit] ?? ''}`;
};
