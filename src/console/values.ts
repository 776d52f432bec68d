import { channelNames, maxWeight, minWeight, modes } from '../domain/query.ts';
import type { ArgSpec } from '../answers/help.ts';
import { didYouMean } from '../base/nearest.ts';
import { parseTime, timeHint } from '../base/time.ts';

/** A value read, or why it cannot be. */
export type ValueOutcome =
  | { readonly ok: true; readonly value: string | number }
  | { readonly ok: false; readonly expected: string; readonly hint?: string };

const good = (value: string | number): ValueOutcome => ({ ok: true, value });
const bad = (expected: string, hint?: string): ValueOutcome => ({
  ok: false,
  expected,
  ...(hint === undefined || hint === '' ? {} : { hint }),
});

const numberOf = (text: string): number | null =>
  /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) && Number.isFinite(Number(text)) ? Number(text) : null;

const oneOf = (text: string, choices: readonly string[]): ValueOutcome =>
  choices.includes(text) ? good(text) : bad(`one of ${choices.join(', ')}`, didYouMean(text, choices));

/** `name=value`, split at the first `=`; null where there is no name. */
export const splitPair = (text: string): { readonly name: string; readonly value: string } | null => {
  const at = text.indexOf('=');
  return at < 1 ? null : { name: text.slice(0, at), value: text.slice(at + 1) };
};

const weightOf = (text: string): ValueOutcome => {
  const pair = splitPair(text);
  const weight = pair === null ? null : numberOf(pair.value);
  const within = weight !== null && weight >= minWeight && weight <= maxWeight;
  return within ? good(text) : bad(`group=x with x from ${minWeight} to ${maxWeight}, like search=1.6`);
};

const integer = (text: string): ValueOutcome => {
  const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
  return Number.isSafeInteger(value) ? good(value) : bad('a whole number');
};

/** Reads one word as the type of its argument. Numbers and times become numbers; everything else stays text. */
export const readValue = (spec: ArgSpec, text: string): ValueOutcome => {
  switch (spec.type) {
    case 'int':
      return integer(text);
    case 'number': {
      const value = numberOf(text);
      return value === null ? bad('a number') : good(value);
    }
    case 'time': {
      const at = parseTime(text);
      return at === null
        ? bad('ISO-8601 (no zone means UTC) or ms since the epoch, like 2025-06-17T21:04', timeHint(text) ?? '')
        : good(at);
    }
    case 'weight':
      return weightOf(text);
    case 'pair':
      return splitPair(text) === null ? bad('name=value') : good(text);
    case 'mode':
      return oneOf(text, modes);
    case 'channel':
      return oneOf(text, channelNames);
    case 'choice':
      return oneOf(text, spec.choices ?? []);
    default:
      return text === '' ? bad('a value that is not empty') : good(text);
  }
};
