import type { Answers, Schema } from './answers.ts';

/** The kind of a branded string; never for anything else. */
type KindOf<T> = T extends string ? ('__kind' extends keyof T ? NonNullable<T['__kind']> : never) : never;

type Depth = readonly 0[];
/** A field of a list within a list within a query is eight steps deep. */
type Deepest = readonly [0, 0, 0, 0, 0, 0, 0, 0, 0];

/** Paths to the branded strings of a value, `[]` for the items of a list; at most `Left` fields deep. */
type PathsOf<T, Left extends Depth> = T extends string
  ? [KindOf<T>] extends [never]
    ? never
    : { readonly path: ''; readonly kind: KindOf<T> }
  : T extends number | boolean | null | undefined
    ? never
    : Left extends readonly [0, ...infer Rest extends Depth]
      ? T extends ReadonlyArray<infer Item>
        ? Prefixed<'[]', PathsOf<Item, Rest>>
        : { [K in keyof T & string]: Prefixed<`.${K}`, PathsOf<T[K], Rest>> }[keyof T & string]
      : never;

type Prefixed<Head extends string, P> = P extends {
  readonly path: infer Path extends string;
  readonly kind: infer Kind;
}
  ? { readonly path: `${Head}${Path}`; readonly kind: Kind }
  : never;

/** The personal fields of an answer's data by path: `.user.userId`, `.events[].query`. */
export type PersonalKeys<T> = PathsOf<T, Deepest>['path'];

/** Answers that name people or hold their words; a script does in its answers. */
type PersonalSchema = {
  [S in Exclude<Schema, 'exec'>]: [PersonalKeys<Answers[S]>] extends [never] ? never : S;
}[Exclude<Schema, 'exec'>];

/** Personal fields of every answer that has some, each path with its kind. */
export type Personal = {
  readonly [S in PersonalSchema]: {
    readonly [P in PathsOf<Answers[S], Deepest> as P['path']]: P['kind'];
  };
};

/**
 * Where answers name people or hold their words. The compiler checks it complete: a branded field that is added to
 * an answer does not compile until it is listed here. Answers without one are not listed.
 */
export const personal: Personal = {
  demo: {
    '.cases[].userId': 'user',
    '.story.userId': 'user',
  },
  recall: {
    '.candidates[].channels[].evidence.eventId': 'event',
    '.candidates[].channels[].evidence.query': 'query',
    '.candidates[].channels[].evidence.terms[]': 'query',
  },
  compare: {
    '.a[].channels[].evidence.eventId': 'event',
    '.a[].channels[].evidence.query': 'query',
    '.a[].channels[].evidence.terms[]': 'query',
    '.b[].channels[].evidence.eventId': 'event',
    '.b[].channels[].evidence.query': 'query',
    '.b[].channels[].evidence.terms[]': 'query',
    '.differences[].values[]': 'query',
    '.queries.a.excludedEvents[]': 'event',
    '.queries.a.extraEvents[].peerId': 'user',
    '.queries.a.extraEvents[].query': 'query',
    '.queries.a.userId': 'user',
    '.queries.b.excludedEvents[]': 'event',
    '.queries.b.extraEvents[].peerId': 'user',
    '.queries.b.extraEvents[].query': 'query',
    '.queries.b.userId': 'user',
  },
  'compare-all': {
    '.queries.a.excludedEvents[]': 'event',
    '.queries.a.extraEvents[].peerId': 'user',
    '.queries.a.extraEvents[].query': 'query',
    '.queries.a.userId': 'user',
    '.queries.b.excludedEvents[]': 'event',
    '.queries.b.extraEvents[].peerId': 'user',
    '.queries.b.extraEvents[].query': 'query',
    '.queries.b.userId': 'user',
    '.users[].userId': 'user',
  },
  misses: {
    '.a.query.excludedEvents[]': 'event',
    '.a.query.extraEvents[].peerId': 'user',
    '.a.query.extraEvents[].query': 'query',
    '.a.query.userId': 'user',
    '.moves.moves[].examples[].userId': 'user',
    '.query.excludedEvents[]': 'event',
    '.query.extraEvents[].peerId': 'user',
    '.query.extraEvents[].query': 'query',
    '.query.userId': 'user',
    '.rows[].userId': 'user',
    '.rows[].losses[].userId': 'user',
  },
  bisect: {
    '.queries.a.excludedEvents[]': 'event',
    '.queries.a.extraEvents[].peerId': 'user',
    '.queries.a.extraEvents[].query': 'query',
    '.queries.a.userId': 'user',
    '.queries.b.excludedEvents[]': 'event',
    '.queries.b.extraEvents[].peerId': 'user',
    '.queries.b.extraEvents[].query': 'query',
    '.queries.b.userId': 'user',
    '.rows[].userId': 'user',
  },
  gate: {
    '.checks[].objections[].userIds[]': 'user',
  },
  served: {
    '.request.userId': 'user',
  },
  'served-all': {
    '.query.excludedEvents[]': 'event',
    '.query.extraEvents[].peerId': 'user',
    '.query.extraEvents[].query': 'query',
    '.users[].userId': 'user',
  },
  explain: {
    '.channels[].evidence.eventId': 'event',
    '.channels[].evidence.query': 'query',
    '.channels[].evidence.terms[]': 'query',
    '.events[].eventId': 'event',
    '.events[].peerId': 'user',
    '.events[].query': 'query',
    '.headline.event.eventId': 'event',
    '.headline.event.peerId': 'user',
    '.headline.event.query': 'query',
    '.nearest[].eventId': 'event',
  },
  contrast: {
    '.channels.a[].evidence.eventId': 'event',
    '.channels.a[].evidence.query': 'query',
    '.channels.a[].evidence.terms[]': 'query',
    '.channels.b[].evidence.eventId': 'event',
    '.channels.b[].evidence.query': 'query',
    '.channels.b[].evidence.terms[]': 'query',
    '.events[].eventId': 'event',
    '.events[].peerId': 'user',
    '.events[].query': 'query',
  },
  'why-not': {
    '.channels[].evidence.hit.evidence.eventId': 'event',
    '.channels[].evidence.hit.evidence.query': 'query',
    '.channels[].evidence.hit.evidence.terms[]': 'query',
    '.repair.change.eventId': 'event',
    '.repair.change.query': 'query',
    '.repair.query.excludedEvents[]': 'event',
    '.repair.query.extraEvents[].peerId': 'user',
    '.repair.query.extraEvents[].query': 'query',
    '.repair.query.userId': 'user',
  },
  counterfactual: {
    '.applied.excludedEvents[]': 'event',
    '.applied.extraEvents[].peerId': 'user',
    '.applied.extraEvents[].query': 'query',
    '.applied.userId': 'user',
    '.changes[].eventId': 'event',
  },
  audience: {
    '.members[].userId': 'user',
  },
  funnel: {
    '.best.query.excludedEvents[]': 'event',
    '.best.query.extraEvents[].peerId': 'user',
    '.best.query.extraEvents[].query': 'query',
    '.best.query.userId': 'user',
    '.changes[].query.excludedEvents[]': 'event',
    '.changes[].query.extraEvents[].peerId': 'user',
    '.changes[].query.extraEvents[].query': 'query',
    '.changes[].query.userId': 'user',
    '.drill.rows[].userId': 'user',
  },
  triage: {
    '.groups[].example.userId': 'user',
  },
  'what-if': {
    '.added[].peerId': 'user',
    '.added[].query': 'query',
    '.candidates[].channels[].evidence.eventId': 'event',
    '.candidates[].channels[].evidence.query': 'query',
    '.candidates[].channels[].evidence.terms[]': 'query',
    '.excluded[]': 'event',
    '.queries.changed.excludedEvents[]': 'event',
    '.queries.changed.extraEvents[].peerId': 'user',
    '.queries.changed.extraEvents[].query': 'query',
    '.queries.changed.userId': 'user',
    '.queries.plain.excludedEvents[]': 'event',
    '.queries.plain.extraEvents[].peerId': 'user',
    '.queries.plain.extraEvents[].query': 'query',
    '.queries.plain.userId': 'user',
  },
  platforms: {
    '.candidates[].channels[].evidence.eventId': 'event',
    '.candidates[].channels[].evidence.query': 'query',
    '.candidates[].channels[].evidence.terms[]': 'query',
    '.platforms[].candidates[].channels[].evidence.eventId': 'event',
    '.platforms[].candidates[].channels[].evidence.query': 'query',
    '.platforms[].candidates[].channels[].evidence.terms[]': 'query',
  },
  blast: {
    '.rows[].userId': 'user',
  },
  timeline: {
    '.events[].eventId': 'event',
  },
  scrub: {
    '.stop.event.eventId': 'event',
    '.stop.event.peerId': 'user',
    '.stop.event.query': 'query',
    '.stop.event.userId': 'user',
  },
  users: {
    '.users[].userId': 'user',
  },
  events: {
    '.events[].eventId': 'event',
    '.events[].peerId': 'user',
    '.events[].query': 'query',
    '.user.userId': 'user',
  },
  inputs: {
    '.inputs[].eventId': 'event',
  },
  ad: {
    '.eligibility.userId': 'user',
  },
};
