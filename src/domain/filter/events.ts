import { parseTime, timeHint } from '../../base/time.ts';
import { RecallError } from '../../errors.ts';
import type { EventId } from '../ids.ts';
import { inCategory } from './category.ts';
import type { RowField } from './match.ts';
import { commaTerms, examplesOf, fieldNamed, misspelt, namedTerm, type Field } from './grammar.ts';

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

/** All terms of one filter must hold (`kind:view,platform:web`); several filters are a union. Plain data: it goes to workers. */
export interface EventFilter {
  readonly terms: readonly EventTerm[];
}

/** A time is ms, whatever else is text. */
export interface EventTerm {
  readonly field: string;
  /** Absent: the term holds as it stands. */
  readonly not?: true;
  readonly value: string | number;
}

interface EventField extends Field {
  /** The value as the term keeps it, or what was expected instead. */
  readonly read: (value: string) => { readonly value: string | number } | { readonly expected: string };
  readonly match: (event: FilterableEvent, value: string | number) => boolean;
}

const asText = (value: string): { readonly value: string } => ({ value });

const asTime: EventField['read'] = (value) => {
  const at = parseTime(value);
  return at === null ? { expected: timeHint(value) ?? 'a time: ISO-8601 (no zone means UTC) or ms' } : { value: at };
};

/** The fields of knock-outs (`--exclude`). `since` is inclusive, `until` exclusive. */
export const eventFields: readonly EventField[] = [
  {
    name: 'kind',
    type: 'text',
    doc: 'behaviours of this kind',
    examples: ['kind:view'],
    read: asText,
    match: (event, kind) => event.kind === kind,
  },
  {
    name: 'cat',
    also: 'category',
    type: 'category',
    doc: 'on ads with this in the category path',
    examples: ['cat:音箱'],
    read: asText,
    match: (event, written) => inCategory(event.category, String(written)),
  },
  {
    name: 'platform',
    type: 'text',
    doc: 'on this platform, or unknown',
    examples: ['platform:web'],
    read: asText,
    match: (event, platform) => (event.platform ?? 'unknown') === platform,
  },
  {
    name: 'ad',
    type: 'text',
    doc: 'on this ad',
    examples: ['ad:AD'],
    read: asText,
    match: (event, adId) => event.adId === adId,
  },
  {
    name: 'group',
    type: 'text',
    doc: 'read by this feature group',
    examples: ['group:search'],
    read: asText,
    match: (event, group) => event.groups.some((one) => one === group),
  },
  {
    name: 'who',
    type: 'choice',
    doc: 'own behaviours, or those of friends',
    examples: ['who:friends'],
    read: (who) => (who === 'own' || who === 'friends' ? { value: who } : { expected: 'who:own or who:friends' }),
    match: (event, who) => event.own === (who === 'own'),
  },
  {
    name: 'since',
    type: 'time',
    doc: 'at or after this instant',
    examples: ['since:2025-06-17'],
    read: asTime,
    match: (event, at) => event.at >= Number(at),
  },
  {
    name: 'until',
    type: 'time',
    doc: 'before this instant',
    examples: ['until:2025-06-18'],
    read: asTime,
    match: (event, at) => event.at < Number(at),
  },
];

/** Does this text name events by a filter, rather than one by its id? */
export const isEventFilter = (text: string): boolean => {
  const named = namedTerm(text);
  return named !== null && fieldNamed(eventFields, named.field) !== undefined;
};

/** Reads `kind:view,since:2025-06-17`. Throws `usage` for a term that cannot be, naming it. */
export const parseEventFilter = (text: string): EventFilter => ({
  terms: commaTerms(text, eventFields).map((token) => parseTerm(token.text)),
});

const parseTerm = (term: string): EventTerm => {
  const refuse = (expected: string): never => {
    throw new RecallError('usage', `the filter cannot be "${term}"`, {
      expected,
      todo: `${examplesOf(eventFields)}, joined by commas`,
    });
  };
  const named = namedTerm(term);
  const field = named === null ? undefined : fieldNamed(eventFields, named.field);
  const near = named === null || field !== undefined ? null : misspelt(named.field, eventFields);
  if (near !== null) return refuse(`a field: did you mean "${near}:"?`);
  const value = (named?.value ?? '').trim().replace(/^"([^"]*)"$/, '$1');
  if (named === null || field === undefined || value === '')
    return refuse(`one of ${eventFields.map(({ name }) => name).join(', ')}, a colon, and a value`);
  const read = field.read(value);
  return 'expected' in read
    ? refuse(read.expected)
    : { field: field.name, ...(named.not ? { not: true } : {}), value: read.value };
};

const holds = (event: FilterableEvent, { field, not, value }: EventTerm): boolean =>
  (fieldNamed(eventFields, field)?.match(event, value) ?? false) !== (not === true);

/** Events that every term of the filter accepts. */
export const filterEvents = (events: readonly FilterableEvent[], filter: EventFilter): FilterableEvent[] =>
  events.filter((event) => filter.terms.every((term) => holds(event, term)));

/** A behaviour of the history as the filter of its list sees it. */
export interface FilterableBehaviour {
  readonly kind: string;
  readonly at: number;
  readonly title: string | null;
  readonly category: string | null;
  readonly adId: string | null;
  readonly query: string | null;
  readonly peerId: string | null;
  readonly platform: string | null;
  readonly group: string | null;
  readonly excluded: boolean;
}

/** The fields of a filter of the history. */
export const behaviourFields: ReadonlyArray<RowField<FilterableBehaviour>> = [
  { name: 'kind', type: 'text', doc: 'kind of behaviour', examples: ['kind:view'], of: (event) => event.kind },
  { name: 'title', type: 'text', doc: 'title of its ad', examples: ['title:音箱'], of: (event) => event.title },
  {
    name: 'category',
    also: 'cat',
    type: 'category',
    doc: 'in the category path of its ad',
    examples: ['cat:音箱'],
    of: (event) => event.category,
  },
  { name: 'ad', type: 'text', doc: 'id of its ad', examples: ['ad:ad-17'], of: (event) => event.adId },
  { name: 'query', type: 'text', doc: 'words searched for', examples: ['query:耳机'], of: (event) => event.query },
  { name: 'peer', type: 'text', doc: 'the friend', examples: ['peer:u2'], of: (event) => event.peerId },
  { name: 'platform', type: 'text', doc: 'platform', examples: ['platform:web'], of: (event) => event.platform },
  {
    name: 'group',
    type: 'text',
    doc: 'feature group that reads it',
    examples: ['group:search'],
    of: (event) => event.group,
  },
  {
    name: 'date',
    type: 'text',
    doc: 'day and minute, UTC',
    examples: ['date:2025-06-17'],
    of: (event) => new Date(event.at).toISOString().slice(0, 16).replace('T', ' '),
  },
  { name: 'out', type: 'flag', doc: 'knocked out', examples: ['out:yes'], of: (event) => event.excluded },
];
