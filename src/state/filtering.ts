import { matches, type Filterable } from '../domain/filter/match.ts';
import { parseFilter, type FieldTypes, type Term } from '../domain/filter/parse.ts';
import type { EventRow } from '../answers/look.ts';
import type { RecallRow } from '../answers/recall.ts';
import type { AppState } from './state.ts';
import type { ListName } from './types.ts';

/** What each list can be filtered by. */
export const filterFields: Readonly<Record<ListName, FieldTypes>> = {
  recall: {
    title: 'text',
    id: 'text',
    category: 'text',
    brand: 'text',
    price: 'number',
    rank: 'number',
    score: 'number',
    modelscore: 'number',
    via: 'text',
    channel: 'text',
    engaged: 'flag',
    new: 'flag',
  },
  behaviour: {
    kind: 'text',
    title: 'text',
    ad: 'text',
    query: 'text',
    peer: 'text',
    platform: 'text',
    group: 'text',
    date: 'text',
    out: 'flag',
  },
  trials: { tried: 'text', list: 'text', rbo: 'number', in: 'number', out: 'number', moved: 'number', now: 'flag' },
  presets: { name: 'text', title: 'text', of: 'text' },
  people: { user: 'text', rbo: 'number', recall: 'number' },
  recordings: { path: 'text', note: 'text', steps: 'number', pins: 'number', broken: 'flag' },
};

/** A row of the recalled list as a filter sees it; `isNew`: the pinned list does not hold it. */
export const adFilterable = (ad: RecallRow, isNew: boolean): Filterable => ({
  texts: [ad.title, ad.adId],
  fields: {
    title: ad.title,
    id: ad.adId,
    category: ad.category,
    brand: ad.brand,
    price: ad.price,
    rank: ad.rank,
    score: ad.score,
    modelscore: ad.modelScore,
    via: ad.via,
    channel: ad.channels.map((c) => c.channel),
    engaged: ad.engaged,
    new: isNew,
  },
});

export const eventFilterable = (event: EventRow): Filterable => ({
  texts: [event.query, event.title, event.adId, event.peerId, event.kind].flatMap((text) => text ?? []),
  fields: {
    kind: event.kind,
    title: event.title,
    ad: event.adId,
    query: event.query,
    peer: event.peerId,
    platform: event.platform,
    group: event.group,
    date: new Date(event.at).toISOString().slice(0, 16).replace('T', ' '),
    out: event.excluded,
  },
});

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
