import { isRecord } from '../base/json.ts';
/**
 * Tolerant readers of commands' plain data: what is absent or of another type reads as the fallback,
 * and unknown fields never break a reader (docs/design.md, "The headless contract").
 */
export type Fields = Readonly<Record<string, unknown>>;

export const fields = (value: unknown): Fields => (isRecord(value) ? value : {});

export const text = (value: unknown, fallback = ''): string => {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : fallback;
};

export const textOrNull = (value: unknown): string | null =>
  value === null || value === undefined ? null : text(value);

export const number = (value: unknown, fallback = 0): number => (typeof value === 'number' ? value : fallback);

export const numberOrNull = (value: unknown): number | null => (typeof value === 'number' ? value : null);

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const texts = (value: unknown): readonly string[] => list(value).map((item) => text(item));

/** Entries of an object whose values are texts, in the object's order. */
export const pairs = (value: unknown): ReadonlyArray<readonly [string, string]> =>
  Object.entries(fields(value)).map(([name, item]) => [name, text(item)]);
