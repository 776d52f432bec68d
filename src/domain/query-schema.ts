import { z } from 'zod';
import { isRecord } from '../base/json.ts';
import { RecallError } from '../errors.ts';
import type { GroupName } from './groups.ts';
import { unknownField } from '../base/nearest.ts';
import { byCodeUnit } from '../base/order.ts';
import { channelNames, maxWeight, minWeight, modes, ruleNames } from './query.ts';
import type { ChannelName, RecallQuery } from './query.ts';
import { quotaCount, ruleFields } from './rules.ts';

const atLeastOne = z.number().int().min(1);
const instant = z.number().int().min(-8.64e15).max(8.64e15);
const weight = z.number().min(minWeight).max(maxWeight);
const channel = z.enum(channelNames);
const quota = z.partialRecord(channel, quotaCount);

const hypothetical = z.strictObject({
  kind: z.string().min(1),
  at: instant,
  adId: z.string().optional(),
  query: z.string().optional(),
  peerId: z.string().optional(),
});

const rules = z.strictObject(ruleFields);

const schema = z.strictObject({
  userId: z.string().min(1),
  asOf: instant,
  k: atLeastOne,
  ef: atLeastOne,
  mode: z.enum(modes),
  weights: z.record(z.string(), weight),
  context: z.record(z.string(), z.string()),
  excludedEvents: z.array(z.string()),
  extraEvents: z.array(hypothetical),
  disabled: z.array(channel),
  rules,
  merge: z.strictObject({ order: z.array(channel), quota }),
  eligibility: z.boolean(),
});

/**
 * A RecallQuery from untrusted JSON, normalised. Fields that are missing come from `base`, where one is
 * given; an unknown field is refused with the nearest name. Throws `usage`: all problems by path, or the groups this
 * model has not. Round trip: parseQuery(JSON.parse(canonicalQuery(q)), groups) equals normaliseQuery(q, groups).
 */
export const parseQuery = (json: unknown, groups: readonly GroupName[], base?: RecallQuery): RecallQuery => {
  const whole = base !== undefined && isRecord(json) ? { ...base, ...json } : json;
  const parsed = schema.safeParse(whole);
  if (!parsed.success)
    throw badQuery(
      parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) => unknownField([...issue.path, key], knownAt(issue.path)))
          : [`${issue.path.map(String).join('.') || 'query'}: ${issue.message}`],
      ),
    );
  return acceptQuery(parsed.data, groups);
};

/** The names of the fields at a place of a query. */
const knownAt = ([part, inner]: readonly PropertyKey[]): readonly string[] => {
  if (part === undefined) return Object.keys(schema.shape);
  if (part === 'extraEvents') return Object.keys(hypothetical.shape);
  if (part === 'rules') return inner === undefined ? Object.keys(ruleFields) : ruleNames;
  return inner === undefined ? Object.keys(schema.shape.merge.shape) : channelNames;
};

const badQuery = (problems: readonly string[]): RecallError =>
  new RecallError('usage', 'the query is not usable', {
    expected: 'a RecallQuery as `recall --json` prints it under .query',
    found: problems.slice(0, 8).join('; '),
  });

/** Bounds the types cannot say. Throws `usage`. Also for queries built by hand. */
const checkQuery = (query: RecallQuery, groups: readonly GroupName[]): void => {
  const { weights, k, ef, asOf, extraEvents } = query;
  const problems: string[] = [];
  for (const name of Object.keys(weights)) {
    const w = weights[name];
    if (!groups.includes(name)) problems.push(`weights.${name}: unknown group; the groups are ${groups.join(', ')}`);
    if (w === undefined || !(w >= minWeight && w <= maxWeight))
      problems.push(`weights.${name}: ${w} is not within ${minWeight} … ${maxWeight}`);
  }
  problems.sort(byCodeUnit);
  if (!isCount(k)) problems.push(`k: ${k} is not an integer above 0`);
  if (!isCount(ef)) problems.push(`ef: ${ef} is not an integer above 0`);
  if (!Number.isFinite(asOf)) problems.push(`asOf: ${asOf} is not a time in ms`);
  extraEvents.forEach(({ kind, at }, i) => {
    if (!(at < asOf)) problems.push(`extraEvents.${i}: the ${kind} at ${at} is not before as-of ${asOf}`);
  });
  if (problems.length > 0) throw badQuery(problems);
};

const isCount = (n: number): boolean => Number.isInteger(n) && n >= 1;

const sorted = <V>(record: Readonly<Record<string, V>>): Record<string, V> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => byCodeUnit(a, b)));

const everyWeight = (weights: RecallQuery['weights'], groups: readonly GroupName[]): Record<GroupName, number> => {
  const named: Record<GroupName, number> = {};
  for (const group of groups) named[group] = (weights[group] ?? 1) + 0;
  return named;
};

/** The quotas that are given, in the order of the channels. */
const givenQuotas = <Name extends ChannelName>(
  names: readonly Name[],
  quota: Readonly<Partial<Record<Name, number>>>,
): Partial<Record<Name, number>> => {
  const ordered: Partial<Record<Name, number>> = {};
  for (const name of names) if (quota[name] !== undefined) ordered[name] = quota[name];
  return ordered;
};

/**
 * The same query in the one form it is printed in: fields in a fixed order, groups in the manifest's order
 * with 1 where unsaid, other keys by code unit, knock-outs as a sorted set. Asking it gives the same answer.
 */
export const normaliseQuery = (query: RecallQuery, groups: readonly GroupName[]): RecallQuery => ({
  userId: query.userId,
  asOf: query.asOf,
  k: query.k,
  ef: query.ef,
  mode: query.mode,
  weights: everyWeight(query.weights, groups),
  context: sorted(query.context),
  excludedEvents: query.excludedEvents.length === 0 ? [] : [...new Set(query.excludedEvents)].sort(byCodeUnit),
  extraEvents: query.extraEvents.map(({ kind, at, adId, query: text, peerId }) => ({
    kind,
    at,
    ...(adId === undefined ? {} : { adId }),
    ...(text === undefined ? {} : { query: text }),
    ...(peerId === undefined ? {} : { peerId }),
  })),
  disabled: query.disabled.length === 0 ? [] : channelNames.filter((name) => query.disabled.includes(name)),
  rules: {
    order: query.rules.order,
    quota: givenQuotas(ruleNames, query.rules.quota),
    keywordQueries: query.rules.keywordQueries,
    browseKinds: query.rules.browseKinds,
    frequentCategories: query.rules.frequentCategories,
    popularKinds: query.rules.popularKinds,
    popularWindowMs: query.rules.popularWindowMs,
    priorityList: query.rules.priorityList,
  },
  merge: { order: query.merge.order, quota: givenQuotas(channelNames, query.merge.quota) },
  eligibility: query.eligibility,
});

/** Accepted queries, each with the groups that it was checked against. A query is never changed in place. */
const accepted = new WeakMap<RecallQuery, string>();

/**
 * The query, checked and in the one form it is printed in. A query that comes from here is taken as it is, so that the
 * command line and the engine can both ask for it at the price of one check. Throws `usage`.
 */
export const acceptQuery = (query: RecallQuery, groups: readonly GroupName[]): RecallQuery => {
  const key = JSON.stringify(groups);
  if (accepted.get(query) === key) return query;
  checkQuery(query, groups);
  const normal = normaliseQuery(query, groups);
  accepted.set(normal, key);
  return normal;
};

/** One line of JSON: equal for queries that ask the same thing. */
export const canonicalQuery = (
  query: RecallQuery,
  groups: readonly GroupName[] = Object.keys(query.weights).sort(byCodeUnit),
): string => JSON.stringify(normaliseQuery(query, groups));
