import type { HypotheticalEvent } from '../domain/events.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { defaultQuery } from './query-defaults.ts';

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** A word as a POSIX shell reads it back. */
export const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

const changedPairs = <T>(now: Readonly<Record<string, T>>, base: Readonly<Record<string, T>>): Array<[string, T]> =>
  Object.entries(now).filter(([name, value]) => base[name] !== value);

/** Flags that turn the workspace's default query of this user into `query`; null where flags cannot say it. */
const flagsFor = (query: RecallQuery, base: RecallQuery): string[] | null => {
  const search = (event: HypotheticalEvent): boolean => same(event, { kind: 'search', at: query.asOf - 1, query: event.query });
  const sayable = same(query.rules, base.rules) && same(query.merge, base.merge) && same(query.disabled, base.disabled)
    && query.extraEvents.every(search) && Object.keys(base.context).every((field) => field in query.context)
    && (query.eligibility === base.eligibility || !query.eligibility);
  if (!sayable) return null;
  return [
    ...(query.asOf === base.asOf ? [] : ['--at', String(query.asOf)]),
    ...(query.k === base.k ? [] : ['-k', String(query.k)]),
    ...(query.ef === base.ef ? [] : ['--ef', String(query.ef)]),
    ...(query.mode === base.mode ? [] : ['--mode', query.mode]),
    ...changedPairs(query.weights, base.weights).flatMap(([group, weight]) => ['--weight', `${group}=${weight}`]),
    ...changedPairs(query.context, base.context).flatMap(([field, value]) => ['--context', `${field}=${value}`]),
    ...query.excludedEvents.flatMap((eventId) => ['--exclude', eventId]),
    ...query.extraEvents.flatMap((event) => ['--search', event.query ?? '']),
    ...(query.eligibility ? [] : ['--no-eligibility']),
  ];
};

/** The shell line that runs a query headless: flags where they can say it, else the query itself on stdin. */
export const recallCommandLine = (workspace: Workspace, query: RecallQuery): string => {
  const flags = flagsFor(query, defaultQuery(workspace, query.userId));
  if (flags === null) return `printf %s ${shellWord(JSON.stringify(query))} | recall-tui recall --query - --json`;
  return ['recall-tui', 'recall', query.userId, ...flags, '--json'].map(shellWord).join(' ');
};
