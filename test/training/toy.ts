import type { Ad } from '../../src/domain/ads.ts';
import type { BehaviourEvent } from '../../src/domain/events.ts';
import type { GroupSpec } from '../../src/domain/groups.ts';
import { newestFirst } from '../../src/domain/inputs.ts';
import { seededRandom } from '../../src/domain/random.ts';
import { createTowerStep } from '../../src/adapters/tfjs/tower-step.ts';
import { defaultHyper } from '../../src/training/hyper.ts';
import type { TrainOptions } from '../../src/training/train.ts';
import type { TrainingStore } from '../../src/training/world.ts';

export const hour = 3_600_000;
export const toyGroups: readonly GroupSpec[] = [
  { name: 'browse', source: 'events', kinds: ['view'], ownKinds: [], maxItems: 8, windowMs: null },
  { name: 'social', source: 'social', kinds: ['purchase'], ownKinds: ['share'], maxItems: 5, windowMs: null },
  { name: 'context', source: 'context', kinds: [], ownKinds: [], maxItems: 5, windowMs: null },
  { name: 'trend', source: 'trend', kinds: [], ownKinds: [], maxItems: 3, windowMs: 24 * hour },
];

/** 120 ads in 6 categories; the words of a title tell its category. */
export const toyAds: readonly Ad[] = Array.from({ length: 120 }, (_, i) => `ad${String(i).padStart(3, '0')}`).map(
  (adId, ordinal) => ({
    adId,
    ordinal,
    title: `thing word${ordinal % 6} number${ordinal % 10}`,
    category: `C${ordinal % 6}`,
    brand: '',
    price: 10,
    campaign: null,
    startAt: null,
    endAt: null,
    budgetLeft: null,
    targeting: null,
  }),
);

export interface ToyWorld {
  readonly events: readonly BehaviourEvent[];
  readonly friends: ReadonlyArray<{ userId: string; peerId: string; since: number | null }>;
}

/** 90 users who view, and buy, in one category of their own. */
export const toyWorld = (seed: number, users = 90, each = 12): ToyWorld => {
  const random = seededRandom(seed);
  const events: BehaviourEvent[] = [];
  for (let u = 0; u < users; u += 1) {
    for (let i = 0; i < each; i += 1) {
      const ordinal = (u % 6) + 6 * random.below(20);
      events.push({
        eventId: `e${u}-${String(i).padStart(2, '0')}`,
        userId: `u${u}`,
        kind: i % 3 === 2 ? 'purchase' : i % 7 === 3 ? 'share' : 'view',
        at: (i * 9 + random.below(9)) * hour,
        platform: u % 2 === 0 ? 'ios' : null,
        adId: toyAds[ordinal]?.adId ?? null,
        query: null,
        peerId: null,
      });
    }
  }
  const friends = Array.from({ length: users }, (_, u) => ({
    userId: `u${u}`,
    peerId: `u${(u + 6) % users}`,
    since: u % 3 === 0 ? null : 40 * hour,
  }));
  return { events: events.sort(newestFirst), friends };
};

export const toyStore = ({ events, friends }: ToyWorld): TrainingStore => ({
  countEvents: (userId, { before }) =>
    new Map([['any', events.filter((e) => e.userId === userId && e.at < before).length]]),
  userIds: () => [...new Set(events.map((e) => e.userId))].sort(),
  events: (userId, { before, kinds, limit }) =>
    events
      .filter((e) => e.userId === userId && e.at < before && (kinds === undefined || kinds.includes(e.kind)))
      .slice(0, limit),
  friends: (userId, before) =>
    friends
      .filter((f) => f.userId === userId && (f.since === null || f.since < before))
      .map((f) => f.peerId)
      .sort(),
});

export const toyOptions = (more: Partial<TrainOptions> = {}): TrainOptions => ({
  store: toyStore(toyWorld(1)),
  ads: toyAds,
  settings: { groups: toyGroups, syntheticTimes: false, tzOffsetMinutes: 0 },
  engagementKinds: ['view', 'purchase'],
  until: 1000 * hour,
  hyper: { ...defaultHyper, dim: 16, hidden: 16, batch: 64, negatives: 32, epochs: 8, rate: 0.01, patience: 8 },
  createStep: createTowerStep,
  signal: new AbortController().signal,
  onProgress: () => undefined,
  ...more,
});
