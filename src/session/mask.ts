import { isRecord } from '../base/json.ts';
import type { Result } from '../answers/answers.ts';
import type { ArgSpec } from '../answers/help.ts';
import { personal, type PersonalKind } from '../answers/personal.ts';
import type { ArgValues } from '../console/command.ts';
import { splitPair } from '../console/values.ts';
import type { CalendarEntry } from '../domain/inputs.ts';
import type { RecallQuery } from '../domain/query.ts';
import { hidden, type Secrets } from './mask-text.ts';
import type { Vault } from './vault.ts';

/** Puts names in the place of users, events, accounts and searched text: the same name for the same one. */
export interface Mask {
  result(result: Result): Result;
  query(query: RecallQuery): RecallQuery;
  args(args: ArgValues, specs: readonly ArgSpec[]): ArgValues;
}

const paths: Readonly<Record<string, Readonly<Record<string, PersonalKind>> | undefined>> = personal;

/** Options of type string that name a setting, never a person or what they wrote. */
const settings: ReadonlySet<string> = new Set(['modes', 'users', 'without', 'only', 'kind']);

const whatIf = /^what-if:\d+$/;

/** The name of a personal text: users and events as in a session, text by its keyed digest. */
const namer =
  (vault: Vault, secrets: Secrets) =>
  (kind: PersonalKind, text: string): string => {
    if (text === '' || secrets.isName(text) || (kind === 'event' && whatIf.test(text))) return text;
    const name =
      kind === 'event' ? vault.event(text) : kind === 'query' ? `text:${vault.digest(text)}` : vault.user(text);
    secrets.add(kind === 'query' ? 'text' : 'id', text, name);
    return name;
  };

type Name = ReturnType<typeof namer>;

/** Replaces in place, by the path of each text: `.candidates[].channels[].evidence.query`. */
const nameFields = (node: unknown, kinds: Readonly<Record<string, PersonalKind>>, name: Name, path = ''): void => {
  const visit = (key: string | number, value: unknown, at: string): void => {
    const kind = kinds[at];
    if (typeof value === 'string' && kind !== undefined) Reflect.set(Object(node), key, name(kind, value));
    else nameFields(value, kinds, name, at);
  };
  if (Array.isArray(node)) for (const [i, value] of node.entries()) visit(i, value, `${path}[]`);
  else if (isRecord(node)) for (const [key, value] of Object.entries(node)) visit(key, value, `${path}.${key}`);
};

const queryMask =
  (name: Name, calendar: readonly CalendarEntry[]) =>
  (query: RecallQuery): RecallQuery => ({
    ...query,
    userId: name('user', query.userId),
    context: Object.fromEntries(
      Object.entries(query.context).map(([field, value]) => [
        field,
        calendar.some((entry) => entry.field === field && entry.value === value) ? value : name('query', value),
      ]),
    ),
    excludedEvents: query.excludedEvents.map((id) => name('event', id)),
    extraEvents: query.extraEvents.map(({ query: searched, peerId, ...event }) => ({
      ...event,
      ...(searched === undefined ? {} : { query: name('query', searched) }),
      ...(peerId === undefined ? {} : { peerId: name('user', peerId) }),
    })),
  });

/** The argument of a command by its type: what no table calls harmless is named. */
const maskArg = (spec: ArgSpec | undefined, value: string, name: Name, calendar: readonly CalendarEntry[]): string => {
  if (spec?.type === 'user' || (spec?.type === 'string' && spec.name === 'user')) return name('user', value);
  if (spec?.type === 'event') return name('event', value);
  const pair = spec?.type === 'pair' ? splitPair(value) : null;
  if (pair !== null && pair !== undefined)
    return calendar.some((entry) => entry.field === pair.name && entry.value === pair.value)
      ? value
      : `${pair.name}=${name('query', pair.value)}`;
  return spec?.type === 'string' && !settings.has(spec.name) ? name('query', value) : value;
};

/** Users, events and searched text of answers, queries and arguments under the names that a session gives them. */
export const createMask = (vault: Vault, calendar: readonly CalendarEntry[]): Mask => {
  const secrets = hidden();
  const name = namer(vault, secrets);
  const query = queryMask(name, calendar);
  const args: Mask['args'] = (values, specs) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => {
        const spec = specs.find((one) => one.name === key);
        const mask = (text: string): string => maskArg(spec, text, name, calendar);
        if (typeof value === 'string') return [key, mask(value)];
        return [key, Array.isArray(value) ? value.map((one) => mask(String(one))) : value];
      }),
    );
  const fields = (answer: Result): Result => {
    const copy = structuredClone(answer);
    nameFields(copy.data, paths[copy.schema] ?? {}, name);
    const asked = copy.query === undefined ? copy : { ...copy, query: query(copy.query) };
    return asked.schema === 'exec' && asked.data.answers !== undefined
      ? { ...asked, data: { ...asked.data, answers: asked.data.answers.map(fields) } }
      : asked;
  };
  return { query, args, result: (answer) => secrets.cleared(fields(answer)) };
};
