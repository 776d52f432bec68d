import type { BehaviourEvent } from '../../domain/events.ts';
import { conditions } from '../../domain/filter/users.ts';
import type { Workspace } from '../../workspace/workspace.ts';

/** So many users are read, and so many of their latest behaviours: what an example needs is among them, or there is none. */
const usersRead = 30;
const eventsRead = 60;
const longest = 16;

/** Letters that SQLite and we fold alike, so that a word copied from the data is found there again. */
const plain = /^[\p{Lo}\p{N}a-zA-Z][\p{Lo}\p{N}a-zA-Z -]*$/u;

/** The first of the texts that can be written after a colon as it stands, else in quotes; one letter names too much. */
const written = (texts: readonly string[]): string | null => {
  const usable = texts.filter(
    (text) => text.length > 1 && text.length <= longest && plain.test(text) && text === text.normalize('NFKC').trim(),
  );
  const [text] = [...usable.filter((one) => !one.includes(' ')), ...usable];
  if (text === undefined) return null;
  return text.includes(' ') ? `"${text}"` : text;
};

/** Words of an ad that name it best: the last level of its category, else the words of its title. */
const namesOf = ({ catalog }: Workspace, adId: string): readonly string[] => {
  const ordinal = catalog.ordinalOf(adId);
  const [ad] = ordinal === null ? [] : catalog.ads([ordinal]);
  if (ad === undefined) return [];
  return [ad.category.split('>').at(-1)?.trim() ?? '', ...ad.title.split(/\s+/u)];
};

/** The condition that this behaviour meets; null: none that can be written shortly. */
const conditionOf = (
  workspace: Workspace,
  { kind, adId, query }: BehaviourEvent,
): readonly [name: string, text: string] | null => {
  const condition = conditions.find(({ kinds }) => kinds.some((one) => one === kind));
  if (condition?.of === 'query') {
    const words = query === null ? null : written([query, ...query.split(/\s+/u)]);
    return words === null ? null : [condition.name, words];
  }
  const words = adId === null ? null : written(namesOf(workspace, adId));
  if (words === null) return null;
  if (condition !== undefined) return [condition.name, words];
  return written([kind]) === kind ? ['did', `${kind}:${words}`] : null;
};

/** Conditions in the order they are shown in; an attribute comes first and has no name. */
const names: readonly string[] = ['', ...conditions.map(({ name }) => name), 'did'];

/**
 * What can be typed into the finder's line, one of each condition; each is met by a user of this sample before the
 * workspace's as-of, and still is with the `after:` at the end. Reads the first users alone.
 */
export const finderExamples = (workspace: Workspace): string[] => {
  const { store, manifest } = workspace;
  const before = manifest.asOf ?? Number.MAX_SAFE_INTEGER;
  const found = new Map<string, string>();
  let since = Number.POSITIVE_INFINITY;
  for (const { userId, attributes } of store.listUsers({ limit: usersRead, before })) {
    if (found.size === names.length) break;
    const attribute = written(Object.values(attributes));
    if (attribute !== null && !found.has('')) found.set('', attribute);
    for (const event of store.events(userId, { before, limit: eventsRead })) {
      const [name, text] = conditionOf(workspace, event) ?? [];
      if (name === undefined || text === undefined || found.has(name)) continue;
      found.set(name, `${name}:${text}`);
      since = Math.min(since, event.at);
    }
  }
  const shown = names.flatMap((name) => found.get(name) ?? []);
  const dated = Number.isFinite(since) && !manifest.syntheticTimes;
  return dated ? [...shown, `after:${new Date(since).toISOString().slice(0, 10)}`] : shown;
};
