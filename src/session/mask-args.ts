import { isRecord, parseJson } from '../base/json.ts';
import type { ArgSpec } from '../answers/help.ts';
import { splitPair } from '../console/values.ts';
import { isEventFilter } from '../domain/filter/events.ts';
import type { PersonalKind } from '../domain/ids.ts';

export interface ArgNames {
  name(kind: PersonalKind, text: string): string;
  /** The text without what it quotes of users. */
  text(text: string): string;
  /** A value of the calendar tells of no user. */
  isPublic(field: string, value: string): boolean;
  /** A query as JSON, however little of one was written. */
  query(json: object): object;
}

/** A file, or a query as JSON in the place of one. */
const pathMask = (value: string, names: ArgNames): string => {
  if (!value.trimStart().startsWith('{')) return names.text(value);
  const json = parseJson(value);
  return isRecord(json) ? JSON.stringify(names.query(json)) : names.name('query', value);
};

const pairMask = (value: string, kind: PersonalKind, names: ArgNames): string => {
  const pair = splitPair(value);
  if (pair === null) return names.name(kind, value);
  return names.isPublic(pair.name, pair.value) ? value : `${pair.name}=${names.name(kind, pair.value)}`;
};

/** A value under the names of a report, by what its record says of it; an argument that has no record is named. */
export const maskArg = (spec: ArgSpec | undefined, value: string, names: ArgNames): string => {
  if (spec === undefined) return names.name('query', value);
  if (spec.personal === 'words') return names.text(value);
  if (spec.type === 'path') return pathMask(value, names);
  if (spec.type === 'event') return isEventFilter(value) ? value : names.name('event', value);
  if (spec.type === 'user') return names.name('user', value);
  if (spec.personal === undefined) return value;
  return spec.type === 'pair' ? pairMask(value, spec.personal, names) : names.name(spec.personal, value);
};
