import type { DisagreementData } from '../answers/look.ts';
import type { Result } from '../answers/answers.ts';
import type { RecallRow } from '../answers/recall.ts';
import type { Evidence } from '../domain/channels.ts';
import type { ChannelHit } from '../domain/result.ts';
import type { RecallQuery } from '../domain/query.ts';
import { fields, type Fields, list, number, numberOrNull, pairs, text, textOrNull, texts } from './read.ts';

export interface ListedHit {
  readonly channel: string;
  readonly rank: number;
  readonly score: number;
  readonly evidence: Evidence;
}

/** One row of the recalled list, as the `recall` command gives it. */
export interface ListedAd {
  readonly rank: number;
  readonly adId: string;
  readonly title: string;
  /** Path, outermost first; empty where unknown, like the brand. */
  readonly category: string;
  readonly brand: string;
  readonly price: number | null;
  readonly score: number;
  readonly via: string;
  readonly modelScore: number | null;
  readonly channels: readonly ListedHit[];
  /** The kind of event she engaged with it by after as-of; null where she did not. */
  readonly engaged: string | null;
}

export interface FunnelRow {
  readonly stage: string;
  readonly in: number;
  readonly out: number;
  readonly dropped: ReadonlyArray<readonly [string, number]>;
}

export interface RecallAnswer {
  readonly query: RecallQuery;
  /** The answer as it came, for copies and exports. */
  readonly result: Result;
  readonly ads: readonly ListedAd[];
  readonly cutoff: number | null;
  readonly funnel: readonly FunnelRow[];
  /** Channels with nothing to work on, and why. */
  readonly silent: ReadonlyArray<readonly [string, string]>;
  readonly ann: {
    readonly method: string;
    readonly effectiveEf: number;
    readonly recallAtK: number | null;
    readonly missed: readonly string[];
    readonly reason: string | null;
  } | null;
  readonly leak: boolean;
  readonly notices: readonly string[];
  /** What of the model's part holds only approximately. */
  readonly approximations?: readonly string[];
  /** Ads she engaged with after as-of: how many there are, how many of them this list holds. */
  readonly truth: { readonly engaged: number; readonly recalled: number };
  readonly timingsMs: ReadonlyArray<readonly [string, number]>;
}

export interface EventRow {
  readonly eventId: string;
  readonly group: string | null;
  readonly kind: string;
  readonly at: number;
  readonly platform: string | null;
  readonly adId: string | null;
  readonly title: string | null;
  readonly query: string | null;
  readonly peerId: string | null;
  readonly excluded: boolean;
}

export interface Behaviour {
  /** The answer as it came, for copies and exports. */
  readonly result: Result;
  readonly attributes: ReadonlyArray<readonly [string, string]>;
  readonly events: readonly EventRow[];
  readonly total: number;
  readonly byKind: ReadonlyArray<readonly [string, number]>;
  /** Events a day, oldest first; the last day ends at as-of. */
  readonly perDay: readonly number[];
  readonly friends: number;
}

export interface UserRow {
  readonly userId: string;
  readonly attributes: ReadonlyArray<readonly [string, string]>;
  readonly events: number;
  readonly lastAt: number | null;
  /** 1 − RBO of legacy and model; null: not asked. */
  readonly difference: number | null;
}

export interface AdRow {
  readonly adId: string;
  readonly title: string;
  readonly category: string;
}

const numbers = (value: unknown): Array<readonly [string, number]> =>
  Object.entries(fields(value)).map(([name, n]) => [name, number(n)]);

const hit = ({ channel, rank, score, evidence }: ChannelHit): ListedHit => ({ channel, rank, score, evidence });

const listedAd = (value: RecallRow): ListedAd => {
  const f = fields(value);
  return {
    rank: number(f['rank']),
    adId: text(f['adId']),
    title: text(f['title']),
    category: text(f['category']),
    brand: text(f['brand']),
    price: numberOrNull(f['price']),
    score: number(f['score']),
    via: text(f['via']),
    modelScore: numberOrNull(f['modelScore']),
    channels: value.channels.map(hit),
    engaged: f['engaged'] === true ? text(fields(f['engagement'])['kind'], 'engaged') : null,
  };
};

const funnelRow = (value: unknown): FunnelRow => {
  const f = fields(value);
  return { stage: text(f['stage']), in: number(f['in']), out: number(f['out']), dropped: numbers(f['dropped']) };
};

const annOf = (value: unknown): RecallAnswer['ann'] => {
  if (value === null || value === undefined) return null;
  const f = fields(value);
  return {
    method: text(f['method'], 'hnsw'),
    effectiveEf: number(f['effectiveEf']),
    recallAtK: numberOrNull(f['recallAtK']),
    missed: texts(f['missed']),
    reason: textOrNull(f['reason']),
  };
};

const truthOf = (value: unknown): RecallAnswer['truth'] => ({
  engaged: number(fields(value)['engaged']),
  recalled: number(fields(value)['recalled']),
});

/** The answer of `recall`; null where it carries no query. */
export const recallAnswer = (result: Result): RecallAnswer | null => {
  const { query } = result;
  const data = fields(result.data);
  if (query === undefined) return null;
  return {
    query,
    result,
    ads: result.schema === 'recall' ? result.data.candidates.map(listedAd) : [],
    cutoff: numberOrNull(data['cutoff']),
    funnel: list(data['funnel']).map(funnelRow),
    silent: pairs(data['silent']),
    ann: annOf(data['ann']),
    leak: data['leak'] === true,
    notices: texts(data['notices']),
    approximations: texts(data['approximations']),
    truth: truthOf(data['truth']),
    timingsMs: numbers(result.timingsMs ?? data['timingsMs']),
  };
};

const eventRow = (value: unknown): EventRow => {
  const f = fields(value);
  return {
    eventId: text(f['eventId']),
    group: textOrNull(f['group']),
    kind: text(f['kind']),
    at: number(f['at']),
    platform: textOrNull(f['platform']),
    adId: textOrNull(f['adId']),
    title: textOrNull(f['title']),
    query: textOrNull(f['query']),
    peerId: textOrNull(f['peerId']),
    excluded: f['excluded'] === true,
  };
};

/** Profile and behaviour of the user before as-of, as the `events` command gives it; events newest first. */
export const behaviourOf = (result: Result): Behaviour => behaviourIn(result, fields(result.data));

const behaviourIn = (result: Result, data: Fields): Behaviour => ({
  result,
  attributes: pairs(fields(data['user'])['attributes']),
  events: list(data['events']).map(eventRow),
  total: number(data['total'], list(data['events']).length),
  byKind: numbers(data['byKind']),
  perDay: list(data['perDay']).map((n) => number(n)),
  friends: number(data['friends']),
});

const userRow = (value: unknown): UserRow => {
  const f = fields(value);
  return {
    userId: text(f['userId']),
    attributes: pairs(f['attributes']),
    events: number(f['events']),
    lastAt: numberOrNull(f['lastAt']),
    difference: numberOrNull(f['difference']),
  };
};

export const userRows = (result: Result): readonly UserRow[] => list(fields(result.data)['users']).map(userRow);

/** What the users were ordered by; null: by id. */
export const disagreementIn = (result: Result): DisagreementData | null => {
  const data = fields(result.data);
  if (data['disagreement'] === undefined) return null;
  const f = fields(data['disagreement']);
  const [a = '', b = ''] = list(f['sides']).map((side) => text(side));
  return {
    sides: [a, b],
    compared: number(f['compared']),
    of: number(f['of']),
    failed: number(f['failed']),
    kept: number(f['kept']),
  };
};

const adRow = (value: unknown): AdRow => {
  const f = fields(value);
  return { adId: text(f['adId']), title: text(f['title']), category: text(f['category']) };
};

export const adRows = (result: Result): readonly AdRow[] => list(fields(result.data)['ads']).map(adRow);
