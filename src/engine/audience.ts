import type { ChannelName, RecallQuery } from '../domain/query.ts';
import { channelNames } from '../domain/query.ts';
import { byCodeUnit } from '../domain/order.ts';
import { RecallError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { ordinalOfAd, throwIfAborted } from './explain/vectors.ts';

/** A user whose list holds the ad. */
export interface AudienceMember {
  readonly userId: string;
  readonly rank: number;
  readonly via: ChannelName;
  readonly channels: readonly ChannelName[];
}

/** Reach within a part of the users: `gender=f`, `history=5-19`. */
export interface Reach { readonly users: number; readonly reached: number; readonly share: number }
export interface SegmentReach extends Reach { readonly field: string; readonly value: string }
export interface ChannelReach { readonly channel: ChannelName; /** Users for whom the channel emitted the ad. */ readonly found: number; /** … and placed it. */ readonly placed: number }

export interface Audience extends Reach {
  readonly adId: string;
  /** Best rank first. */
  readonly members: readonly AudienceMember[];
  readonly channels: readonly ChannelReach[];
  readonly segments: readonly SegmentReach[];
  /** Users whose query could not be answered, e.g. weights that leave no direction. */
  readonly failed: number;
}

export interface AudienceOptions { readonly signal?: AbortSignal; readonly onProgress?: (done: number, total: number) => void }

const batch = 64;

/** Which user this is for the reach by segment: attributes, and how many behaviours are known before as-of. */
export const segmentsOf = ({ core }: Engine, query: RecallQuery): Array<readonly [field: string, value: string]> =>
  [...Object.entries(core.user(query.userId).attributes), ['history', lengthClass(core.history(query).length)] as const];

const lengthClass = (events: number): string => (events === 0 ? '0' : events < 5 ? '1-4' : events < 20 ? '5-19' : events < 100 ? '20-99' : '100+');

/** One user's part: where the ad stands in the list of this query; null = not in it. A function of the query alone, for workers to run. */
export const audienceMember = async (engine: Engine, query: RecallQuery, ordinal: number): Promise<AudienceMember | null> => {
  const found = (await engine.recall(query)).candidates.find((candidate) => candidate.ordinal === ordinal);
  return found === undefined ? null : { userId: query.userId, rank: found.rank, via: found.via, channels: found.channels.map((hit) => hit.channel) };
};

interface Answer { readonly query: RecallQuery; readonly member: AudienceMember | null; readonly failed: boolean }

/** Who recalls an ad: one query per user, in their order. Throws `unknown-ad`, `unknown-user`, `cancelled`. */
export const audience = async (engine: Engine, adId: string, queries: readonly RecallQuery[], options: AudienceOptions = {}): Promise<Audience> => {
  const ordinal = ordinalOfAd(engine.core.deps, adId);
  const answers: Answer[] = [];
  for (let from = 0; from < queries.length; from += batch) {
    const part = queries.slice(from, from + batch);
    if ((await engine.core.deps.encoder()) !== null) await engine.core.encodeMany(part);
    for (const query of part) {
      throwIfAborted(options.signal);
      answers.push(await answerOf(engine, query, ordinal));
    }
    options.onProgress?.(answers.length, queries.length);
  }
  return summarise(engine, adId, answers);
};

const answerOf = async (engine: Engine, query: RecallQuery, ordinal: number): Promise<Answer> => {
  try {
    return { query, member: await audienceMember(engine, query, ordinal), failed: false };
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported') return { query, member: null, failed: true };
    throw error;
  }
};

const summarise = (engine: Engine, adId: string, answers: readonly Answer[]): Audience => {
  const members = answers.flatMap(({ member }) => (member === null ? [] : [member])).sort((a, b) => a.rank - b.rank || byCodeUnit(a.userId, b.userId));
  const segments = new Map<string, { field: string; value: string; users: number; reached: number }>();
  for (const { query, member } of answers) {
    for (const [field, value] of segmentsOf(engine, query)) {
      const key = JSON.stringify([field, value]);
      const segment = segments.get(key) ?? { field, value, users: 0, reached: 0 };
      segments.set(key, { ...segment, users: segment.users + 1, reached: segment.reached + (member === null ? 0 : 1) });
    }
  }
  return {
    adId, members, ...reach(answers.length, members.length), failed: answers.filter((answer) => answer.failed).length,
    channels: channelNames.map((channel) => ({
      channel, found: members.filter((member) => member.channels.includes(channel)).length, placed: members.filter((member) => member.via === channel).length,
    })).filter(({ found }) => found > 0),
    segments: [...segments.values()].map(({ field, value, users, reached }) => ({ field, value, ...reach(users, reached) }))
      .sort((a, b) => byCodeUnit(a.field, b.field) || b.users - a.users || byCodeUnit(a.value, b.value)),
  };
};

const reach = (users: number, reached: number): Reach => ({ users, reached, share: users === 0 ? 0 : reached / users });
