import type { EventId, QueryText } from './ids.ts';

/**
 * The channels: one record each, in their default order. Names, modes, default orders and quotas, the schemas of
 * queries, rules, presets and manifests follow from this list; a channel's run and its repairs stand in
 * engine/channels, the words of its evidence in views/text/evidence. The compiler asks for both.
 */
interface ChannelRecord {
  readonly name: string;
  /** `rule`: part of the legacy recall, with a quota in `rules.json`. Each of the others is a mode by itself. */
  readonly kind: 'model' | 'item-to-item' | 'rule';
  /**
   * How many ads it may emit where nothing else is configured; the rules of the legacy recall and a merged list differ.
   */
  readonly quota: { readonly legacy: number; readonly merged: number };
}

export const channels = [
  { name: 'model', kind: 'model', quota: { legacy: 0, merged: 60 } },
  { name: 'i2i', kind: 'item-to-item', quota: { legacy: 0, merged: 20 } },
  { name: 'keyword', kind: 'rule', quota: { legacy: 40, merged: 10 } },
  { name: 'recent-category', kind: 'rule', quota: { legacy: 30, merged: 10 } },
  { name: 'frequent-category', kind: 'rule', quota: { legacy: 20, merged: 10 } },
  { name: 'priority', kind: 'rule', quota: { legacy: 10, merged: 10 } },
  { name: 'popular', kind: 'rule', quota: { legacy: 20, merged: 10 } },
] as const satisfies readonly ChannelRecord[];

type Listed = (typeof channels)[number];
export type ChannelName = Listed['name'];
export type RuleName = Extract<Listed, { kind: 'rule' }>['name'];
/** A channel that is a mode by itself. */
export type SoloChannel = Exclude<ChannelName, RuleName>;

export const channelNames: readonly ChannelName[] = channels.map(({ name }) => name);
export const ruleNames: readonly RuleName[] = channels.flatMap((one) => (one.kind === 'rule' ? [one.name] : []));
export const soloChannels: readonly SoloChannel[] = channels.flatMap((one) => (one.kind === 'rule' ? [] : [one.name]));

export const isRule = (name: string): name is RuleName => ruleNames.some((rule) => rule === name);
export const isSolo = (name: string): name is SoloChannel => soloChannels.some((solo) => solo === name);

/** The order and the quotas of a merge as long as the manifest does not give others. */
export const defaultMerge: { readonly order: ChannelName[]; readonly quota: Partial<Record<ChannelName, number>> } = {
  order: [...channelNames],
  quota: Object.fromEntries(channels.map(({ name, quota }) => [name, quota.merged])),
};

/** The quotas of the rules as long as `rules.json` does not give others. */
export const defaultRuleQuota: Readonly<Partial<Record<RuleName, number>>> = Object.fromEntries(
  channels.flatMap(({ name, kind, quota }) => (kind === 'rule' ? [[name, quota.legacy]] : [])),
);

/**
 * The fields of each type of evidence: what a channel points at when asked "why this ad". Typed, so that no code parses
 * English.
 */
interface EvidenceFields {
  readonly ann: { readonly ef: number };
  readonly 'exact-scan': { readonly reason: string };
  readonly 'past-item': {
    readonly adId: string;
    readonly eventId: EventId;
    readonly similarity: number;
    readonly weight: number;
    readonly share: number;
  };
  readonly 'matched-query': {
    readonly query: QueryText;
    readonly eventId: EventId;
    readonly terms: readonly QueryText[];
    readonly bm25: number;
    /** Place of the search among the latest, 1 = the newest: the score is bm25 ÷ √position. Older answers do not say. */
    readonly position?: number;
  };
  readonly 'latest-browse': { readonly eventId: EventId; readonly category: string; readonly count: number };
  readonly 'category-count': { readonly category: string; readonly behaviours: number; readonly count: number };
  readonly 'preset-position': { readonly position: number };
  readonly popularity: { readonly count: number };
}

export type EvidenceType = keyof EvidenceFields;
export type Evidence<T extends EvidenceType = EvidenceType> = {
  readonly [K in T]: { readonly type: K } & EvidenceFields[K];
}[T];

/** The one thing of the user's past that a rule's candidate rests on. */
interface SubjectValues {
  readonly category: string;
  readonly query: QueryText;
}
export type EvidenceSubject<W extends keyof SubjectValues = keyof SubjectValues> = {
  readonly [K in W]: { readonly what: K; readonly value: SubjectValues[K] };
}[W];

const noSubject = (): null => null;
const categoryOf = ({ category }: { readonly category: string }): EvidenceSubject => ({
  what: 'category',
  value: category,
});

const subjects: { readonly [T in EvidenceType]: (evidence: Evidence<T>) => EvidenceSubject | null } = {
  ann: noSubject,
  'exact-scan': noSubject,
  'past-item': noSubject,
  'matched-query': ({ query }) => ({ what: 'query', value: query }),
  'latest-browse': categoryOf,
  'category-count': categoryOf,
  'preset-position': noSubject,
  popularity: noSubject,
};

export const evidenceSubject = <T extends EvidenceType>(evidence: Evidence<T>): EvidenceSubject | null =>
  subjects[evidence.type](evidence);

/** Evidence as it comes back from plain data. */
export const isEvidence = (value: unknown): value is Evidence =>
  typeof value === 'object' &&
  value !== null &&
  'type' in value &&
  typeof value.type === 'string' &&
  Object.hasOwn(subjects, value.type);
