import { adFields } from '../domain/filter/ads.ts';
import { behaviourFields } from '../domain/filter/events.ts';
import { filterableOf, matches, type Filterable } from '../domain/filter/match.ts';
import { parseFilter, type ListField, type Term } from '../domain/filter/parse.ts';
import type { EventRow } from '../answers/look.ts';
import type { RecallRow } from '../answers/recall.ts';
import type { AppState } from './state.ts';
import type { ListName } from './types.ts';

const field = (name: string, type: ListField['type'], doc: string, example: string): ListField => ({
  name,
  type,
  doc,
  examples: [`${name}:${example}`],
});

/** What each list can be filtered by. */
export const filterFields: Readonly<Record<ListName, readonly ListField[]>> = {
  recall: adFields,
  behaviour: behaviourFields,
  trials: [
    field('tried', 'text', 'what was changed', 'k'),
    field('list', 'text', 'which list', 'B'),
    field('rbo', 'number', 'RBO with the list before', '<.9'),
    field('in', 'number', 'ads that came in', '>0'),
    field('out', 'number', 'ads that went out', '>0'),
    field('moved', 'number', 'ads that moved', '>0'),
    field('now', 'flag', 'it stands now', 'yes'),
  ],
  presets: [
    field('name', 'text', 'name of the preset', 'cold'),
    field('title', 'text', 'what it is for', '冷启动'),
    field('of', 'text', 'where it comes from', 'yours'),
  ],
  people: [
    field('user', 'text', 'user id', 'u1'),
    field('rbo', 'number', 'RBO of the lists', '<.9'),
    field('recall', 'number', 'recall', '>.5'),
  ],
  recordings: [
    field('path', 'text', 'file of the session', 'cold-ad'),
    field('note', 'text', 'its note', 'cold'),
    field('steps', 'number', 'steps', '>3'),
    field('pins', 'number', 'pins', '>0'),
    field('broken', 'flag', 'it cannot be read', 'yes'),
  ],
};

/** A row of the recalled list as a filter sees it; `isNew`: the pinned list does not hold it. */
export const adFilterable = (ad: RecallRow, isNew: boolean): Filterable =>
  filterableOf(adFields, { ...ad, isNew }, [ad.title, ad.adId]);

export const eventFilterable = (event: EventRow): Filterable =>
  filterableOf(
    behaviourFields,
    event,
    [event.query, event.title, event.adId, event.peerId, event.kind].flatMap((text) => text ?? []),
  );

const parsed = new Map<string, readonly Term[]>();

/** The terms of a list's filter, of what can be read of it; none where nothing is typed. */
export const termsOf = (state: Pick<AppState, 'filters'>, list: ListName): readonly Term[] => {
  const text = state.filters[list];
  if (text === undefined) return [];
  const key = `${list} ${text}`;
  const known = parsed.get(key);
  if (known !== undefined) return known;
  const { terms } = parseFilter(text, filterFields[list]);
  if (parsed.size > 200) parsed.clear();
  parsed.set(key, terms);
  return terms;
};

export const filtered = <Row>(
  rows: readonly Row[],
  terms: readonly Term[],
  see: (row: Row) => Filterable,
): readonly Row[] => (terms.length === 0 ? rows : rows.filter((row) => matches(terms, see(row))));

/** Why a filter cannot be read, in words and with its place; null when it can. */
export const filterIssue = (list: ListName, text: string): { readonly message: string; readonly at: number } | null => {
  const outcome = parseFilter(text, filterFields[list]);
  return outcome.ok ? null : { message: outcome.message, at: outcome.at };
};
