import type { UserId } from '../domain/ids.ts';
import type { ChannelName, RecallQuery } from '../domain/query.ts';
import { channelNames } from '../domain/query.ts';
import { byCodeUnit } from '../base/order.ts';
import { cancelledError, RecallError } from '../errors.ts';
import type { Engine } from './engine.ts';
import { ordinalOfAd } from './explain/vectors.ts';
import { countTo } from './history.ts';

/** A user whose list holds the ad. */
export interface AudienceMember {
  readonly userId: UserId;
  readonly rank: number;
  readonly via: ChannelName;
  readonly channels: readonly ChannelName[];
}

/** Reach within a part of the users: `gender=f`, `history=5-19`. */
export interface Reach {
  readonly users: number;
  readonly reached: number;
  readonly share: number;
}
export interface SegmentReach extends Reach {
  readonly field: string;
  readonly value: string;
}
export interface ChannelReach {
  readonly channel: ChannelName;
  /** Users for whom the channel emitted the ad. */ readonly found: number;
  /** … and placed it. */ readonly placed: number;
}

export interface Audience extends Reach {
  readonly adId: string;
  /** Best rank first. */
  readonly members: readonly AudienceMember[];
  readonly channels: readonly ChannelReach[];
  readonly segments: readonly SegmentReach[];
  /** Users whose query could not be answered, e.g. weights that leave no direction. */
  readonly failed: number;
}

/** Which user this is for the reach by segment: attributes, and how many behaviours are known before as-of. */
export const segmentsOf = ({ core }: Engine, query: RecallQuery): Array<readonly [field: string, value: string]> => [
  ...Object.entries(core.user(query.userId).attributes),
  ['history', lengthClass(countTo(core.newest(query), 100))] as const,
];

const lengthClass = (events: number): string =>
  events === 0 ? '0' : events < 5 ? '1-4' : events < 20 ? '5-19' : events < 100 ? '20-99' : '100+';

/** One user's part: where the ad stands in their list (null: not in it), and the segments they count for. */
export interface AudienceRow {
  readonly userId: UserId;
  readonly member: AudienceMember | null;
  /** The query could not be answered, e.g. weights that leave no direction. */
  readonly failed: boolean;
  readonly segments: ReadonlyArray<readonly [field: string, value: string]>;
}

/** Users encoded together. */
export const audienceBatch = 64;

/**
 * One query per user, in their order: a function of the queries alone, for workers to run. Throws
 * `unknown-ad`, `unknown-user`, `cancelled` when `stop` says so between two users.
 */
export const audienceRows = async (
  engine: Engine,
  adId: string,
  queries: readonly RecallQuery[],
  stop: () => boolean = () => false,
): Promise<AudienceRow[]> => {
  const ordinal = ordinalOfAd(engine.core.deps, adId);
  const hasModel = (await engine.core.deps.encoder()) !== null;
  const rows: AudienceRow[] = [];
  for (let from = 0; from < queries.length; from += audienceBatch) {
    const part = queries.slice(from, from + audienceBatch);
    if (hasModel) await engine.core.encodeMany(part);
    for (const query of part) {
      if (stop()) throw cancelledError();
      rows.push({
        userId: query.userId,
        segments: segmentsOf(engine, query),
        ...(await memberOf(engine, query, ordinal)),
      });
    }
  }
  return rows;
};

const memberOf = async (
  engine: Engine,
  query: RecallQuery,
  ordinal: number,
): Promise<Pick<AudienceRow, 'member' | 'failed'>> => {
  try {
    const found = (await engine.recall(query)).candidates.find((candidate) => candidate.ordinal === ordinal);
    return {
      failed: false,
      member:
        found === undefined
          ? null
          : {
              userId: query.userId,
              rank: found.rank,
              via: found.via,
              channels: found.channels.map((hit) => hit.channel),
            },
    };
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported') return { member: null, failed: true };
    throw error;
  }
};

/** Who recalls an ad, of the users whose rows these are. */
export const summariseAudience = (adId: string, answers: readonly AudienceRow[]): Audience => {
  const members = answers
    .flatMap(({ member }) => (member === null ? [] : [member]))
    .sort((a, b) => a.rank - b.rank || byCodeUnit(a.userId, b.userId));
  const segments = new Map<string, { field: string; value: string; users: number; reached: number }>();
  for (const { segments: own, member } of answers) {
    for (const [field, value] of own) {
      const key = JSON.stringify([field, value]);
      const segment = segments.get(key) ?? { field, value, users: 0, reached: 0 };
      segments.set(key, { ...segment, users: segment.users + 1, reached: segment.reached + (member === null ? 0 : 1) });
    }
  }
  return {
    adId,
    members,
    ...reach(answers.length, members.length),
    failed: answers.filter((answer) => answer.failed).length,
    channels: channelNames
      .map((channel) => ({
        channel,
        found: members.filter((member) => member.channels.includes(channel)).length,
        placed: members.filter((member) => member.via === channel).length,
      }))
      .filter(({ found }) => found > 0),
    segments: [...segments.values()]
      .map(({ field, value, users, reached }) => ({ field, value, ...reach(users, reached) }))
      .sort((a, b) => byCodeUnit(a.field, b.field) || b.users - a.users || byCodeUnit(a.value, b.value)),
  };
};

const reach = (users: number, reached: number): Reach => ({ users, reached, share: users === 0 ? 0 : reached / users });
