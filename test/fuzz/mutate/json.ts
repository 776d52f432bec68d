import type { Random } from '../../../src/domain/random.ts';
import { generic } from './bytes.ts';
import { damaged, oneOf, pick, type Mutate } from './mutation.ts';

type Json = unknown;

/** A text that stands in the JSON as it is, without quotes. */
const rawMark = '\u0001raw:';
const raw = (text: string): string => `${rawMark}${text}\u0001`;
const unraw = (text: string): string =>
  text.replace(/"\\u0001raw:((?:[^"\\]|\\.)*?)\\u0001"/g, (_, inner: string) => String(JSON.parse(`"${inner}"`)));

const hostile: ReadonlyArray<() => Json> = [
  () => 0,
  () => -1,
  () => 1,
  () => 0.5,
  () => 2 ** 31,
  () => 2 ** 32,
  () => 2 ** 53,
  () => -(2 ** 53),
  () => 1e308,
  () => raw('1e999'),
  () => raw('NaN'),
  () => raw('-0'),
  () => '',
  () => ' ',
  () => 'x'.repeat(100_000),
  () => 'a\n::error file=x::pwned',
  () => '\u001b[2J\u0007\u0000\u202e',
  () => '\ud800',
  () => '智能音箱'.repeat(50),
  () => '../../../etc/passwd',
  () => '/dev/zero',
  () => '.',
  () => '__proto__',
  () => 'constructor',
  () => null,
  () => true,
  () => false,
  () => [],
  () => ({}),
  () => [null],
  () => [[[[[]]]]],
  () => ({ '__proto__x': 1 }),
  () => raw('{"__proto__":{"x":1}}'),
  () => raw('['.repeat(200) + ']'.repeat(200)),
  () => raw('{"a":'.repeat(5000) + '1' + '}'.repeat(5000)),
  () => raw('['.repeat(100_000) + ']'.repeat(100_000)),
];

interface Place {
  readonly holder: Record<string, Json> | Json[];
  readonly key: string;
  readonly path: string;
}

const isHolder = (value: Json): value is Record<string, Json> | Json[] => typeof value === 'object' && value !== null;

const placesIn = (value: Json, path = '', out: Place[] = []): Place[] => {
  if (!isHolder(value)) return out;
  for (const [key, inner] of Object.entries(value)) {
    const here = path === '' ? key : `${path}.${key}`;
    out.push({ holder: value, key, path: here });
    placesIn(inner, here, out);
  }
  return out;
};

const valueAt = ({ holder, key }: Place): Json => Reflect.get(holder, key);

/** Numbers near the one that is there: what a count that is wrong by one looks like. */
const near = (random: Random, value: number): Json =>
  pick(random, [value + 1, value - 1, -value, 2 * value, value + 0.5]);

const ways: ReadonlyArray<(place: Place, random: Random) => string> = [
  (place) => {
    if (Array.isArray(place.holder)) place.holder.splice(Number(place.key), 1);
    else delete place.holder[place.key];
    return 'removed';
  },
  (place, random) => {
    const value = pick(random, hostile)();
    Reflect.set(place.holder, place.key, value);
    return `= ${JSON.stringify(value).slice(0, 40)}`;
  },
  (place, random) => {
    const old = valueAt(place);
    const value = typeof old === 'number' ? near(random, old) : pick(random, hostile)();
    Reflect.set(place.holder, place.key, value);
    return `= ${JSON.stringify(value).slice(0, 40)}`;
  },
  (place) => {
    const old = valueAt(place);
    Reflect.set(place.holder, place.key, typeof old === 'string' ? [old] : String(old));
    return 'of another type';
  },
  (place) => {
    const old = valueAt(place);
    if (Array.isArray(place.holder)) place.holder.push(old);
    else place.holder[`${place.key}\n`] = old;
    return 'twice';
  },
  (place, random) => {
    const old = valueAt(place);
    if (!isHolder(old)) Reflect.set(place.holder, place.key, typeof old === 'string' ? `${old}${old}` : null);
    else if (Array.isArray(old)) old.reverse();
    else old[pick(random, ['__proto__x', 'unknown', 'constructor', 'toString', ''])] = pick(random, hostile)();
    return 'changed within';
  },
];

/** Damage to the text: it may be no JSON any more. */
const textWays: ReadonlyArray<(text: string, random: Random) => [string, string]> = [
  (text) => [`\ufeff${text}`, 'a byte-order mark'],
  (text) => [`${text}${text}`, 'the text twice'],
  (text) => [`${text}]`, 'a bracket after it'],
  (text) => [text.replace(/,(?=[^,]*$)/, ',,'), 'two commas'],
  (text, random) => {
    const at = text.indexOf('{', random.below(Math.max(1, text.length)));
    return at < 0
      ? [`[${text}]`, 'in a list']
      : [`${text.slice(0, at + 1)}"format":1,"name":2,${text.slice(at + 1)}`, 'keys twice'];
  },
  (text) => [text.replace(/\}(?=[^}]*$)/, ',"__proto__":{"k":1},"format":7}'), 'keys twice, the last wins'],
  (text) => [text.replaceAll('"', "'"), 'single quotes'],
  (text) => [text.replace(/:/, ': /* comment */'), 'a comment'],
  (text, random) => {
    const at = random.below(text.length + 1);
    return [`${text.slice(0, at)}\u0000${text.slice(at)}`, 'a NUL'];
  },
  () => ['null', 'null'],
  () => ['[]', 'an empty list'],
  () => ['{}', 'an empty object'],
  () => ['"text"', 'a string'],
  () => ['7', 'a number'],
  () => ['['.repeat(100_000), 'brackets without end'],
  () => ['{"a":'.repeat(50_000), 'objects without end'],
];

export interface JsonOptions {
  /** Fields whose other value is found by a check. */
  readonly checked?: RegExp;
}

const inTree =
  ({ checked }: JsonOptions): Mutate =>
  (bytes, random) => {
    const json: Json = JSON.parse(bytes.toString('utf8'));
    const said: string[] = [];
    let breaks = false;
    for (let n = pick(random, [1, 1, 1, 2, 3]); n > 0; n -= 1) {
      const places = placesIn(json);
      if (places.length === 0) break;
      const place = pick(random, places);
      const before = JSON.stringify(valueAt(place));
      said.push(`${place.path} ${pick(random, ways)(place, random)}`);
      if (checked?.test(place.path) === true && n === 1 && JSON.stringify(valueAt(place)) !== before) breaks = true;
    }
    return damaged(Buffer.from(unraw(JSON.stringify(json, null, 1))), said.join('; '), breaks);
  };

const inText: Mutate = (bytes, random) => {
  const [text, what] = pick(random, textWays)(bytes.toString('utf8'), random);
  return damaged(Buffer.from(text), what);
};

export const jsonMutations = (options: JsonOptions = {}): Mutate =>
  oneOf([7, inTree(options)], [2, inText], [1, generic]);

/** JSON lines: one line is changed, or lines are. */
export const jsonLines: Mutate = oneOf(
  [
    5,
    (bytes, random) => {
      const lines = bytes.toString('utf8').trimEnd().split('\n');
      const at = random.below(lines.length);
      const one = jsonMutations()(Buffer.from(lines[at] ?? ''), random);
      lines[at] = one.bytes.toString('utf8').replaceAll(/\n */g, '');
      return damaged(Buffer.from(`${lines.join('\n')}\n`), `line ${at + 1}: ${one.what}`);
    },
  ],
  [
    2,
    (bytes, random) => {
      const lines = bytes.toString('utf8').trimEnd().split('\n');
      const at = random.below(lines.length);
      const [what, changed] = pick<readonly [string, readonly string[]]>(random, [
        ['removed', lines.filter((_, i) => i !== at)],
        ['twice', [...lines.slice(0, at + 1), ...lines.slice(at)]],
        ['moved to the front', [lines[at] ?? '', ...lines.filter((_, i) => i !== at)]],
        ['cut', [...lines.slice(0, at), (lines[at] ?? '').slice(0, 9), ...lines.slice(at + 1)]],
        ['all in one', [lines.join('')]],
      ]);
      return damaged(Buffer.from(changed.map((line) => `${line}\n`).join('')), `line ${at + 1} ${what}`);
    },
  ],
  [1, generic],
);
