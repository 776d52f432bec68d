import type { RecallQuery } from '../../domain/query.ts';
import { choices } from '../../domain/smallest-set.ts';
import { RecallError } from '../../errors.ts';
import { approximately, requireAbility } from '../abilities.ts';
import type { Engine } from '../engine.ts';
import { ordinalOfAd } from '../explain/vectors.ts';
import { yieldToEventLoop, throwIfAborted } from '../interrupt.ts';
import { applyChange, requireModelList } from './apply.ts';
import { exactOf } from './claim.ts';
import { missedBy } from './missed.ts';
import type { EventChange, EventCounterfactual, Goal } from './types.ts';
import { userLists } from './user-lists.ts';
import type { UserLists } from './user-lists.ts';
import type { CounterfactualOptions } from './weights.ts';

/** Subsets are drawn from this many behaviours, and are at most this large. */
export const strongest = 15;
export const exhaustiveSize = 3;
const batch = 64;

/** A set of knock-outs as tried: is the ad in the list, and its exact margin over what it has to beat. */
interface Tried {
  readonly set: readonly number[];
  readonly inside: boolean;
  readonly margin: number;
}

/**
 * The smallest set of behaviours whose removal takes the ad out of the list, or brings it in: every
 * set is a true re-encoding (knocked-out events keep their slot) and a search of the index as the user's own. All sets up to three of the
 * 15 strongest (by what removing each alone does); beyond three the best set so far grows by one at a
 * time, over all behaviours. Throws as `byWeights`.
 */
export const byEvents = async (
  engine: Engine,
  asked: RecallQuery,
  adId: string,
  options: CounterfactualOptions = {},
): Promise<EventCounterfactual> => {
  const { core } = engine;
  requireModelList(asked, 'counterfactual behaviours');
  const encoder = await core.deps.encoder();
  if (encoder !== null) requireAbility(encoder, 'events', 'counterfactual behaviours');
  const ordinal = ordinalOfAd(core.deps, adId);
  const before = await engine.recall(asked);
  const { query } = before;
  const events = await removable(engine, query);
  const lists = await userLists(core, query);
  const trySets = setsTrier(engine, query, lists, ordinal, events, options.signal);
  const goal: Goal = before.candidates.some((one) => one.ordinal === ordinal) ? 'out' : 'in';
  const vector = await core.userVector(query);
  const inExact = vector !== null && (await lists.exact(vector)).includes(ordinal);
  const missed = goal === 'in' && inExact ? await missedBy(engine, query, adId) : null;
  const ef = missed?.ef ?? null;
  const found = ef === null ? await smallestSet(events, trySets, goal) : notSearched(events);
  const { changes } = found;
  const excluded = [...query.excludedEvents, ...changes.map((event) => event.eventId)];
  const tried =
    ef !== null ? { ...query, ef: ef.to } : changes.length === 0 ? null : { ...query, excludedEvents: excluded };
  const outcome = await applyChange(engine, before, adId, goal, tried);
  return {
    by: 'events',
    query,
    adId,
    goal,
    inExact,
    missed,
    changes: outcome.applied === null ? [] : changes,
    approximations: approximately(encoder, query, ['events']),
    search: found.search,
    ...outcome,
  };
};

type Found = Pick<EventCounterfactual, 'changes' | 'search'>;

/** Another ef is the answer: no behaviour was knocked out. */
const notSearched = (events: readonly EventChange[]): Found => ({
  changes: [],
  search: { method: 'greedy', strongest: 0, events: events.length, evaluated: 0, complete: events.length === 0 },
});

const smallestSet = async (events: readonly EventChange[], trySets: SetsTrier, goal: Goal): Promise<Found> => {
  const reached = ({ inside }: Tried): boolean => inside === (goal === 'in');
  const sorted = async (sets: ReadonlyArray<readonly number[]>): Promise<Tried[]> =>
    (await trySets(sets)).sort((a, b) => better(goal, a, b));
  const alone = await sorted(events.map((_, i) => [i]));
  const chosen = alone.slice(0, strongest).flatMap(({ set }) => set);
  let found = alone.find(reached) ?? null;
  let last = alone[0] ?? null;
  for (let size = 2; found === null && size <= Math.min(exhaustiveSize, chosen.length); size += 1) {
    const tried = await sorted(choices(chosen, size));
    found = tried.find(reached) ?? null;
    last = tried[0] ?? last;
  }
  const exhaustive = found !== null || events.length <= exhaustiveSize;
  while (found === null && last !== null && last.set.length < events.length) {
    const { set } = last;
    const rest = events.map((_, i) => i).filter((i) => !set.includes(i));
    const [next] = await sorted(rest.map((i) => [...set, i]));
    found = next !== undefined && reached(next) ? next : null;
    last = next ?? null;
  }
  return {
    changes: found === null ? [] : found.set.flatMap((i) => events[i] ?? []),
    search: {
      method: exhaustive ? 'exhaustive' : 'greedy',
      strongest: chosen.length,
      events: events.length,
      evaluated: trySets.count(),
      complete: events.length <= exhaustiveSize,
    },
  };
};

/** The behaviours the tower reads, once each, that are not knocked out yet. */
const removable = async ({ core }: Engine, query: RecallQuery): Promise<EventChange[]> => {
  const seen = new Map<string, EventChange>();
  for (const { group, items } of (await core.inputs(query)).groups) {
    for (const { eventId, kind, at, excluded } of items)
      if (eventId !== null && !excluded && !seen.has(eventId)) seen.set(eventId, { eventId, kind, at, group });
  }
  return [...seen.values()];
};

/** Closest to the goal first; of equals the set with the earlier (newer) behaviours. */
const better = (goal: Goal, a: Tried, b: Tried): number => (goal === 'in' ? b.margin - a.margin : a.margin - b.margin);

interface SetsTrier {
  (sets: ReadonlyArray<readonly number[]>): Promise<Tried[]>;
  count(): number;
}

const setsTrier = (
  { core }: Engine,
  query: RecallQuery,
  lists: UserLists,
  ordinal: number,
  events: readonly EventChange[],
  signal: AbortSignal | undefined,
): SetsTrier => {
  const { scan } = exactOf(core.deps);
  const mask = core.mask(query) ?? undefined;
  let count = 0;
  const tryOne = async (set: readonly number[], changed: RecallQuery): Promise<Tried> => {
    const vector = await core.userVector(changed);
    if (vector === null) throw new RecallError('unsupported', 'counterfactual behaviours need a model');
    const {
      exact: { score },
      top,
    } = await scan.standing(vector, ordinal, query.k + 1, mask);
    const at = top.ordinals.indexOf(ordinal);
    const cutoff = top.scores[at >= 0 && at < query.k ? query.k : query.k - 1] ?? Number.NEGATIVE_INFINITY;
    return { set, margin: score - cutoff, inside: (await lists.native(vector)).includes(ordinal) };
  };
  const run = async (sets: ReadonlyArray<readonly number[]>): Promise<Tried[]> => {
    const out: Tried[] = [];
    for (let from = 0; from < sets.length; from += batch) {
      throwIfAborted(signal);
      const part = sets.slice(from, from + batch);
      const queries = part.map((set) => ({
        ...query,
        excludedEvents: [...query.excludedEvents, ...set.flatMap((i) => events[i]?.eventId ?? [])],
      }));
      await core.encodeMany(queries);
      for (const [i, changed] of queries.entries()) out.push(await tryOne(part[i] ?? [], changed));
      count += part.length;
      await yieldToEventLoop();
    }
    return out;
  };
  return Object.assign(run, { count: () => count });
};
