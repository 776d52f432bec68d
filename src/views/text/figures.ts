/** Figures for people: aligned, UTC, the same everywhere. No locale takes part. */
import { piecesOf, t } from '../../base/texts.ts';

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
export const instant = (ms: number | null): string => (ms === null ? '–' : t('{time} UTC', { time: utc(ms) }));

/** `UTC`, `+08:00`: minutes east of UTC. */
export const zone = (minutesEast: number): string => {
  if (minutesEast === 0) return 'UTC';
  const [hours, minutes] = [Math.floor(Math.abs(minutesEast) / 60), Math.abs(minutesEast) % 60];
  return `${minutesEast < 0 ? minus : '+'}${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}`;
};

/** `06-17 21:04` (UTC) */
export const utcShort = (ms: number | null): string => utc(ms).replace(/^[+-]?\d+-(?=\d\d-\d\d )/, '');

const second: readonly [number, () => string] = [1000, () => t('s')];
const steps: ReadonlyArray<readonly [number, () => string]> = [
  [86_400_000, () => t('d')],
  [3_600_000, () => t('h')],
  [60_000, () => t('min')],
  second,
];

/** `3 d`, `13 min`, `0 s` */
export const age = (ms: number | null): string => {
  if (ms === null) return '–';
  const size = Math.abs(ms);
  const [unit, name] = steps.find(([step]) => size >= step) ?? second;
  return `${ms < 0 ? minus : ''}${Math.floor(size / unit)} ${name()}`;
};

/** `812.00`; the currency is the sample's. */
export const price = (value: number | null): string => (value === null ? '–' : value.toFixed(2));

/** `0.42 ms`, `1.3 s` */
export const duration = (ms: number): string => {
  if (ms < 10) return t('{n} ms', { n: ms.toFixed(2) });
  return ms < 1000 ? t('{n} ms', { n: Math.round(ms) }) : t('{n} s', { n: (ms / 1000).toFixed(1) });
};
