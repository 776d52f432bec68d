import type { GroupSpec } from '../../domain/groups.ts';
import type { Seen } from './format.ts';

const day = 86_400_000;

const group = (
  name: string,
  source: GroupSpec['source'],
  kinds: readonly string[],
  more: Partial<GroupSpec> = {},
): GroupSpec => ({ name, source, kinds, ownKinds: [], maxItems: 20, windowMs: null, ...more });

export const eventsGroup = (name: string, kinds: readonly string[], more: Partial<GroupSpec> = {}): GroupSpec =>
  group(name, 'events', kinds, more);
export const socialGroup = (kinds: readonly string[], ownKinds: readonly string[] = []): GroupSpec =>
  group('social', 'social', kinds, { ownKinds });
export const contextGroup = (): GroupSpec => group('context', 'context', []);
export const trendGroup = (days: number): GroupSpec =>
  group('trend', 'trend', [], { maxItems: 10, windowMs: days * day });

/** Kinds whose meaning the field agrees on; all others that come with an ad are a browse. */
const purchases = ['purchase', 'buy', 'order', 'convert'];
const searches = ['search', 'query'];
const shares = ['share'];
const passive = ['impression', 'exposure'];

const present = (seen: Seen, kinds: readonly string[]): string[] => kinds.filter((kind) => seen.kinds.has(kind));

/** Kinds that count as engagement: clicks and purchases, else every kind with an ad but impressions. */
export const guessEngagement = (seen: Seen): string[] => {
  const clear = present(seen, ['click', ...purchases]);
  return clear.length > 0 ? clear : [...seen.times.keys()].filter((kind) => !passive.includes(kind)).sort();
};

/** Groups the events can feed; a group without input is omitted. With nothing at all, `context` alone. */
export const guessGroups = (seen: Seen, engagement: readonly string[]): GroupSpec[] => {
  const special = [...purchases, ...searches, ...shares, ...passive];
  const browse = [...seen.times.keys()].filter((kind) => !special.includes(kind)).sort();
  const search = present(seen, searches);
  const bought = present(seen, purchases);
  const shared = present(seen, shares);
  return [
    ...(browse.length > 0 ? [eventsGroup('browse', browse)] : []),
    ...(search.length > 0 ? [eventsGroup('search', search)] : []),
    ...(bought.length > 0 ? [eventsGroup('purchase', bought)] : []),
    ...(seen.friends > 0 || shared.length > 0 ? [socialGroup(bought.length > 0 ? bought : engagement, shared)] : []),
    contextGroup(),
    ...(seen.categories ? [trendGroup(7)] : []),
  ];
};
