import type { EventId } from '../domain/ids.ts';
import type { BehaviourEvent } from '../domain/events.ts';
import type { Ad, DropReason } from '../domain/ads.ts';
import type { CalendarEntry } from '../domain/inputs.ts';
import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import { approximately } from './abilities.ts';
import type { EngineCore } from './core.ts';
import type { Engine } from './engine.ts';
import { attributeGroups, columnOf } from './explain/groups.ts';
import { hasVector, ordinalOfAd } from './explain/vectors.ts';
import { yieldToEventLoop, throwIfAborted } from './interrupt.ts';
import { queryAt } from './what-if.ts';

/** One ad at one instant: the answer of a fresh query with that as-of. */
export interface TimelinePoint {
  readonly at: number;
  /** Rank in the query's own list; null = not in it. */
  readonly listRank: number | null;
  /** Rank of its modelScore among all eligible ads; null where it is not eligible, or there is no model. */
  readonly exactRank: number | null;
  readonly modelScore: number | null;
  /** Which filter drops it at this instant. */
  readonly ineligible: DropReason | null;
  /** The group with the largest φ above 0; null where none lifts the score. */
  readonly carriedBy: string | null;
  readonly groups: ReadonlyArray<{ readonly group: string; readonly phi: number }>;
}

/** Why an instant was probed: a step, as-of, just after a behaviour of the user's, an edge of a promotion or of the ad's dates. */
export type ProbeReason = 'step' | 'as-of' | 'event' | 'edge';

export interface TimelineProbe extends TimelinePoint {
  readonly by: ProbeReason;
}

/** The ad enters or leaves the list: it is so at `at`, and was not yet at `before`, at most a minute earlier. */
export interface Crossing {
  readonly kind: 'enters' | 'leaves';
  readonly at: number;
  readonly before: number;
  readonly carriedBy: string | null;
  /** Change of φ from `before` to `at`, largest first: what brought it about. */
  readonly causes: ReadonlyArray<{ readonly group: string; readonly delta: number }>;
}

export interface Timeline {
  readonly adId: string;
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  /** Ascending in time. */
  readonly points: readonly TimelineProbe[];
  readonly crossings: readonly Crossing[];
  /** Parts of the model's share of the answer that hold only approximately. */
  readonly approximations: readonly string[];
  /** Spans of the calendar that touch the window. */
  readonly bands: readonly CalendarEntry[];
  /** The user's own behaviours within the window, oldest first; of more than `mostEvents` as many, evenly among the newest. */
  readonly events: ReadonlyArray<{ readonly eventId: EventId; readonly kind: string; readonly at: number }>;
  /** All behaviours of the user within the window. */
  readonly eventsTotal: number;
}

export interface TimelineOptions {
  /** First step, ms; the last is the largest from + n·step ≤ to. */
  readonly from: number;
  readonly to: number;
  readonly stepMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export const mostPoints = 2000;
/** Behaviours that are probed: each is a question of its own. */
export const mostEvents = 200;
/** Behaviours among which those are chosen. */
const mostRead = 20_000;
const minute = 60_000;

/** The ad at one instant. Throws `unknown-ad`, and what recall throws. */
export const pointAt = async (engine: Engine, query: RecallQuery, adId: string, at: number): Promise<TimelinePoint> => {
  const { core } = engine;
  const ordinal = ordinalOfAd(core.deps, adId);
  const then = queryAt(core, query, at);
  const { candidates } = await engine.recall(then);
  const listRank = candidates.find((c) => c.ordinal === ordinal)?.rank ?? null;
  const ineligible = core.dropReason(then, ordinal);
  const vector = hasVector(core.deps, ordinal) ? await core.userVector(then) : null;
  if (vector === null)
    return { at, listRank, exactRank: null, modelScore: null, ineligible, carriedBy: null, groups: [] };
  const { groups, modelScore } = await sharesAt(core, then, ordinal, vector);
  const exact =
    ineligible === null && core.deps.scan !== null
      ? await core.deps.scan.rankOf(vector, ordinal, core.mask(then) ?? undefined)
      : null;
  return { at, listRank, exactRank: exact?.rank ?? null, modelScore, ineligible, carriedBy: strongest(groups), groups };
};

/** φ of each group, and the score they explain; of a model whose groups cannot be taken out the score alone. */
const sharesAt = async (
  core: EngineCore,
  then: RecallQuery,
  ordinal: number,
  vector: Float32Array,
): Promise<Pick<TimelinePoint, 'groups' | 'modelScore'>> => {
  const encoder = await core.deps.encoder();
  if (encoder?.abilities.groups !== true)
    return { groups: [], modelScore: core.modelScores(vector, [ordinal])?.[0] ?? null };
  const { phi, scores } = await attributeGroups(core, then, [ordinal]);
  return {
    groups: columnOf(phi, 1, 0).map((value, g) => ({ group: encoder.groups[g]?.name ?? '', phi: value })),
    modelScore: scores[0] ?? null,
  };
};

const strongest = (groups: TimelinePoint['groups']): string | null => {
  const best = groups.reduce<TimelinePoint['groups'][number] | null>(
    (top, one) => (one.phi > (top?.phi ?? 0) ? one : top),
    null,
  );
  return best?.group ?? null;
};

/** Instants between two points, a minute apart at most: halved until nothing lies between. */
const crossingBetween = async (
  probe: (at: number) => Promise<TimelinePoint>,
  a: TimelinePoint,
  b: TimelinePoint,
): Promise<Crossing> => {
  let [low, high] = [a, b];
  while (high.at - low.at > minute) {
    const whole = Math.floor((low.at + high.at) / 2 / minute) * minute;
    const middle = await probe(whole > low.at ? whole : Math.floor((low.at + high.at) / 2));
    if ((middle.listRank === null) === (a.listRank === null)) low = middle;
    else high = middle;
  }
  const before = new Map(low.groups.map(({ group, phi }) => [group, phi]));
  const causes = high.groups.map(({ group, phi }) => ({ group, delta: phi - (before.get(group) ?? 0) }));
  return {
    kind: b.listRank === null ? 'leaves' : 'enters',
    at: high.at,
    before: low.at,
    carriedBy: high.carriedBy,
    causes: causes.sort((x, y) => Math.abs(y.delta) - Math.abs(x.delta) || (x.group < y.group ? -1 : 1)),
  };
};

/** Where a window is looked at besides its steps; an instant that is a step already stays one. */
const probesOf = (
  steps: readonly number[],
  more: ReadonlyArray<readonly [number, ProbeReason]>,
  { from, to }: TimelineOptions,
): Array<readonly [number, ProbeReason]> => {
  const probes = new Map<number, ProbeReason>(steps.map((at) => [at, 'step']));
  for (const [at, by] of more) if (at >= from && at <= to && !probes.has(at)) probes.set(at, by);
  return [...probes].sort(([a], [b]) => a - b);
};

/**
 * The user's behaviours in the window. They are read at its end, so that the questions at the instants before share what
 * is known; the rules count the whole history.
 */
const behavioursIn = (
  core: EngineCore,
  query: RecallQuery,
  { from, to }: TimelineOptions,
): Pick<Timeline, 'events' | 'eventsTotal'> => {
  const atEnd = { ...query, asOf: to + 1, extraEvents: [] };
  if (query.mode === 'merged' || query.mode === 'legacy') core.place(atEnd);
  const newest: BehaviourEvent[] = [];
  for (const event of core.newest(atEnd)) {
    if (event.at < from || newest.length === mostRead) break;
    newest.push(event);
  }
  const counts = newest.length < mostRead ? null : core.deps.store.countEvents(query.userId, { before: to + 1, from });
  return {
    events: evenly(newest, mostEvents)
      .map(({ eventId, kind, at }) => ({ eventId, kind, at }))
      .reverse(),
    eventsTotal: counts === null ? newest.length : [...counts.values()].reduce((sum, count) => sum + count, 0),
  };
};

/** At most `most` of a list, the first among them, at equal distances. */
const evenly = <T>(items: readonly T[], most: number): readonly T[] =>
  items.length <= most
    ? items
    : Array.from({ length: most }, (_, i) => items[Math.floor((i * items.length) / most)]).flatMap(
        (item) => item ?? [],
      );

/** Instants at which something that the list reads begins or ends. */
const edgesOf = (bands: readonly CalendarEntry[], ad: Ad | undefined): number[] => [
  ...bands.flatMap(({ from, until }) => [from - 1, from, until - 1, until]),
  ...[ad?.startAt, ad?.endAt].flatMap((edge) =>
    edge === null || edge === undefined ? [] : [edge - 1, edge, edge + 1],
  ),
];

/**
 * One ad over a window of time, the query otherwise as it is: its rank, score and φ at each step, at as-of, just after
 * each of the user's own behaviours (of more than 200, after 200 among them) and at the edges of promotions and of the
 * ad's dates; and to the minute each instant where it enters or leaves the list between two probes that differ (a visit
 * between two that agree is not seen).
 * Throws `unknown-ad`, `usage` for a window without steps or with too many probes, `cancelled`.
 */
export const timeline = async (
  engine: Engine,
  query: RecallQuery,
  adId: string,
  options: TimelineOptions,
): Promise<Timeline> => {
  const { from, to, stepMs, signal, onProgress } = options;
  const count = Math.floor((to - from) / stepMs) + 1;
  if (!(stepMs >= 1) || !(count >= 1))
    throw new RecallError('usage', 'the window holds no instant', {
      expected: 'from before to, and a step above 0',
      found: `from ${from} to ${to}, step ${stepMs} ms`,
    });
  if (count > mostPoints) throw tooMany(count);
  const { settings, catalog } = engine.core.deps;
  const { events, eventsTotal } = behavioursIn(engine.core, query, options);
  const bands = (settings.calendar ?? []).filter((entry) => entry.from < to && from < entry.until);
  const [ad] = catalog.ads([ordinalOfAd(engine.core.deps, adId)]);
  const probes = probesOf(
    Array.from({ length: count }, (_, i) => from + i * stepMs),
    [
      [query.asOf, 'as-of'],
      ...events.map(({ at }) => [at + 1, 'event'] as const),
      ...edgesOf(bands, ad).map((at) => [at, 'edge'] as const),
    ],
    options,
  );
  if (probes.length > mostPoints) throw tooMany(probes.length);
  const probe = (at: number): Promise<TimelinePoint> => pointAt(engine, query, adId, at);
  const points: TimelineProbe[] = [];
  const crossings: Crossing[] = [];
  for (const [i, [at, by]] of probes.entries()) {
    throwIfAborted(signal);
    const last = points.at(-1);
    const point = { ...(await probe(at)), by };
    points.push(point);
    if (last !== undefined && (last.listRank === null) !== (point.listRank === null))
      crossings.push(await crossingBetween(probe, last, point));
    onProgress?.(i + 1, probes.length);
    await yieldToEventLoop();
  }
  const encoder = await engine.core.deps.encoder();
  const approximations = approximately(encoder, query, encoder?.abilities.groups === true ? ['groups'] : []);
  return { adId, from, to, stepMs, points, crossings, approximations, bands, events, eventsTotal };
};

const tooMany = (count: number): RecallError =>
  new RecallError('usage', `${count} instants are too many`, {
    expected: `at most ${mostPoints}`,
    todo: 'take a larger --step or a shorter window',
  });
