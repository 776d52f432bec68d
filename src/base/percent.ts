/** How a percentage is rounded; without either, whole from 10 % on and with one decimal below. */
export interface PercentDigits {
  /** Always this many decimals. */
  readonly decimals?: number;
  /** At most this many significant digits, without trailing zeros. */
  readonly significant?: number;
  /** `+` before a difference that is not negative. */
  readonly plus?: boolean;
}

const minus = '−';

const sizeOf = (value: number, { decimals, significant }: PercentDigits): string => {
  const size = Math.abs(value);
  if (decimals !== undefined) return size.toFixed(decimals);
  if (significant !== undefined) return String(Number(size.toPrecision(significant)));
  return Number.isInteger(value) || size >= 10 ? Math.round(size).toString() : size.toFixed(1);
};

/** A share of one as a percentage for people: `42 %`, `4.3 %`, `−33 %`. */
export const percent = (share: number, digits: PercentDigits = {}): string => {
  const value = share * 100;
  const size = sizeOf(value, digits);
  const sign = value < 0 && Number(size) !== 0 ? minus : digits.plus === true ? '+' : '';
  return `${sign}${size} %`;
};

/** A share of rows that fit: one decimal, but `100 %` only where all of them fit. */
export const fitPercent = (share: number): string => percent(share, { decimals: share === 1 ? 0 : 1 });
