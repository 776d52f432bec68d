import { editDistance } from '../../base/edit-distance.ts';

/**
 * The grammar of the three filter languages: of lists (`ads.ts`), of the finder of users (`users.ts`) and of knock-outs
 * (`events.ts`). A term is a word or `field:value`; `!` before it turns it round; quotes hold blanks and commas together.
 */
export type FieldType = 'text' | 'category' | 'number' | 'flag' | 'time' | 'choice';

/** A field of one of the languages. Parser, completion, help and errors read the table it stands in. */
export interface Field {
  readonly name: string;
  /** Another name of it that is read. */
  readonly also?: string;
  readonly type: FieldType;
  readonly doc: string;
  readonly examples: readonly string[];
}

/** A term as it stands in the input. */
export interface Token {
  readonly text: string;
  /** Code units from the start of the input. */
  readonly at: number;
}

/** A term that names a field. */
export interface NamedTerm {
  readonly not: boolean;
  readonly field: string;
  readonly value: string;
  /** Code units from the start of the token: of the field, and of the value. */
  readonly fieldAt: number;
  readonly valueAt: number;
}

/** Terms between blanks; "quoted blanks" stay inside a term. */
export const blankTerms = (input: string): Token[] =>
  [...input.matchAll(/(?:"[^"]*(?:"|$)|[^\s"])+/gu)].map((m) => ({ text: m[0], at: m.index }));

export const withoutQuotes = (text: string): string => text.replaceAll('"', '');

/** `field:value`, also with the full-width colon; null: a word. */
export const namedTerm = (text: string): NamedTerm | null => {
  const parts = /^(!?)([\p{L}_-]+)[:：](.*)$/su.exec(text);
  if (parts === null) return null;
  const [, mark = '', field = '', value = ''] = parts;
  return { not: mark === '!', field, value, fieldAt: mark.length, valueAt: mark.length + field.length + 1 };
};

export const fieldNamed = <F extends Field>(fields: readonly F[], name: string): F | undefined =>
  fields.find((field) => field.name === name || field.also === name);

/** Shorter names are as likely to be meant as they stand. */
const shortest = 4;

/** The field that a name almost is: one edit away, two in a name of six letters or more. null: none. */
export const misspelt = (written: string, fields: readonly Field[]): string | null => {
  if (written.length < shortest || fieldNamed(fields, written) !== undefined) return null;
  const most = written.length < 6 ? 1 : 2;
  return fields.find(({ name }) => editDistance(written, name) <= most)?.name ?? null;
};

const quotedValue = /^!?[\p{L}_-]+[:：]"[^"]*$/u;

/** Terms between commas. Only a comma in front of a field, or of one misspelt, ends a term: a value may hold others. */
export const commaTerms = (input: string, fields: readonly Field[]): Token[] => {
  const begins = (text: string): boolean => {
    const field = namedTerm(text)?.field;
    return field !== undefined && (fieldNamed(fields, field) !== undefined || misspelt(field, fields) !== null);
  };
  const terms: Token[] = [];
  let at = 0;
  for (const { index } of input.matchAll(/,(?=!?[\p{L}_-]+[:：])/gu)) {
    if (!begins(input.slice(index + 1)) || quotedValue.test(input.slice(at, index))) continue;
    terms.push({ text: input.slice(at, index), at });
    at = index + 1;
  }
  return [...terms, { text: input.slice(at), at }];
};

/** Some ways to write a term, for help and errors. */
export const examplesOf = (fields: readonly Field[]): string => fields.flatMap(({ examples }) => examples).join(' · ');
