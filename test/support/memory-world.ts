import type { Abilities } from '../../src/domain/abilities.ts';
import type { Ad, EligibilityColumns, Targeting } from '../../src/domain/ads.ts';
import type { ContextFields } from '../../src/domain/context-fields.ts';
import { noEligibilityRules } from '../../src/domain/ads.ts';
import type { BehaviourEvent, User } from '../../src/domain/events.ts';
import type { GroupSpec } from '../../src/domain/groups.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import type { Space } from '../../src/domain/metric.ts';
import { channelNames } from '../../src/domain/query.ts';
import { seededRandom } from '../../src/domain/random.ts';
import type { Random } from '../../src/domain/random.ts';
import { defaultRules } from '../../src/domain/rules.ts';
import type { EngineDeps, EngineSettings } from '../../src/engine/deps.ts';
import { memoryCatalog, memoryStore, memoryText } from './memory-sample.ts';
import { memoryEncoder, memoryI2i, memoryIndex, memoryScan } from './memory-model.ts';

/**
 * A small seeded world in memory behind the engine's ports, for property tests. The data is plain and
 * may be edited (add an event, copy a vector) before `worldDeps` puts ports over it.
 */
export interface MemoryWorld {
  readonly seed: number;
  readonly users: User[];
  /** Sorted by id; ordinal = position. */
  readonly ads: Ad[];
  readonly events: BehaviourEvent[];
  /** Directed; `since` null = always. */
  readonly friends: Array<{ userId: string; peerId: string; since: number | null }>;
  readonly dim: number;
  /** n×dim unit rows, by ordinal. */
  readonly vectors: Float32Array;
}

export interface WorldOptions {
  readonly seed?: number;
  readonly users?: number;
  readonly ads?: number;
  readonly eventsPerUser?: number;
  readonly dim?: number;
  /** Share of ads that copy the vector of the ad before them: ties. */
  readonly twins?: number;
}

export interface DepsOptions {
  /** `linear`: the fusion has no MLP. */
  readonly model?: 'mlp' | 'linear' | 'none';
  /** Metric of the vectors; other than `ip`: scored from the vectors alone, without index and scan. */
  readonly space?: Space;
  /** `lossy`: each ad is found from some ef on, a few never. */
  readonly index?: 'exact' | 'lossy' | 'none';
  readonly i2i?: boolean;
  readonly builtUntil?: number | null;
  readonly settings?: Partial<EngineSettings>;
  /** What the model is said to support; default all. */
  readonly abilities?: Abilities;
  /** What of a context the model is said to know; default: it cannot tell. */
  readonly contextFields?: ContextFields;
}

export const worldStart = Date.UTC(2024, 4, 1);
export const hour = 3_600_000;
/** Events lie in [worldStart, worldEnd). */
export const worldEnd = worldStart + 60 * 24 * hour;

const categories = [
  'electronics > speakers',
  'electronics > phones',
  'home > kitchen',
  'home > light',
  'toys',
  '家居 > 智能',
];
const words = ['smart', 'speaker', 'red', 'lamp', 'kettle', 'phone', 'robot', 'mini', '音箱', '智能'];
const kinds = ['view', 'click', 'search', 'purchase', 'share', 'impression'];
const targetings: readonly (Targeting | null)[] = [
  null,
  null,
  null,
  { gender: ['f'] },
  { gender: ['m', 'f'], tier: ['1', '2'] },
];

export const worldGroups: readonly GroupSpec[] = [
  { name: 'browse', source: 'events', kinds: ['view', 'click'], ownKinds: [], maxItems: 6, windowMs: null },
  { name: 'search', source: 'events', kinds: ['search'], ownKinds: [], maxItems: 4, windowMs: null },
  { name: 'purchase', source: 'events', kinds: ['purchase'], ownKinds: [], maxItems: 4, windowMs: 40 * 24 * hour },
  { name: 'social', source: 'social', kinds: ['purchase'], ownKinds: ['share'], maxItems: 5, windowMs: null },
  { name: 'context', source: 'context', kinds: [], ownKinds: [], maxItems: 6, windowMs: null },
  { name: 'trend', source: 'trend', kinds: [], ownKinds: [], maxItems: 3, windowMs: 10 * 24 * hour },
];

export const worldSettings: EngineSettings = {
  groups: worldGroups,
  eligibility: { ...noEligibilityRules, blocklist: [] },
  engagementKinds: ['click', 'purchase'],
  horizonMs: null,
  syntheticTimes: false,
  tzOffsetMinutes: 480,
  tightFilter: 0.05,
};

const choose = <T>(random: Random, items: readonly T[]): T => {
  const item = items[random.below(items.length)];
  if (item === undefined) throw new Error('nothing to choose from');
  return item;
};
const instant = (random: Random): number => worldStart + random.below((worldEnd - worldStart) / 1000) * 1000;
const maybe = <T>(random: Random, p: number, make: () => T): T | null => (random.next() < p ? make() : null);

export const makeWorld = (options: WorldOptions = {}): MemoryWorld => {
  const { seed = 1, users = 8, ads = 60, eventsPerUser = 14, dim = 8, twins = 0.1 } = options;
  const random = seededRandom(seed);
  const allUsers = Array.from({ length: users }, (_, i): User => ({
    userId: `u${i}`,
    attributes: { gender: choose(random, ['f', 'm']), tier: choose(random, ['1', '2', '3']) },
  }));
  const allAds = makeAds(random, ads);
  const events = allUsers.flatMap((user, u) =>
    Array.from({ length: eventsPerUser }, (_, i) => makeEvent(random, `e${u}-${i}`, user.userId, allAds)),
  );
  const friends = allUsers.flatMap(({ userId }) =>
    allUsers
      .filter((peer) => peer.userId !== userId && random.next() < 0.25)
      .map((peer) => ({ userId, peerId: peer.userId, since: maybe(random, 0.6, () => instant(random)) })),
  );
  return { seed, users: allUsers, ads: allAds, events, friends, dim, vectors: makeVectors(random, allAds, dim, twins) };
};

const makeAds = (random: Random, count: number): Ad[] =>
  Array.from({ length: count }, (_, i) => `ad-${String((i * 7) % (count <= 1009 ? 1009 : 9973)).padStart(4, '0')}`)
    .sort()
    .map((adId, ordinal): Ad => ({
      adId,
      ordinal,
      title: `${choose(random, words)} ${choose(random, words)} ${ordinal}`,
      category: choose(random, categories),
      brand: choose(random, ['acme', 'nova', '小米']),
      price: maybe(random, 0.8, () => 1 + random.below(500)),
      campaign: maybe(random, 0.5, () => `c${random.below(5)}`),
      startAt: maybe(random, 0.3, () => instant(random)),
      endAt: maybe(random, 0.3, () => instant(random)),
      budgetLeft: maybe(random, 0.4, () => random.below(4) * 10),
      targeting: choose(random, targetings),
    }));

/** One random behaviour within the world's 60 days. */
export const makeEvent = (
  random: Random,
  eventId: string,
  userId: string,
  ads: readonly Ad[],
  at = instant(random),
): BehaviourEvent => {
  const kind = choose(random, kinds);
  const search = kind === 'search';
  return {
    eventId,
    userId,
    kind,
    at,
    platform: null,
    adId: search ? null : choose(random, ads).adId,
    query: search ? `${choose(random, words)} ${choose(random, words)}` : null,
    peerId: kind === 'share' ? maybe(random, 0.5, () => 'u0') : null,
  };
};

const makeVectors = (random: Random, ads: readonly Ad[], dim: number, twins: number): Float32Array => {
  const centre = new Map(
    categories.map((category) => [category, Array.from({ length: dim }, () => random.next() - 0.5)]),
  );
  const vectors = new Float32Array(new SharedArrayBuffer(ads.length * dim * 4));
  for (const { ordinal, category } of ads) {
    const twin = ordinal > 0 && random.next() < twins;
    const row = Array.from({ length: dim }, (_, d) => (centre.get(category)?.[d] ?? 0) + 0.8 * (random.next() - 0.5));
    const norm = Math.hypot(...row);
    row.forEach((x, d) => {
      vectors[ordinal * dim + d] = twin ? (vectors[(ordinal - 1) * dim + d] ?? 0) : x / norm;
    });
  }
  return vectors;
};

/** Ports over the world. Vectors, encoder and index depend on its seed and ads only, never on events. */
export const worldDeps = (world: MemoryWorld, options: DepsOptions = {}): EngineDeps => {
  const { model = 'mlp', index = 'exact', i2i = true, builtUntil = null, space = 'ip' } = options;
  const settings = { ...worldSettings, ...options.settings };
  const encoder =
    model === 'none'
      ? null
      : memoryEncoder(world, settings.groups, {
          mlp: model === 'mlp',
          builtUntil,
          ...(options.abilities === undefined ? {} : { abilities: options.abilities }),
          ...(options.contextFields === undefined ? {} : { contextFields: options.contextFields }),
        });
  const vectors = model === 'none' ? null : { count: world.ads.length, dim: world.dim, data: world.vectors, space };
  let tick = 0;
  return {
    settings,
    store: memoryStore(world),
    catalog: memoryCatalog(world),
    text: memoryText(world),
    index:
      vectors === null || index === 'none' || space !== 'ip' ? null : memoryIndex(world, { lossy: index === 'lossy' }),
    vectors,
    scan: vectors === null || space !== 'ip' ? null : memoryScan(world),
    i2i: i2i ? memoryI2i(world, builtUntil) : null,
    encoder: () => Promise.resolve(encoder),
    adEncoder: () =>
      Promise.resolve(
        encoder === null ? null : { dim: world.dim, encodeAds: (ads) => Promise.resolve(rowsOf(world, ads)) },
      ),
    clock: { now: () => worldEnd, tick: () => (tick += 0.25) },
  };
};

const rowsOf = (world: MemoryWorld, ads: readonly Ad[]): Float32Array => {
  const rows = new Float32Array(ads.length * world.dim);
  ads.forEach((ad, i) =>
    rows.set(world.vectors.subarray(ad.ordinal * world.dim, (ad.ordinal + 1) * world.dim), i * world.dim),
  );
  return rows;
};

/** A query of the world with every default; the middle of the world as as-of. */
export const worldQuery = (userId: string, overrides: Partial<RecallQuery> = {}): RecallQuery => ({
  userId,
  asOf: worldStart + 40 * 24 * hour,
  k: 10,
  ef: 50,
  mode: 'model',
  weights: Object.fromEntries(worldGroups.map((group) => [group.name, 1])),
  context: {},
  excludedEvents: [],
  extraEvents: [],
  disabled: [],
  rules: {
    ...defaultRules,
    quota: { keyword: 3, 'recent-category': 3, 'frequent-category': 3, priority: 2, popular: 3 },
    priorityList: ['ad-0007', 'ad-0014', 'no-such-ad', 'ad-0021'],
  },
  merge: {
    order: [...channelNames],
    quota: { model: 4, i2i: 3, keyword: 2, 'recent-category': 2, 'frequent-category': 2, priority: 1, popular: 2 },
  },
  eligibility: true,
  ...overrides,
});

export const columnsOf = (ads: readonly Ad[]): EligibilityColumns => {
  const known: Targeting[] = [];
  const idOf = (targeting: Targeting | null): number => {
    if (targeting === null) return -1;
    if (!known.includes(targeting)) known.push(targeting);
    return known.indexOf(targeting);
  };
  return {
    startAt: Float64Array.from(ads, (ad) => ad.startAt ?? Number.NEGATIVE_INFINITY),
    endAt: Float64Array.from(ads, (ad) => ad.endAt ?? Number.POSITIVE_INFINITY),
    budgetLeft: Float64Array.from(ads, (ad) => ad.budgetLeft ?? Number.POSITIVE_INFINITY),
    targetingId: Int32Array.from(ads, (ad) => idOf(ad.targeting)),
    targetings: known,
  };
};
