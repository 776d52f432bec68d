import { parseTime, timeHint } from '../../base/time.ts';
import { blankTerms, fieldNamed, misspelt, namedTerm, withoutQuotes, type Field } from './grammar.ts';

/** A field of the finder's line (`bought:"扫地机器人"`). */
interface UserField extends Field {
  /** The name of the value, for the message when it is missing. */
  readonly needs: string;
  /** For behaviours: the text that the words are sought in, of the ad or of the query. */
  readonly of?: 'ad' | 'query';
  /** The kinds of behaviour the word stands for; `did` names any other. */
  readonly kinds?: readonly string[];
}

/** Fields that stand for behaviours: each is also an option of `users`. */
export const conditions = [
  {
    name: 'bought',
    type: 'text',
    of: 'ad',
    kinds: ['purchase', 'buy', 'order'],
    doc: 'Users who bought an ad with all of these words in title, category, brand or id.',
    examples: ['bought:"扫地机器人"'],
    needs: 'words: bought:"扫地机器人"',
  },
  {
    name: 'viewed',
    type: 'text',
    of: 'ad',
    kinds: ['view', 'click'],
    doc: 'Users who viewed or clicked such an ad.',
    examples: ['viewed:耳机'],
    needs: 'words: viewed:"扫地机器人"',
  },
  {
    name: 'searched',
    type: 'text',
    of: 'query',
    kinds: ['search'],
    doc: 'Users who searched with all of these words.',
    examples: ['searched:智能家居'],
    needs: 'words: searched:"扫地机器人"',
  },
] as const satisfies readonly UserField[];

/** The fields of the finder of users. */
export const userFields: readonly UserField[] = [
  ...conditions,
  {
    name: 'did',
    type: 'text',
    doc: 'Users with another kind of behaviour, KIND or KIND:WORDS, e.g. cart:耳机.',
    examples: ['did:cart:耳机'],
    needs: 'a kind and words: did:cart:耳机',
  },
  {
    name: 'after',
    type: 'time',
    doc: 'Count only behaviour at or after this instant.',
    examples: ['after:2025-06-01'],
    needs: 'a day: 2025-06-01',
  },
  {
    name: 'before',
    type: 'time',
    doc: 'Count only behaviour before this instant; never later than the workspace’s as-of.',
    examples: ['before:2025-06-01'],
    needs: 'a day: 2025-06-01',
  },
  {
    name: 'is',
    type: 'choice',
    doc: 'Only users marked with B on the screen.',
    examples: ['is:bookmarked'],
    needs: 'bookmarked',
  },
  {
    name: 'by',
    type: 'choice',
    doc: 'Sort by disagreement of legacy and model (1 − RBO), largest first.',
    examples: ['by:disagreement'],
    needs: 'disagreement',
  },
];

/** Arguments of `users`. */
type UserArgs = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export type UserQuestion =
  | { readonly ok: true; readonly args: UserArgs; readonly bookmarked: boolean }
  | { readonly ok: false; readonly message: string };

/** The arguments that one field adds; a text: the reason why it cannot. */
const argsWith = (args: UserArgs, { name, type, needs }: UserField, value: string): UserArgs | string => {
  if (value === '') return `"${name}:" needs ${needs}`;
  if (type === 'choice') {
    if (value !== needs) return `"${name}:" knows ${needs}, not "${value}"`;
    return name === 'by' ? { ...args, disagreement: true } : args;
  }
  if (type === 'time') {
    const at = parseTime(value);
    if (at === null) return timeHint(value) ?? `"${name}:" takes a day such as 2025-06-01 (UTC), not "${value}"`;
    return { ...args, [name]: at };
  }
  const before = args[name];
  return { ...args, [name]: [...(Array.isArray(before) ? before : []), value] };
};

const unknownField = (text: string, name: string): string => {
  const near = misspelt(name.toLowerCase(), userFields);
  const known =
    near === null ? `there are ${userFields.map((field) => `${field.name}:`).join(' ')}` : `did you mean "${near}:"?`;
  return `no field "${name}": ${known}${near === null ? '.' : ''} As text it stands in quotes: "${withoutQuotes(text)}"`;
};

/**
 * The words of a text for `match`, each of which must be in the id or in an attribute as it is shown (`city tier-1`);
 * quotes hold blanks together.
 */
export const matchWords = (text: string): readonly string[] =>
  blankTerms(text)
    .map((term) => withoutQuotes(term.text).trim())
    .filter((word) => word !== '');

/**
 * The finder's line: `bought:"扫地机器人" searched:智能家居 after:2025-06-01 is:bookmarked`; what has no
 * name before it is a word of the id or of an attribute. `by:disagreement` puts those first whom legacy and
 * model recall the most different lists.
 */
export const parseUserQuestion = (line: string): UserQuestion => {
  let args: UserArgs = {};
  const plain: string[] = [];
  let bookmarked = false;
  for (const { text } of blankTerms(line)) {
    const named = namedTerm(text);
    const name = named === null || named.not ? '' : named.field.toLowerCase();
    const field = fieldNamed(userFields, name);
    if (named === null || field === undefined) {
      if (named !== null) return { ok: false, message: unknownField(text, named.field) };
      plain.push(text);
      continue;
    }
    const next = argsWith(args, field, withoutQuotes(named.value));
    if (typeof next === 'string') return { ok: false, message: next };
    args = next;
    bookmarked ||= field.name === 'is';
  }
  const match = plain.join(' ').trim();
  return { ok: true, args: match === '' ? args : { ...args, match }, bookmarked };
};
