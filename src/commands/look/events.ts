import { byCodeUnit } from '../../base/order.ts';
import type { EventRow, EventsData } from '../../answers/look.ts';
import type { BehaviourEvent, Engagement } from '../../domain/events.ts';
import { hypotheticalEventId } from '../../domain/events.ts';
import type { GroupSpec } from '../../domain/groups.ts';
import { newestFirst } from '../../domain/inputs.ts';
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

/** The user's own events before as-of, the query's hypothetical ones among them, newest first. */
export const ownEvents = (workspace: Workspace, query: RecallQuery): BehaviourEvent[] => {
  const recorded = workspace.store.events(query.userId, { before: query.asOf });
  const extra = query.extraEvents.map((e, i): BehaviourEvent => ({
    eventId: hypotheticalEventId(i),
    userId: query.userId,
    kind: e.kind,
    at: e.at,
    platform: null,
    adId: e.adId ?? null,
    query: e.query ?? null,
    peerId: e.peerId ?? null,
  }));
  return [...recorded, ...extra].sort(newestFirst);
};

const perDay = (events: readonly BehaviourEvent[], asOf: number): number[] => {
  const counts = Array.from({ length: days }, () => 0);
  for (const { at } of events) {
    const i = days - 1 - Math.floor((asOf - 1 - at) / day);
    if (i >= 0 && i < days) counts[i] = (counts[i] ?? 0) + 1;
  }
  return counts;
};

const byKind = (events: readonly BehaviourEvent[]): Record<string, number> => {
  const counts = new Map<string, number>();
  for (const { kind } of events) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a, x], [b, y]) => y - x || byCodeUnit(a, b)));
};

/** Profile, behaviour and ground truth of the query's user at its as-of. */
export const eventsData = (
  workspace: Workspace,
  query: RecallQuery,
  options: { limit: number; kinds: readonly string[] },
): EventsData => {
  const { settings, store } = workspace;
  const all = ownEvents(workspace, query).filter((e) => options.kinds.length === 0 || options.kinds.includes(e.kind));
  const shown = all.slice(0, options.limit);
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
    total: all.length,
    byKind: byKind(all),
    perDay: perDay(all, query.asOf),
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
