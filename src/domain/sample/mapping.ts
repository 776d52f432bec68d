import { zoneOf, type DayEdge, type TimeForm, type TimeUnit } from '../../base/time.ts';

/**
 * How the tables of a team's own SQLite file are read as a sample. A `from` names a table or a view of the file,
 * or holds a SELECT; the other fields name its columns. Nothing here is written, or copied into the workspace.
 */
export type TableSource = string | { readonly sql: string };

/**
 * A column of times; without a unit: ISO-8601 text or whole ms since the epoch. `zone` (`+08:00`) is that of texts which
 * name none; without it UTC.
 */
export type TimeColumn =
  string | { readonly column: string; readonly unit?: TimeUnit | undefined; readonly zone?: string | undefined };

/** How a mapped column of times is read, whose days without an hour are their first or their last ms. */
export const formOf = (mapped: TimeColumn | undefined, day: DayEdge): TimeForm =>
  mapped === undefined || typeof mapped === 'string'
    ? { day }
    : { day, unit: mapped.unit ?? null, minutesEast: zoneOf(mapped.zone ?? 'UTC') ?? 0 };

/** A column of kinds, its values renamed where `values` names them; or the one kind of all rows. */
export type KindColumn =
  | string
  | { readonly column: string; readonly values: Readonly<Record<string, string>> }
  | { readonly constant: string };

export interface UsersMapping {
  readonly from: TableSource;
  readonly id: string;
  /** Columns kept as attributes, by their own names or by ours: `{city: 'town'}`. */
  readonly attributes?: readonly string[] | Readonly<Record<string, string>> | undefined;
}

export interface AdsMapping {
  readonly from: TableSource;
  readonly id: string;
  readonly title?: string | undefined;
  readonly category?: string | undefined;
  readonly brand?: string | undefined;
  readonly price?: string | undefined;
  readonly campaign?: string | undefined;
  readonly start_at?: TimeColumn | undefined;
  readonly end_at?: TimeColumn | undefined;
  readonly budget_left?: string | undefined;
  readonly targeting?: string | undefined;
}

export interface EventsMapping {
  readonly from: TableSource;
  /** Without one, `<table>:<rowid>`. */
  readonly id?: string | undefined;
  readonly user: string;
  readonly kind: KindColumn;
  readonly at: TimeColumn;
  readonly platform?: string | undefined;
  readonly ad?: string | undefined;
  readonly query?: string | undefined;
  readonly peer?: string | undefined;
}

export interface FriendsMapping {
  readonly from: TableSource;
  readonly user: string;
  readonly peer: string;
  readonly since?: TimeColumn | undefined;
  /** true: a row stands for both directions. */
  readonly mutual?: boolean | undefined;
}

export interface SampleMapping {
  /** Without one, the users are those of the events. */
  readonly users?: UsersMapping | undefined;
  readonly ads: AdsMapping;
  /** One table, or several (clicks here, orders there). */
  readonly events?: EventsMapping | readonly EventsMapping[] | undefined;
  readonly friends?: FriendsMapping | undefined;
}

export const eventSources = ({ events }: SampleMapping): readonly EventsMapping[] =>
  events === undefined ? [] : isMany(events) ? events : [events];

const isMany = (events: EventsMapping | readonly EventsMapping[]): events is readonly EventsMapping[] =>
  Array.isArray(events);

/** The column a time or a kind is read from; undefined: a constant, or nothing. */
export const columnOf = (mapped: TimeColumn | KindColumn | undefined): string | undefined =>
  mapped === undefined || typeof mapped === 'string' ? mapped : 'column' in mapped ? mapped.column : undefined;
