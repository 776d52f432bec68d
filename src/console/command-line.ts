import { timeWord } from '../base/time.ts';
import { shellWord } from '../base/shell.ts';
import type { HypotheticalEvent } from '../domain/events.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { defaultQuery } from './query-defaults.ts';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const changedPairs = <T>(
  now: Readonly<Record<string, T>>,
  bases: ReadonlyArray<Readonly<Record<string, T>>>,
): Array<[string, T]> => Object.entries(now).filter(([name, value]) => bases.some((base) => base[name] !== value));

/** An option of a command line and its value; a flag has none. */
export interface Flag {
  readonly option: string;
  readonly value?: string;
}

const includesAll = <T>(all: readonly T[], part: readonly T[]): boolean =>
  part.every((one) => all.some((other) => same(one, other)));

/** Can flags say the way from this base to the query? They add behaviours and set values; they take nothing back. */
const isSayable = (query: RecallQuery, base: RecallQuery): boolean => {
  const search = (event: HypotheticalEvent): boolean =>
    same(event, { kind: 'search', at: query.asOf - 1, query: event.query });
  return (
    same(query.rules, base.rules) &&
    same(query.merge, base.merge) &&
    same(query.disabled, base.disabled) &&
    query.extraEvents.every(search) &&
    base.extraEvents.length === 0 &&
    includesAll(query.excludedEvents, base.excludedEvents) &&
    !query.excludedEvents.some((id) => id.startsWith('what-if:')) &&
    Object.keys(base.context).every((field) => field in query.context) &&
    (query.eligibility === base.eligibility || !query.eligibility)
  );
};

/** Flags that turn each of the bases, queries of the same user, into `query`; null where flags cannot say it. */
export const flagsFor = (query: RecallQuery, bases: readonly RecallQuery[]): Flag[] | null => {
  const differs = (field: 'asOf' | 'k' | 'ef' | 'mode'): boolean => bases.some((base) => base[field] !== query[field]);
  if (bases.length === 0 || !bases.every((base) => isSayable(query, base))) return null;
  return [
    ...(differs('asOf') ? [{ option: '--at', value: timeWord(query.asOf) }] : []),
    ...(differs('k') ? [{ option: '-k', value: String(query.k) }] : []),
    ...(differs('ef') ? [{ option: '--ef', value: String(query.ef) }] : []),
    ...(differs('mode') ? [{ option: '--mode', value: query.mode }] : []),
    ...changedPairs(
      query.weights,
      bases.map((b) => b.weights),
    ).map(([group, weight]) => ({ option: '--weight', value: `${group}=${weight}` })),
    ...changedPairs(
      query.context,
      bases.map((b) => b.context),
    ).map(([field, value]) => ({ option: '--context', value: `${field}=${value}` })),
    ...query.excludedEvents
      .filter((id) => !bases.every((b) => b.excludedEvents.includes(id)))
      .map((id) => ({ option: '--exclude', value: id })),
    ...query.extraEvents.map((event) => ({ option: '--search', value: event.query ?? '' })),
    ...(query.eligibility ? [] : [{ option: '--no-eligibility' }]),
  ];
};

/** The shell line that runs a query headless: flags where they can say it, else the query itself on stdin. */
export const recallCommandLine = (workspace: Workspace, query: RecallQuery): string => {
  const flags = flagsFor(query, [defaultQuery(workspace, query.userId)]);
  if (flags === null) return `printf %s ${shellWord(JSON.stringify(query))} | recall-tui recall --query - --json`;
  return shellLine(['recall-tui', 'recall', query.userId, ...wordsOf(flags), '--json']);
};

/** The shell line that asks `words` under this query: flags where they can say it, else the query itself as JSON. */
export const queryCommandLine = (workspace: Workspace, query: RecallQuery, words: readonly string[]): string => {
  const flags = flagsFor(query, [defaultQuery(workspace, query.userId)]);
  return shellLine(['recall-tui', ...words, ...(flags === null ? ['--query', JSON.stringify(query)] : wordsOf(flags))]);
};

const shellLine = (words: readonly string[]): string => words.map(shellWord).join(' ');

const wordsOf = (flags: readonly Flag[]): string[] =>
  flags.flatMap(({ option, value }) => [option, ...(value === undefined ? [] : [value])]);
