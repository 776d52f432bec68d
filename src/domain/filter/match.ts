import { fuzzyScore } from '../../base/fuzzy.ts';
import { inCategory } from './category.ts';
import { fold, type ListField, type Operator, type Term } from './parse.ts';

export type FieldValue = string | readonly string[] | number | boolean | null;

/** The row as a filter reads it. */
export interface Filterable {
  /** Texts that words without a field are looked for in. */
  readonly texts: readonly string[];
  readonly fields: Readonly<Record<string, FieldValue>>;
}

/** A field of a list, and its value of a row. */
export interface RowField<Row> extends ListField {
  readonly of: (row: Row) => FieldValue;
}

/** A row as a filter of these fields sees it. */
export const filterableOf = <Row>(
  fields: ReadonlyArray<RowField<Row>>,
  row: Row,
  texts: readonly string[],
): Filterable => ({ texts, fields: Object.fromEntries(fields.map(({ name, of }) => [name, of(row)])) });

/** fuzzysort's score (0 to 1) from which letters in order count as a match; below, they are strewn over the text. */
const leastScore = 0.5;

const isFuzzy = (word: string, text: string): boolean => text.includes(word) || fuzzyScore(word, text) >= leastScore;

const compare: Readonly<Record<Operator, (a: number, b: number) => boolean>> = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '=': (a, b) => a === b,
};

const contains = (value: FieldValue, word: string): boolean => {
  if (value === null) return false;
  return typeof value === 'object'
    ? value.some((item) => fold(item).includes(word))
    : fold(String(value)).includes(word);
};

const holds = (term: Term, row: Filterable, texts: readonly string[]): boolean => {
  switch (term.kind) {
    case 'fuzzy':
      return texts.some((text) => isFuzzy(term.word, text));
    case 'exact':
      return texts.some((text) => text.includes(term.word));
    case 'text':
      return contains(row.fields[term.field] ?? null, term.word);
    case 'category': {
      const path = row.fields[term.field];
      return typeof path === 'string' && inCategory(path, term.word);
    }
    case 'flag':
      return (row.fields[term.field] === true) === term.yes;
    case 'number': {
      const value = row.fields[term.field];
      return typeof value === 'number' && compare[term.operator](value, term.value);
    }
  }
};

/** Every term holds. `!x` shows exactly the rows that `x` does not. */
export const matches = (terms: readonly Term[], row: Filterable): boolean => {
  const texts = row.texts.map(fold);
  return terms.every((term) => holds(term, row, texts) !== term.not);
};
