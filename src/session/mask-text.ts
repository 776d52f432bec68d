import { isRecord } from '../base/json.ts';
import { replacerOf, type Replace } from './mask-words.ts';

/** What has a name by now, and its name; clears texts that quote it: a command line, a reason, a notice. */
export interface Secrets {
  add(kind: 'id' | 'text', secret: string, name: string): void;
  /** It is such a name: an object that an answer holds twice is met twice. */
  isName(text: string): boolean;
  /** The value without any of them; changed in place. */
  cleared<T>(value: T): T;
  /** A sentence without any of them. */
  sentence(text: string): string;
}

/** Words of the catalogue: they are the answer, and a search that has the same words is not told by them. */
const catalogue: ReadonlySet<string> = new Set([
  'title',
  'titles',
  'category',
  'brand',
  'campaign',
  'adId',
  'adIds',
  'ids',
]);
/** Fields with names that the program gives: a view looks them up. A sentence there is cleared as any other. */
const given: ReadonlySet<string> = new Set([
  ...['reason', 'verdict', 'channel', 'via', 'mode', 'kind', 'type', 'group', 'stage', 'status', 'op', 'unit'],
  ...['preset', 'against', 'metric', 'backend', 'schema'],
]);
const isGiven = (key: string, value: unknown): boolean =>
  given.has(key) && typeof value === 'string' && /^[a-z][a-z0-9-]*$/i.test(value);
/** Lines to run: whatever of a user stands in them, be it a single character, is named. */
const lines: ReadonlySet<string> = new Set(['command', 'line']);

/** A segment of users by an attribute so small that its value tells of one of them: fewer than five. */
const isFew = (node: unknown): boolean =>
  isRecord(node) && typeof node['value'] === 'string' && typeof node['users'] === 'number' && node['users'] < 5;

interface Replacers {
  readonly sentence: Replace;
  readonly line: Replace;
}

const clear = (node: unknown, replace: Replacers): void => {
  const target: object = Object(node);
  if (isFew(node)) Reflect.set(target, 'value', '…');
  for (const [key, value] of Object.entries(target)) {
    if (catalogue.has(key) || isGiven(key, value)) continue;
    if (key === 'attributes' && isRecord(value))
      Reflect.set(target, key, Object.fromEntries(Object.keys(value).map((field) => [field, '…'])));
    else if (typeof value === 'string')
      Reflect.set(target, key, (lines.has(key) ? replace.line : replace.sentence)(value));
    else if (typeof value === 'object' && value !== null) clear(value, replace);
  }
};

export const hidden = (): Secrets => {
  const known = { id: new Map<string, string>(), text: new Map<string, string>() };
  const names = new Set<string>();
  return {
    add: (kind, secret, name) => {
      known[kind].set(secret, name);
      names.add(name);
    },
    isName: (text) => names.has(text),
    sentence: (text) => replacerOf(known, 'sentence')(text),
    cleared: (value) => {
      clear(value, { sentence: replacerOf(known, 'sentence'), line: replacerOf(known, 'line') });
      return value;
    },
  };
};
