import type { TimeUnit } from '../../base/time.ts';
import { didYouMean } from '../../base/nearest.ts';
import { RecallError } from '../../errors.ts';
import type { SqliteProfile } from './profile.ts';

/** `--map events.at=ts:s`: the person's choices, by `<table>.<field>`. */
export type Overrides = ReadonlyMap<string, { readonly column: string; readonly unit: TimeUnit | null }>;

export const adNames: Readonly<Record<string, RegExp>> = {
  title: /^(title|name|headline|subject)$/i,
  category: /^(category|cat|path|category_path)$/i,
  brand: /^(brand|maker|vendor|manufacturer)$/i,
  price: /^(price|cents|amount)$/i,
  campaign: /^(campaign|promo|promotion)$/i,
  start_at: /^(start|start_at|starts|runs_from|live_from|valid_from)$/i,
  end_at: /^(end|end_at|ends|runs_to|live_to|valid_to)$/i,
  budget_left: /^(budget|budget_left|remaining_budget)$/i,
  targeting: /^(targeting|audience)$/i,
};
export const eventNames: Readonly<Record<string, RegExp>> = {
  query: /^(query|q|words|keyword|keywords|search|typed|term)$/i,
  platform: /^(platform|device|channel)$/i,
  peer: /^(peer|peer_id|friend|other)$/i,
};

export const ambiguous = (field: string, choices: readonly string[], todo: string, between = ', '): RecallError =>
  new RecallError('bad-input', `${field}: no single column fits`, {
    expected: 'one candidate',
    found: choices.length === 0 ? 'none' : choices.join(between),
    todo,
  });

/** The fields of a table that `--map` accepts, and the files of vectors, ids, index and labels. */
const fieldsOf = {
  users: ['from', 'vectors', 'ids'],
  ads: ['from', ...Object.keys(adNames), 'vectors', 'ids', 'index', 'labels'],
  events: ['from', 'user', 'ad', 'at', 'kind', ...Object.keys(eventNames)],
} as const;
const overrideFields: readonly string[] = Object.entries(fieldsOf).flatMap(([table, fields]) =>
  fields.map((field) => `${table}.${field}`),
);

/**
 * Throws `usage` where `--map` names a field there is not, or a table that is not in the file: nothing said is passed
 * over.
 */
export const checkOverrides = (overrides: Overrides, { tables }: SqliteProfile): void => {
  for (const [field, { column }] of overrides) {
    if (!overrideFields.includes(field))
      throw new RecallError('usage', `--map cannot say ${field}`, {
        expected: `one of ${overrideFields.join(', ')}`,
        found: `${field}=${column}`,
        todo: didYouMean(field, overrideFields) || 'say one of these, or write sample.tables into recall.json by hand',
      });
    if (field.endsWith('.from') && !tables.some(({ name }) => name === column))
      throw new RecallError('usage', `--map ${field}=${column}: the file has no such table`, {
        expected: `one of ${tables.map(({ name }) => name).join(', ')}`,
        found: column,
      });
  }
};
