import type { BehaviourEvent, User } from '../../domain/events.ts';
import type { GroupSpec } from '../../domain/groups.ts';
import type { TimeColumn } from '../../domain/sample/mapping.ts';
import type { NewAd } from '../../engine/ports/artefacts.ts';
import type { SourceEncoding } from '../tables/lines.ts';
import type { RowHandler, TableShape } from '../tables/table.ts';

export interface FileSpec extends TableShape {
  /** Default: UTF-8. */
  readonly encoding?: SourceEncoding;
}

/** Source and destination of a format. Rows go to one file's report; `add…` false = a duplicate id. */
export interface ImportRun {
  readonly source: string;
  readonly mapping: HeaderMapping | null;
  has(file: string): boolean;
  /** The file of a table whose kind its extension shows: `users` → `users.parquet`; null where there is none. */
  table(base: string): string | null;
  /** Every row of a file; the handler returns null (kept) or the reason of the rejection. */
  each(file: string, spec: FileSpec, handle: RowHandler): Promise<void>;
  /** A cell of an optional column of this file cannot be used: it counts as empty, its row is kept. */
  empty(column: string, reason: string): void;
  addUser(user: User): boolean;
  addAd(ad: NewAd): boolean;
  addEvent(event: BehaviourEvent): boolean;
  addFriend(userId: string, peerId: string, since: number | null): boolean;
  readonly seen: Seen;
}

/** The rows written so far. */
export interface Seen {
  readonly users: ReadonlySet<string>;
  readonly ads: ReadonlySet<string>;
  /** Times of the events that have an ad, by kind. */
  readonly times: ReadonlyMap<string, readonly number[]>;
  /** All kinds, with or without an ad. */
  readonly kinds: ReadonlySet<string>;
  readonly events: number;
  readonly queries: number;
  readonly categories: boolean;
  readonly friends: number;
}

/** Our column → the file's column, by table; a column of times may name its unit and zone. */
export type HeaderMapping = Readonly<
  Partial<Record<'users' | 'ads' | 'events' | 'friends', Readonly<Record<string, TimeColumn>>>>
>;

/** The manifest's parts that follow from the data. */
export interface Suggestion {
  readonly groups: readonly GroupSpec[];
  readonly engagementKinds: readonly string[];
  readonly syntheticTimes: boolean;
  readonly tzOffsetMinutes: number;
  /** Default as-of, ms. */
  readonly asOf: number | null;
  /** Training and index builds read events strictly before this instant. */
  readonly trainUntil: number | null;
  /** How doubtful rows and missing times were settled, in sentences. */
  readonly decisions: readonly string[];
  /** Further facts of the source, kept under `import` in the manifest. */
  readonly facts?: Readonly<Record<string, unknown>>;
}

export interface Format {
  readonly id: string;
  readonly title: string;
  /** Workspace name where none is given. */
  readonly name: string;
  read(run: ImportRun): Promise<Suggestion>;
}

export const plainAd = (adId: string, more: Partial<NewAd> = {}): NewAd => ({
  adId,
  title: '',
  category: '',
  brand: '',
  price: null,
  campaign: null,
  startAt: null,
  endAt: null,
  budgetLeft: null,
  targeting: null,
  ...more,
});

export const plainEvent = (
  eventId: string,
  userId: string,
  kind: string,
  at: number,
  more: Partial<BehaviourEvent> = {},
): BehaviourEvent => ({
  eventId,
  userId,
  kind,
  at,
  platform: null,
  adId: null,
  query: null,
  peerId: null,
  ...more,
});
