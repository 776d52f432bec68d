import type { ArgValues } from '../console/command.ts';
import type { ArgSpec } from '../answers/help.ts';
import type { CalendarEntry } from '../domain/inputs.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { SessionStep } from './format.ts';
import type { Vault } from './vault.ts';

/** Arguments that may be written in clear. */
export interface Disclosure {
  /** `--with-text`: query text, context values and free text stay readable. Ids never do. */
  readonly text: boolean;
  /** A context value of the workspace's calendar is no secret of a user's. */
  readonly calendar: readonly CalendarEntry[];
}

const whatIf = /^what-if:\d+$/;

const hideEvent = (vault: Vault, id: string): string => (whatIf.test(id) ? id : vault.event(id));

/** The query with user and event ids as HMACs and its text sealed. */
export const sealQuery = (
  query: RecallQuery,
  vault: Vault,
  disclosure: Disclosure,
): { userId: string; [field: string]: unknown } => {
  const text = (plain: string): string => (disclosure.text ? plain : vault.seal(plain));
  const isPublic = (field: string, value: string): boolean =>
    value === '' || disclosure.calendar.some((entry) => entry.field === field && entry.value === value);
  return {
    ...query,
    userId: vault.user(query.userId),
    context: Object.fromEntries(
      Object.entries(query.context).map(([field, value]) => [field, isPublic(field, value) ? value : text(value)]),
    ),
    excludedEvents: query.excludedEvents.map((id) => hideEvent(vault, id)),
    extraEvents: query.extraEvents.map(({ query: searched, peerId, ...event }) => ({
      ...event,
      ...(searched === undefined ? {} : { query: text(searched) }),
      ...(peerId === undefined ? {} : { peerId: vault.user(peerId) }),
    })),
  };
};

/** Types of argument that name no person and hold no free text. */
const plain: ReadonlySet<ArgSpec['type']> = new Set<ArgSpec['type']>([
  'int',
  'number',
  'flag',
  'time',
  'ad',
  'group',
  'channel',
  'mode',
  'choice',
  'preset',
  'weight',
]);

/** The command's own arguments, hidden by their type: what no table names is sealed. */
export const sealArgs = (
  args: ArgValues,
  specs: readonly ArgSpec[],
  vault: Vault,
  disclosure: Disclosure,
): SessionStep['args'] => {
  const hide = (type: ArgSpec['type'] | undefined, value: string): string => {
    if (type === 'user') return vault.user(value);
    if (type === 'event') return hideEvent(vault, value);
    return disclosure.text || (type !== undefined && plain.has(type)) ? value : vault.seal(value);
  };
  const out: SessionStep['args'] = {};
  for (const [name, value] of Object.entries(args)) {
    const type = specs.find((spec) => spec.name === name)?.type;
    if (value === undefined) continue;
    if (typeof value === 'string') out[name] = hide(type, value);
    else out[name] = typeof value === 'object' ? value.map((one) => hide(type, one)) : value;
  }
  return out;
};
