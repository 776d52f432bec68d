import { shellWord } from '../base/shell.ts';
import { queryArgs } from '../console/query-specs.ts';
import { isCommonWord } from './common-words.ts';

export type Replace = (text: string) => string;

/** Where a secret is looked for: what must stand before and after it, as parts of a pattern. */
interface Place {
  readonly before: string;
  readonly after: string;
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** The forms in which a text stands in a command line: as it is, in JSON, and between the shell's quotes. */
const formsOf = (text: string): string[] => {
  const json = JSON.stringify(text).slice(1, -1);
  return [...new Set([text, json, ...[text, json].map((one) => shellWord(one).replace(/^\$?'(.*)'$/su, '$1'))])];
};

/** Options whose values are settings: a number or a word there is no user and no search. */
const settings = [
  ...queryArgs.filter(({ type, personal }) => personal === undefined && type !== 'user' && type !== 'event'),
  ...['users', 'seed', 'workers', 'limit', 'offset', 'reason', 'efs', 'ks', 'save', 'modes', 'without', 'step'].map(
    (name) => ({ name }),
  ),
].map(({ name }) => name);

const anywhere: Place = { before: '', after: '' };
/** After an escape of JSON too: `\\nphone`. */
const word: Place = { before: '(?:(?<![\\p{L}\\p{N}])|(?<=\\\\[nrt]))', after: '(?![\\p{L}\\p{N}])' };
const quoted: Place = { before: '(?<=["\'`“‘«])', after: '(?=["\'`”’»])' };
/** A whole word of a line to run: not its command, a key of JSON, a number of JSON, an option, or the value of a setting. */
const lineWord: Place = {
  before: `(?<![\\p{L}\\p{N}-]|":|^|^recall-tui\\s|\\s--?(?:${settings.join('|')})[= ])`,
  after: '(?![\\p{L}\\p{N}-]|":)',
};
/** Where a line to run has what was searched, and values of the context. */
const searched: Place = {
  before: '(?<=\\s--search[= ][\'"]?|\\s--context[= ][\'"]?[^\\s=]+=|"query":"|"context":\\{[^}]*:")',
  after: '(?=["\'\\s]|$)',
};

const isNumberOrLetter = (secret: string): boolean => [...secret].length < 2 || /^\d{1,4}$/.test(secret);

/** Too short to be recognised in any other number or word of a sentence. */
export const isShort = (secret: string): boolean => [...secret].length < 3 || isNumberOrLetter(secret);

/** Of a script that parts its words: `phone` is not in `headphones`, as 音箱 is in 智能音箱. */
const isWord = (secret: string): boolean => /^[\p{Script=Latin}\p{N}]+$/u.test(secret);

interface Places {
  readonly sentence: Place;
  readonly line: Place;
}

const placesOfId = (secret: string): Places =>
  isNumberOrLetter(secret) ? { sentence: quoted, line: lineWord } : { sentence: word, line: word };

const placesOfText = (secret: string): Places => {
  if (isCommonWord(secret)) return { sentence: quoted, line: searched };
  if (isNumberOrLetter(secret)) return { sentence: quoted, line: lineWord };
  if (isShort(secret)) return { sentence: word, line: lineWord };
  return isWord(secret) ? { sentence: word, line: lineWord } : { sentence: anywhere, line: anywhere };
};

const replacer = (found: ReadonlyArray<readonly [form: string, name: string]>, place: Place): Replace => {
  const names = new Map(found);
  const longest = [...names.keys()].sort((a, b) => b.length - a.length).map(escaped);
  const pattern = new RegExp(`${place.before}(?:${longest.join('|')})${place.after}`, 'gu');
  return (text) => text.replace(pattern, (secret) => names.get(secret) ?? secret);
};

type Secrets = Readonly<Record<'id' | 'text', ReadonlyMap<string, string>>>;

/** Puts names in the place of secrets: texts first, longer places first. */
export const replacerOf = (known: Secrets, kind: keyof Places): Replace => {
  const byPlace = new Map<Place, Array<readonly [string, string]>>();
  const add = (secret: string, name: string, places: Places): void => {
    const place = places[kind];
    byPlace.set(place, [...(byPlace.get(place) ?? []), ...formsOf(secret).map((form) => [form, name] as const)]);
  };
  for (const [secret, name] of known.text) add(secret, name, placesOfText(secret));
  for (const [secret, name] of known.id) add(secret, name, placesOfId(secret));
  const steps = [anywhere, searched, word, lineWord, quoted].flatMap((place) => {
    const found = byPlace.get(place);
    return found === undefined ? [] : [replacer(found, place)];
  });
  return (text) => steps.reduce((now, step) => step(now), text);
};
