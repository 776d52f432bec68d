import { timeHint } from '../base/time.ts';
import type { EventId } from './ids.ts';
import { RecallError } from '../errors.ts';

/** A behaviour as knock-out filters see it. */
export interface FilterableEvent {
  readonly eventId: EventId;
  readonly kind: string;
  readonly at: number;
  readonly platform: string | null;
  /** Category path of its ad; null without an ad. */
  readonly category: string | null;
  readonly adId: string | null;
  readonly own: boolean;
  /** Feature groups that read it now. */
  readonly groups: readonly string[];
}

/** All terms of one filter must hold (`kind:view,platform:web`); several filters are a union. */
export interface EventFilter {
  readonly terms: readonly FilterTerm[];
}

export type FilterTerm =
  | { readonly field: 'kind' | 'cat' | 'platform' | 'ad' | 'group'; readonly value: string }
  | { readonly field: 'who'; readonly value: 'own' | 'friends' }
  | { readonly field: 'since' | 'until'; readonly at: number };

export const filterFields = ['kind', 'cat', 'platform', 'ad', 'group', 'who', 'since', 'until'] as const;

const start = new RegExp(`^(${filterFields.join('|')}):`);
const between = new RegExp(`,(?=(?:${filterFields.join('|')}):)`);

/** Does this text name events by a filter, rather than one by its id? */
export const isEventFilter = (text: string): boolean => start.test(text);

/**
 * Reads `kind:view,since:2025-06-17`. `parseTime` gives ms or null. Throws `usage` for a term that
 * cannot be, naming it.
 */
export const parseEventFilter = (text: string, parseTime: (text: string) => number | null): EventFilter => ({
  terms: text.split(between).map((term) => parseTerm(term, parseTime)),
});

const parseTerm = (term: string, parseTime: (text: string) => number | null): FilterTerm => {
  const cut = term.indexOf(':');
  const field = filterFields.find((name) => name === term.slice(0, cut));
  const value = term.slice(cut + 1).trim();
  const refuse = (expected: string): never => {
    throw new RecallError('usage', `the filter cannot be "${term}"`, {
      expected,
      todo: 'kind:view · cat:home · platform:web · ad:AD · group:search · who:friends · since:2025-06-17 · until:…, joined by commas',
    });
  };
  if (field === undefined || value === '') return refuse(`one of ${filterFields.join(', ')}, a colon, and a value`);
  if (field === 'who')
    return value === 'own' || value === 'friends' ? { field, value } : refuse('who:own or who:friends');
  if (field !== 'since' && field !== 'until') return { field, value };
  const at = parseTime(value);
  return at === null ? refuse(timeHint(value) ?? 'a time: ISO-8601 (no zone means UTC) or ms') : { field, at };
};

/** A category filter takes the path itself and what lies beneath it. */
const within = (category: string | null, path: string): boolean =>
  category !== null && (category === path || category.startsWith(`${path} > `));

const holds = (event: FilterableEvent, term: FilterTerm): boolean => {
  switch (term.field) {
    case 'kind':
      return event.kind === term.value;
    case 'platform':
      return (event.platform ?? 'unknown') === term.value;
    case 'cat':
      return within(event.category, term.value);
    case 'ad':
      return event.adId === term.value;
    case 'group':
      return event.groups.includes(term.value);
    case 'who':
      return event.own === (term.value === 'own');
    case 'since':
      return event.at >= term.at;
    case 'until':
      return event.at < term.at;
  }
};

/** Events that every term of the filter accepts. `since` is inclusive, `until` exclusive. */
export const filterEvents = (events: readonly FilterableEvent[], filter: EventFilter): FilterableEvent[] =>
  events.filter((event) => filter.terms.every((term) => holds(event, term)));
