import { isRecord } from '../base/json.ts';
import { shellWord } from '../base/shell.ts';

/** What has a name by now, and its name; clears texts that quote it: a command line, a reason, a notice. */
export interface Secrets {
  add(kind: 'id' | 'text', secret: string, name: string): void;
  /** It is such a name: an object that an answer holds twice is met twice. */
  isName(text: string): boolean;
  /** The value without any of them; changed in place. */
  cleared<T>(value: T): T;
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
/** Lines to run: whatever of a user stands in them, be it a single character, is named. */
const lines: ReadonlySet<string> = new Set(['command', 'line']);

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The forms in which a text stands in a command line: as it is, in JSON, and between the shell's quotes. */
const formsOf = (text: string): string[] => {
  const json = JSON.stringify(text).slice(1, -1);
  return [...new Set([text, json, ...[text, json].map((one) => shellWord(one).replace(/^\$?'(.*)'$/su, '$1'))])];
};

/** Too short to be told from any other number or word of a sentence. */
const isWord = (secret: string): boolean => [...secret].length < 2 || /^\d{1,4}$/.test(secret);

/** A segment of users by an attribute so small that its value tells of one of them: fewer than five. */
const isFew = (node: unknown): boolean =>
  isRecord(node) && typeof node['value'] === 'string' && typeof node['users'] === 'number' && node['users'] < 5;

type Replace = (text: string) => string;

const replacer = (secrets: ReadonlyMap<string, string>, whole: boolean): Replace => {
  if (secrets.size === 0) return (text) => text;
  const forms = new Map([...secrets].flatMap(([secret, name]) => formsOf(secret).map((form) => [form, name] as const)));
  const longest = [...forms.keys()]
    .sort((a, b) => b.length - a.length)
    .map(escaped)
    .join('|');
  const pattern = whole
    ? new RegExp(`(?<![\\p{L}\\p{N}])(?:${longest})(?![\\p{L}\\p{N}])`, 'gu')
    : new RegExp(longest, 'gu');
  return (text) => text.replace(pattern, (found) => forms.get(found) ?? found);
};

export const hidden = (): Secrets => {
  const known = { id: new Map<string, string>(), text: new Map<string, string>() };
  const names = new Set<string>();
  const replacers = (): { readonly sentence: Replace; readonly line: Replace } => {
    const plain = (map: ReadonlyMap<string, string>): Map<string, string> =>
      new Map([...map].filter(([secret]) => !isWord(secret)));
    const [ids, texts] = [replacer(plain(known.id), true), replacer(plain(known.text), false)];
    const [allIds, allTexts] = [replacer(known.id, true), replacer(known.text, false)];
    return { sentence: (text) => ids(texts(text)), line: (text) => allIds(allTexts(text)) };
  };
  const clear = (node: unknown, replace: ReturnType<typeof replacers>): void => {
    const target: object = Object(node);
    if (isFew(node)) Reflect.set(target, 'value', '…');
    for (const [key, value] of Object.entries(target)) {
      if (catalogue.has(key)) continue;
      if (key === 'attributes' && isRecord(value))
        Reflect.set(target, key, Object.fromEntries(Object.keys(value).map((field) => [field, '…'])));
      else if (typeof value === 'string')
        Reflect.set(target, key, (lines.has(key) ? replace.line : replace.sentence)(value));
      else if (typeof value === 'object' && value !== null) clear(value, replace);
    }
  };
  return {
    add: (kind, secret, name) => {
      known[kind].set(secret, name);
      names.add(name);
    },
    isName: (text) => names.has(text),
    cleared: (value) => {
      clear(value, replacers());
      return value;
    },
  };
};
