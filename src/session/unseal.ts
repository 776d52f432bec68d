import { isRecord } from '../base/json.ts';
import type { ArgValues } from '../console/command.ts';
import type { ArgSpec } from '../answers/help.ts';
import { parseQuery } from '../domain/query-schema.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { UserStore } from '../engine/ports/ports.ts';
import { RecallError } from '../errors.ts';
import type { SessionStep } from './format.ts';
import { isSealed, type Vault } from './vault.ts';

type Store = Pick<UserStore, 'userIds' | 'events' | 'eventsOf' | 'friends'>;

/** Finds the ids behind their HMACs in the workspace's own sample. */
export interface Unsealer {
  /** Throws `unknown-user`, `unknown-event`, `bad-input`, `usage`. */
  query(sealed: unknown): RecallQuery;
  args(args: SessionStep['args'], specs: readonly ArgSpec[], userId: string | null): ArgValues;
}

export const createUnsealer = (store: Store, groups: readonly string[], vault: Vault): Unsealer => {
  let users: Map<string, string> | null = null;
  const userOf = (hidden: string): string => {
    users ??= new Map(store.userIds().map((id) => [vault.user(id), id]));
    return users.get(hidden) ?? missing('unknown-user', 'a user of the session is not in this workspace');
  };
  const eventsByUser = new Map<string, Map<string, string>>();
  const eventOf = (hidden: string, userId: string): string => {
    if (hidden.startsWith('what-if:')) return hidden;
    let known = eventsByUser.get(userId);
    if (known === undefined) {
      const always = { before: Number.MAX_SAFE_INTEGER };
      const events = [...store.events(userId, always), ...store.eventsOf(store.friends(userId, always.before), always)];
      eventsByUser.set(userId, (known = new Map(events.map(({ eventId }) => [vault.event(eventId), eventId]))));
    }
    return known.get(hidden) ?? missing('unknown-event', 'an event of the session is not in this workspace');
  };
  const textOf = (value: string): string => (isSealed(value) ? vault.open(value) : value);

  return {
    query: (sealed) => {
      if (!isRecord(sealed)) throw new RecallError('bad-input', "a step's query is not an object");
      const userId = userOf(String(sealed['userId']));
      return parseQuery(
        {
          ...sealed,
          userId,
          context: mapRecord(sealed['context'], textOf),
          excludedEvents: mapList(sealed['excludedEvents'], (id) =>
            typeof id === 'string' ? eventOf(id, userId) : id,
          ),
          extraEvents: mapList(sealed['extraEvents'], (event) =>
            isRecord(event) ? openEvent(event, textOf, userOf) : event,
          ),
        },
        groups,
      );
    },
    args: (args, specs, userId) =>
      Object.fromEntries(
        Object.entries(args).map(([name, value]) => {
          const type = specs.find((spec) => spec.name === name)?.type;
          const open = (text: string): string =>
            type === 'user' ? userOf(text) : type === 'event' ? eventOf(text, userId ?? '') : textOf(text);
          return [name, typeof value === 'string' ? open(value) : Array.isArray(value) ? value.map(open) : value];
        }),
      ),
  };
};

const missing = (code: 'unknown-user' | 'unknown-event', message: string): never => {
  throw new RecallError(code, message, {
    todo: 'replay it on the workspace it was recorded on (-w DIR); a re-import keeps the key',
  });
};

type Fields = Readonly<Record<string, unknown>>;
const mapList = (value: unknown, change: (item: unknown) => unknown): unknown =>
  Array.isArray(value) ? value.map(change) : value;
const mapRecord = (value: unknown, change: (text: string) => string): unknown =>
  isRecord(value)
    ? Object.fromEntries(
        Object.entries(value).map(([name, item]) => [name, typeof item === 'string' ? change(item) : item]),
      )
    : value;

const openEvent = (event: Fields, textOf: (text: string) => string, userOf: (hidden: string) => string): Fields => ({
  ...event,
  ...(typeof event['query'] === 'string' ? { query: textOf(event['query']) } : {}),
  ...(typeof event['peerId'] === 'string' ? { peerId: userOf(event['peerId']) } : {}),
});
