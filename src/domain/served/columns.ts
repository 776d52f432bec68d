import type { TimeColumn } from '../sample/mapping.ts';

/**
 * The roles of a column in a table of served lists. One row a request has `list`; one row a place of it has `ad` and
 * `rank`.
 */
export const servedFields = ['user', 'time', 'list', 'ad', 'rank', 'scores', 'channels'] as const;
export type ServedField = (typeof servedFields)[number];

/**
 * Which columns of a team's table say what was served. `scores` and `channels`: of all ads in a row of a list, of one
 * ad in a row of a place.
 */
export interface ServedColumns {
  readonly user: string;
  readonly time: TimeColumn;
  /** Ids best first: a JSON array, or joined by `separator`. */
  readonly list?: string | undefined;
  readonly separator?: string | undefined;
  readonly ad?: string | undefined;
  /** Place in the list, whole numbers from 0 or 1. */
  readonly rank?: string | undefined;
  readonly scores?: string | undefined;
  readonly channels?: string | undefined;
}

const names: Readonly<Record<ServedField, readonly string[]>> = {
  user: ['user', 'userid', 'uid'],
  time: ['time', 'at', 'ts', 'timestamp', 'requesttime', 'servedat'],
  list: ['list', 'ads', 'adids'],
  ad: ['ad', 'adid', 'item', 'itemid'],
  rank: ['rank', 'position', 'pos'],
  scores: ['scores', 'score'],
  channels: ['channels', 'channel'],
};

/** The field a header means by its name (`user_id`, `User-ID` and `userId` are one); null: none. */
export const servedFieldOf = (header: string): ServedField | null => {
  const plain = header.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
  return servedFields.find((field) => names[field].includes(plain)) ?? null;
};

/** Why these fields say no served list; null: they do. */
export const lackingFields = (has: (field: ServedField) => boolean): string | null => {
  const missing = (['user', 'time'] as const).filter((field) => !has(field));
  if (missing.length > 0) return `no ${missing.join(' and no ')}`;
  if (has('list')) return has('rank') ? 'both list and rank' : null;
  return has('ad') && has('rank') ? null : 'neither list, nor ad and rank';
};
