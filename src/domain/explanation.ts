import type { EventId, QueryText, UserId } from './ids.ts';
import type { GroupName } from './groups.ts';
import type { ChannelName, RecallQuery } from './query.ts';
import type { ChannelHit } from './result.ts';

/**
 * `sum`: the value is the sum of the children. Leaves: `baseline` = v(∅), the score with every weight 0;
 * `shapley` = φ of a group; `owen` = an event's share of its group's φ; `residual` = what rounding leaves.
 */
export type ExplanationOp = 'sum' | 'baseline' | 'shapley' | 'owen' | 'residual';

export interface ExplanationNode {
  readonly op: ExplanationOp;
  readonly value: number;
  readonly unit: 'score';
  /** `modelScore`, `baseline`, a group's name, an event's id, `field=value`, `residual`. */
  readonly label: string;
  readonly children: readonly ExplanationNode[];
}

export interface GroupPart {
  readonly group: GroupName;
  readonly weight: number;
  /** false: nothing to read, h_g = 0 exactly. */
  readonly present: boolean;
  /** Shapley value: exactly 0 where weight is 0 or the group is not present. */
  readonly phi: number;
}

/** One input of a group: an event, or a field of the context or trend group (`eventId` null). */
export interface EventPart {
  readonly eventId: EventId | null;
  readonly group: GroupName;
  readonly kind: string;
  readonly at: number | null;
  readonly adId: string | null;
  readonly query: QueryText | null;
  readonly peerId: UserId | null;
  readonly value: string | null;
  readonly phi: number;
  /** Standard error of phi; 0 when exact. */
  readonly stderr: number;
}

/** How the events of a group were valued. */
export interface EventMethod {
  readonly group: GroupName;
  readonly method: 'exact' | 'permutation';
  readonly members: number;
  /** Encodings run. */
  readonly evaluations: number;
  readonly permutations: number;
}

/** A behaviour close to the ad: cosine of the two ads' vectors. */
export interface NearBehaviour {
  readonly eventId: EventId;
  readonly kind: string;
  readonly at: number;
  readonly adId: string;
  readonly cosine: number;
}

/** A channel that emits the ad for this query. */
export interface ProducingChannel extends ChannelHit {
  /** The query's mode uses the channel and the query does not disable it. */
  readonly takesPart: boolean;
}

/** The headline as data: a front end makes the sentence. */
export interface ExplanationHeadline {
  readonly group: GroupName | null;
  readonly phi: number;
  /** |φ| of the group ÷ Σ|φ|. */
  readonly share: number;
  readonly event: EventPart | null;
}

export interface Explanation {
  readonly query: RecallQuery;
  readonly adId: string;
  readonly ordinal: number;
  /** In the query's own list; null = not recalled. */
  readonly rank: number | null;
  /** The channel that placed it in the list, and its score there; null = not recalled. */
  readonly placed: { readonly via: ChannelName; readonly score: number } | null;
  /** modelScore, in the metric of the vectors = baseline + Σφ + residual. */
  readonly score: number;
  readonly baseline: number;
  readonly groups: readonly GroupPart[];
  readonly residual: number;
  /** Largest |φ| first. */
  readonly events: readonly EventPart[];
  readonly methods: readonly EventMethod[];
  readonly nearest: readonly NearBehaviour[];
  /** The one that placed it first. */
  readonly channels: readonly ProducingChannel[];
  readonly headline: ExplanationHeadline;
  /** Parts that hold only approximately, and how; the reason why behaviours are not valued. */
  readonly approximations: readonly string[];
  readonly tree: ExplanationNode;
}

/** Group explanations of many ads of one query, from one batch. */
export interface BatchExplanation {
  readonly query: RecallQuery;
  readonly approximations: readonly string[];
  readonly groups: ReadonlyArray<Omit<GroupPart, 'phi'>>;
  readonly rows: readonly BatchRow[];
}

export interface BatchRow {
  readonly adId: string;
  readonly ordinal: number;
  readonly score: number;
  readonly baseline: number;
  /** By group, in the order of `groups`. */
  readonly phi: readonly number[];
  readonly residual: number;
}

/** Why A above B: every field is A's minus B's. */
export interface Contrast {
  readonly query: RecallQuery;
  readonly a: { readonly adId: string; readonly rank: number | null; readonly score: number };
  readonly b: { readonly adId: string; readonly rank: number | null; readonly score: number };
  readonly score: number;
  readonly baseline: number;
  readonly groups: readonly GroupPart[];
  readonly residual: number;
  readonly events: readonly EventPart[];
  readonly methods: readonly EventMethod[];
  readonly channels: { readonly a: readonly ProducingChannel[]; readonly b: readonly ProducingChannel[] };
  readonly approximations: readonly string[];
  readonly tree: ExplanationNode;
}

const leaf = (op: ExplanationOp, label: string, value: number): ExplanationNode => ({
  op,
  value,
  unit: 'score',
  label,
  children: [],
});

/** Sum node whose value is `value`: what its children leave of it becomes a residual, unless it is exactly nothing. */
const sumNode = (
  label: string,
  value: number,
  children: readonly ExplanationNode[],
  residual: number,
): ExplanationNode => ({
  op: 'sum',
  value,
  unit: 'score',
  label,
  children: residual === 0 ? children : [...children, leaf('residual', 'residual', residual)],
});

export const eventLabel = (event: Pick<EventPart, 'eventId' | 'kind' | 'value'>): string =>
  event.eventId ?? `${event.kind}=${event.value ?? ''}`;

/** baseline + groups (their events below them) + residual, so that every inner value is the sum of its children. */
export const explanationTree = (
  parts: Pick<Explanation, 'score' | 'baseline' | 'groups' | 'residual' | 'events'>,
): ExplanationNode => {
  const groupNodes = parts.groups.map((part) => {
    const events = parts.events.filter((event) => event.group === part.group);
    if (events.length === 0) return leaf('shapley', part.group, part.phi);
    const rest = events.reduce((left, event) => left - event.phi, part.phi);
    return sumNode(
      part.group,
      part.phi,
      events.map((event) => leaf('owen', eventLabel(event), event.phi)),
      rest,
    );
  });
  return sumNode(
    'modelScore',
    parts.score,
    [leaf('baseline', 'baseline', parts.baseline), ...groupNodes],
    parts.residual,
  );
};

/** The tree's value computed again from its leaves. */
export const evaluateTree = (node: ExplanationNode): number =>
  node.op === 'sum' ? node.children.reduce((sum, child) => sum + evaluateTree(child), 0) : node.value;

export const headlineOf = (groups: readonly GroupPart[], events: readonly EventPart[]): ExplanationHeadline => {
  const total = groups.reduce((sum, part) => sum + Math.abs(part.phi), 0);
  const top = groups.reduce<GroupPart | null>(
    (best, part) => (part.phi !== 0 && Math.abs(part.phi) > Math.abs(best?.phi ?? 0) ? part : best),
    null,
  );
  if (top === null) return { group: null, phi: 0, share: 0, event: null };
  return {
    group: top.group,
    phi: top.phi,
    share: Math.abs(top.phi) / total,
    event: events.find((event) => event.group === top.group) ?? null,
  };
};

export const byStrength = (a: EventPart, b: EventPart): number =>
  Math.abs(b.phi) - Math.abs(a.phi) || (eventLabel(a) < eventLabel(b) ? -1 : eventLabel(a) > eventLabel(b) ? 1 : 0);

/** Channels whose hits can enter the list of a query. */
export const takesPart = (query: RecallQuery, channel: ChannelName): boolean => {
  if (query.disabled.includes(channel)) return false;
  if (query.mode === 'merged') return query.merge.order.includes(channel);
  if (query.mode === 'legacy') return query.rules.order.some((rule) => rule === channel);
  return query.mode === channel;
};
