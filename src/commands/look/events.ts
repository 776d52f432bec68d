import { byCodeUnit } from '../../base/order.ts';
import type { EventRow, EventsData } from '../../answers/look.ts';
import type { BehaviourEvent, Engagement } from '../../domain/events.ts';
import type { GroupSpec } from '../../domain/groups.ts';
import { hypotheticalEvents, newestFirst } from '../../domain/inputs.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { listArg, numberArg, textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { queryFromArgs } from '../query/args.ts';
import { categoryPathOf, titlesOf } from '../../engine/titles.ts';
import { lacksUser } from '../../console/needs.ts';

const day = 86_400_000;
const days = 30;

/** Groups of the manifest that read an event of this kind from the user's own history. */
export const groupsOfKind = (groups: readonly GroupSpec[], kind: string): string[] =>
  groups
    .filter(
      (g) => (g.source === 'events' && g.kinds.includes(kind)) || (g.source === 'social' && g.ownKinds.includes(kind)),
    )
    .map((g) => g.name);

interface OwnEvents {
  /** The newest `limit`. */
  readonly shown: readonly BehaviourEvent[];
  readonly byKind: ReadonlyMap<string, number>;
  /** Those of the last days. */
  readonly recent: readonly BehaviourEvent[];
}

/** The user's own events before as-of, the query's hypothetical ones among them, newest first; only counted beyond `limit`. */
const ownEvents = (
  { store }: Workspace,
  query: RecallQuery,
  { limit, kinds }: { limit: number; kinds: readonly string[] },
): OwnEvents => {
  const { userId, asOf } = query;
  const extra = hypotheticalEvents(query).filter(({ kind }) => kinds.length === 0 || kinds.includes(kind));
  const asked = { before: asOf, ...(kinds.length === 0 ? {} : { kinds }) };
  const byKind = new Map(store.countEvents(userId, asked));
  for (const { kind } of extra) byKind.set(kind, (byKind.get(kind) ?? 0) + 1);
  return {
    shown: [...store.events(userId, { ...asked, limit }), ...extra].sort(newestFirst).slice(0, limit),
    byKind,
    recent: [...store.events(userId, { ...asked, from: asOf - days * day }), ...extra],
  };
};

const perDay = (events: readonly BehaviourEvent[], asOf: number): number[] => {
  const counts = Array.from({ length: days }, () => 0);
  for (const { at } of events) {
    const i = days - 1 - Math.floor((asOf - 1 - at) / day);
    if (i >= 0 && i < days) counts[i] = (counts[i] ?? 0) + 1;
  }
  return counts;
};

/** Profile, behaviour and ground truth of the query's user at its as-of. */
export const eventsData = (
  workspace: Workspace,
  query: RecallQuery,
  options: { limit: number; kinds: readonly string[] },
): EventsData => {
  const { settings, store } = workspace;
  const { shown, byKind, recent } = ownEvents(workspace, query, options);
  const engaged = engagedOf(workspace, query);
  const titles = titlesOf(
    workspace.catalog,
    [...shown, ...engaged].flatMap(({ adId }) => (adId === null ? [] : [adId])),
  );
  const titleOf = (adId: string | null): string | null => (adId === null ? null : (titles.get(adId) ?? null));
  const excluded = new Set(query.excludedEvents);
  return {
    user: { userId: query.userId, attributes: store.user(query.userId)?.attributes ?? {} },
    asOf: query.asOf,
    events: shown.map(({ eventId, kind, at, platform, adId, query: searched, peerId }): EventRow => {
      const groups = groupsOfKind(settings.groups, kind);
      return {
        eventId,
        group: groups[0] ?? null,
        groups,
        kind,
        at,
        ageMs: query.asOf - at,
        platform,
        adId,
        title: titleOf(adId),
        category: categoryPathOf(workspace.catalog, adId),
        query: searched,
        peerId,
        excluded: excluded.has(eventId),
      };
    }),
    total: [...byKind.values()].reduce((sum, count) => sum + count, 0),
    byKind: Object.fromEntries([...byKind].sort(([a, x], [b, y]) => y - x || byCodeUnit(a, b))),
    perDay: perDay(recent, query.asOf),
    friends: store.friends(query.userId, query.asOf).length,
    engaged: engaged.map((e) => ({ ...e, title: titleOf(e.adId) })),
  };
};

/** Ground truth: engagements at or after as-of, within the manifest's horizon. */
export const engagedOf = ({ store, settings }: Workspace, query: RecallQuery): Engagement[] =>
  store.engaged(query.userId, {
    from: query.asOf,
    until: settings.horizonMs === null ? null : query.asOf + settings.horizonMs,
    kinds: settings.engagementKinds,
  });

export const eventsCommand: Command<'events'> = {
  id: 'events',
  title: 'Show the behaviour of a user',
  doc: 'Shows a user’s attributes, their behaviour before as-of, newest first, with the feature group that reads each event, and the ads they engaged with afterwards.',
  family: 'look',
  needs: 'workspace',
  takesQuery: true,
  when: ({ userId }) => userId !== null || lacksUser(),
  args: [
    { name: 'user', type: 'user', position: 0, doc: 'The user (default: that of --query).' },
    { name: 'limit', type: 'int', default: 100, unit: 'events', doc: 'At most this many.' },
    { name: 'kind', type: 'string', repeat: true, doc: 'Only events of this kind.' },
  ],
  examples: ['events u-00412', 'events u-00412 --kind search --at 2025-06-17'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const data = eventsData(workspace, query, {
      limit: Math.max(0, numberArg(args, 'limit') ?? 100),
      kinds: listArg(args, 'kind'),
    });
    return { schema: 'events', query, data };
  },
};
