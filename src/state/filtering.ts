import { t } from '../base/texts.ts';
import { adFields } from '../domain/filter/ads.ts';
import { behaviourFields } from '../domain/filter/events.ts';
import { filterableOf, matches, type Filterable } from '../domain/filter/match.ts';
import { parseFilter, type ListField, type Term } from '../domain/filter/parse.ts';
import type { EventRow } from '../answers/look.ts';
import type { RecallRow } from '../answers/recall.ts';
import type { AppState } from './state.ts';
import type { ListName } from './types.ts';

const field = (name: string, type: ListField['type'], doc: () => string, example: string): ListField => ({
  name,
  type,
  get doc() {
    return doc();
  },
  examples: [`${name}:${example}`],
});

/** What each list can be filtered by. */
export const filterFields: Readonly<Record<ListName, readonly ListField[]>> = {
  recall: adFields,
  behaviour: behaviourFields,
  trials: [
    field('tried', 'text', () => t('changed setting'), 'k'),
    field('list', 'text', () => t('list'), 'B'),
    field('rbo', 'number', () => t('RBO with the list before'), '<.9'),
    field('in', 'number', () => t('ads that came in'), '>0'),
    field('out', 'number', () => t('ads that went out'), '>0'),
    field('moved', 'number', () => t('ads that moved'), '>0'),
    field('now', 'flag', () => t('current trial'), 'yes'),
  ],
  presets: [
    field('name', 'text', () => t('name of the preset'), 'cold'),
    field('title', 'text', () => t('title of the preset'), '冷启动'),
    field('of', 'text', () => t('source of the preset'), 'yours'),
  ],
  people: [
    field('user', 'text', () => t('user id'), 'u1'),
    field('rbo', 'number', () => t('RBO of the lists'), '<.9'),
    field('recall', 'number', () => t('recall'), '>.5'),
  ],
  reasons: [
    field('reason', 'text', () => t('verdict or filter'), 'targeting'),
    field('stage', 'text', () => t('stage of the funnel'), 'cutoff'),
    field('users', 'number', () => t('users'), '>100'),
    field('pairs', 'number', () => t('pairs of user and ad'), '>100'),
  ],
  losses: [
    field('user', 'text', () => t('user id'), 'u1'),
    field('ad', 'text', () => t('ad'), 'ad-133'),
    field('channel', 'text', () => t('channel that came nearest'), 'model'),
    field('ranks', 'number', () => t('ranks missing'), '<20'),
  ],
  recordings: [
    field('path', 'text', () => t('file of the session'), 'cold-ad'),
    field('note', 'text', () => t('note of the session'), 'cold'),
    field('steps', 'number', () => t('steps'), '>3'),
    field('pins', 'number', () => t('pins'), '>0'),
    field('broken', 'flag', () => t('unreadable file'), 'yes'),
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
