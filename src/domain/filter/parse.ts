import { didYouMean } from '../../base/nearest.ts';
import { blankTerms, fieldNamed, namedTerm, withoutQuotes, type Field, type Token } from './grammar.ts';

/** A field of a list. `flag` is yes or no. */
export interface ListField extends Field {
  readonly type: 'text' | 'category' | 'number' | 'flag';
}

export type Operator = '<' | '<=' | '>' | '>=' | '=';

/** One condition of a filter; a row is shown when all hold. */
export type Term = { readonly not: boolean } & (
  | { readonly kind: 'fuzzy' | 'exact'; readonly word: string }
  | { readonly kind: 'text' | 'category'; readonly field: string; readonly word: string }
  | { readonly kind: 'flag'; readonly field: string; readonly yes: boolean }
  | { readonly kind: 'number'; readonly field: string; readonly operator: Operator; readonly value: number }
);

export type ParsedFilter =
  | { readonly ok: true; readonly terms: readonly Term[] }
  /** The first fault, `at` code units from the start; `terms`: what can be read all the same. */
  | { readonly ok: false; readonly message: string; readonly at: number; readonly terms: readonly Term[] };

/** Compatibility forms and case folded: ＡＢＣ, ABC and abc are the same, and so are ｱ and ア. */
export const fold = (text: string): string => text.normalize('NFKC').toLowerCase();

const bare = (text: string): string => fold(withoutQuotes(text));

class Wrong extends Error {
  constructor(
    message: string,
    readonly at: number,
  ) {
    super(message);
  }
}

/** A field by its name or by the first letters of one. */
const fieldOf = (written: string, fields: readonly ListField[], at: number): ListField => {
  const exact = fieldNamed(fields, written);
  const found = exact === undefined ? fields.filter(({ name }) => name.startsWith(written)) : [exact];
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const names = fields.map(({ name }) => name);
  const hint = didYouMean(written, names);
  throw new Wrong(
    found.length > 1
      ? `"${written}:" may be ${found.map(({ name }) => name).join(' or ')}`
      : `no field "${written}" here; ${hint === '' ? '' : `${hint} `}there are ${names.join(', ')}`,
    at,
  );
};

const flags: Readonly<Record<string, boolean>> = { yes: true, y: true, true: true, no: false, n: false, false: false };
const operators: Readonly<Record<string, Operator>> = { '': '=', '=': '=', '<': '<', '<=': '<=', '>': '>', '>=': '>=' };

const valued = (not: boolean, { name: field, type }: ListField, written: string, at: number): Term => {
  if (written === '')
    throw new Wrong(
      `"${field}:" needs a value: ${type === 'flag' ? 'yes or no' : type === 'number' ? 'a number such as <100' : 'a word'}`,
      at,
    );
  if (type === 'text' || type === 'category') return { not, kind: type, field, word: bare(written) };
  if (type === 'flag') {
    const yes = flags[bare(written)];
    if (yes === undefined) throw new Wrong(`"${field}:" is yes or no, not "${written}"`, at);
    return { not, kind: 'flag', field, yes };
  }
  const parts = /^(<=|>=|<|>|=)?(-?(?:\d+\.?\d*|\.\d+))$/.exec(bare(written));
  if (parts === null)
    throw new Wrong(`"${field}:" compares with a number: ${field}:<100, ${field}:>=5, ${field}:20`, at);
  return { not, kind: 'number', field, operator: operators[parts[1] ?? ''] ?? '=', value: Number(parts[2]) };
};

const termOf = ({ text, at }: Token, fields: readonly ListField[]): Term | null => {
  const named = namedTerm(text);
  if (named !== null) {
    const field = fieldOf(fold(named.field), fields, at + named.fieldAt);
    return valued(named.not, field, named.value, at + named.valueAt);
  }
  const not = text.startsWith('!');
  const word = not ? text.slice(1) : text;
  if (word.startsWith("'")) return word === "'" ? null : { not, kind: 'exact', word: bare(word.slice(1)) };
  return bare(word) === '' ? null : { not, kind: 'fuzzy', word: bare(word) };
};

/**
 * Words match fuzzily, `'word` exactly as it stands, `field:value` in that field (numbers with < <= > >=),
 * and `!` before any of them the rows that do not.
 */
export const parseFilter = (input: string, fields: readonly ListField[]): ParsedFilter => {
  const terms: Term[] = [];
  let wrong: Wrong | null = null;
  for (const token of blankTerms(input)) {
    try {
      terms.push(...[termOf(token, fields)].filter((term) => term !== null));
    } catch (error) {
      if (!(error instanceof Wrong)) throw error;
      wrong ??= error;
    }
  }
  return wrong === null ? { ok: true, terms } : { ok: false, message: wrong.message, at: wrong.at, terms };
};
