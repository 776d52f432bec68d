import { isRecord } from '../base/json.ts';
import type { Result } from '../answers/answers.ts';
import type { ArgSpec } from '../answers/help.ts';
import { personal } from '../answers/personal.ts';
import type { ArgValues } from '../console/command.ts';
import type { CalendarEntry } from '../domain/inputs.ts';
import type { PersonalKind } from '../domain/ids.ts';
import type { RecallQuery } from '../domain/query.ts';
import { maskArg, type ArgNames } from './mask-args.ts';
import { hidden, type Secrets } from './mask-text.ts';
import { isShort } from './mask-words.ts';
import type { Vault } from './vault.ts';

/** Puts names in the place of users, events, accounts and searched text: the same name for the same one. */
export interface Mask {
  result(result: Result): Result;
  query(query: RecallQuery): RecallQuery;
  args(args: ArgValues, specs: readonly ArgSpec[]): ArgValues;
  /** A sentence that a person wrote, or that an error says. */
  text(text: string): string;
}

const paths: Readonly<Record<string, Readonly<Record<string, PersonalKind>> | undefined>> = personal;

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

type IsPublic = (field: string, value: string) => boolean;

const queryMask =
  (name: Name, isPublic: IsPublic) =>
  (query: RecallQuery): RecallQuery => ({
    ...query,
    userId: name('user', query.userId),
    context: Object.fromEntries(
      Object.entries(query.context).map(([field, value]) => [
        field,
        isPublic(field, value) ? value : name('query', value),
      ]),
    ),
    excludedEvents: query.excludedEvents.map((id) => name('event', id)),
    extraEvents: query.extraEvents.map(({ query: searched, peerId, ...event }) => ({
      ...event,
      ...(searched === undefined ? {} : { query: name('query', searched) }),
      ...(peerId === undefined ? {} : { peerId: name('user', peerId) }),
    })),
  });

/** Paths of a query that was written as JSON, before anything has read it. */
const writtenPaths: Readonly<Record<string, PersonalKind>> = {
  '.userId': 'user',
  '.excludedEvents[]': 'event',
  '.extraEvents[].query': 'query',
  '.extraEvents[].peerId': 'user',
};

const writtenQuery =
  (name: Name, isPublic: IsPublic) =>
  (json: object): object => {
    const copy: object = structuredClone(json);
    nameFields(copy, writtenPaths, name);
    const context: unknown = Reflect.get(copy, 'context');
    if (isRecord(context))
      for (const [field, value] of Object.entries(context))
        if (typeof value === 'string' && !isPublic(field, value)) Reflect.set(context, field, name('query', value));
    return copy;
  };

/** What may be an id in a sentence: words as blanks part them, and as punctuation does. */
const wordsOf = (text: string): readonly string[] => [
  ...new Set([...text.split(/[\s"'`“”‘’«»()[\]{},;]+/u), ...(text.match(/[\p{L}\p{N}][\p{L}\p{N}_-]*/gu) ?? [])]),
];

/**
 * Users, events and searched text of answers, queries and arguments under the names that a session gives them.
 * `isUser` says whether the sample has such a user: a title or a note may quote one whom nobody asked about.
 */
export const createMask = (
  vault: Vault,
  calendar: readonly CalendarEntry[],
  isUser: (text: string) => boolean = () => false,
): Mask => {
  const secrets = hidden();
  const name = namer(vault, secrets);
  const isPublic: IsPublic = (field, value) => calendar.some((entry) => entry.field === field && entry.value === value);
  const query = queryMask(name, isPublic);
  const text: Mask['text'] = (said) => {
    for (const word of wordsOf(said)) if (!isShort(word) && !secrets.isName(word) && isUser(word)) name('user', word);
    return secrets.sentence(said);
  };
  const names: ArgNames = { name, text, isPublic, query: writtenQuery(name, isPublic) };
  const args: Mask['args'] = (values, specs) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => {
        const spec = specs.find((one) => one.name === key);
        if (typeof value === 'string') return [key, maskArg(spec, value, names)];
        return [key, Array.isArray(value) ? value.map((one) => maskArg(spec, String(one), names)) : value];
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
  return { query, args, text, result: (answer) => secrets.cleared(fields(answer)) };
};
