import type { Ad } from '../domain/ads.ts';
import type { BehaviourEvent } from '../domain/events.ts';
import { seededRandom } from '../domain/random.ts';
import type { Random } from '../domain/random.ts';
import { adKeys } from '../domain/tower/features.ts';
import { keysOf } from '../domain/tower/lookup.ts';
import { poolLayout } from '../domain/tower/pool.ts';
import type { Thing } from '../domain/tower/pool.ts';
import { sparseRowsBuilder } from '../domain/tower/sparse-rows.ts';
import type { SparseRows } from '../domain/tower/sparse-rows.ts';
import { rowsOf } from '../domain/tower/vocabulary.ts';
import type { Vocabulary } from '../domain/tower/vocabulary.ts';
import type { InputSettings } from '../domain/inputs.ts';
import { vocabularyCounter } from './build-vocabulary.ts';
import { sampleColumns } from './samples.ts';
import type { SampleColumns } from './samples.ts';
import type { World } from './world.ts';

export interface DataSet {
  readonly vocabulary: Vocabulary;
  /** Ads by ordinal first, then the texts, fields and categories of the samples. */
  readonly things: SparseRows;
  readonly train: SampleColumns;
  /** The last engagement of some users, held out. */
  readonly heldOut: SampleColumns;
  /** Training targets by ordinal. */
  readonly counts: Uint32Array;
}

export interface DataSetOptions {
  readonly world: World;
  readonly ads: readonly Ad[];
  readonly settings: InputSettings;
  readonly engagementKinds: readonly string[];
  readonly seed: number;
  readonly maxSamples: number;
  readonly ordinalOf: (adId: string) => number | null;
}

interface Sample {
  readonly userId: string;
  readonly event: BehaviourEvent;
  readonly adId: string;
  readonly heldOut: boolean;
}

/**
 * Point-in-time samples: for each engagement at t, what the user tower would have been given at t.
 * Held out: the last engagement of a seeded third of the users, at most 4,000.
 */
export const buildDataSet = (options: DataSetOptions): DataSet => {
  const { world, ads } = options;
  const samples = chooseSamples(options);
  const counter = vocabularyCounter();
  for (const ad of ads) counter.ad(ad);
  for (const sample of samples) {
    if (!sample.heldOut) counter.engaged(sample.adId);
    counter.inputs(inputsOf(world, sample));
  }
  const vocabulary = counter.build();
  const things = thingTable(vocabulary, options);
  const layout = poolLayout(options.settings.groups);
  const columns = { train: sampleColumns(layout, things.numberOf), heldOut: sampleColumns(layout, things.numberOf) };
  const counts = new Uint32Array(ads.length);
  for (const sample of samples) {
    const ordinal = options.ordinalOf(sample.adId);
    const inputs = inputsOf(world, sample);
    // nothing to encode teaches the bias alone, and group dropout does that already
    if (ordinal === null || inputs.groups.every((g) => g.items.length === 0)) continue;
    columns[sample.heldOut ? 'heldOut' : 'train'].add(inputs, ordinal);
    if (!sample.heldOut) counts[ordinal]! += 1;
  }
  return { vocabulary, things: things.build(), train: columns.train.build(), heldOut: columns.heldOut.build(), counts };
};

const inputsOf = (world: World, { userId, event }: Sample) => world.inputsAt(userId, event.at, event.platform);

const chooseSamples = ({ world, engagementKinds, seed, maxSamples, ordinalOf }: DataSetOptions): Sample[] => {
  const random = seededRandom(seed);
  const kinds = new Set(engagementKinds);
  const chosen = new Set(shuffled(world.userIds, random).slice(0, Math.min(4000, Math.ceil(world.userIds.length / 3))));
  const heldOut: Sample[] = [];
  const train: Sample[] = [];
  world.userIds.forEach((userId) => {
    const engaged = world
      .eventsOf(userId)
      .flatMap((event) =>
        kinds.has(event.kind) && event.adId !== null && ordinalOf(event.adId) !== null
          ? [{ userId, event, adId: event.adId }]
          : [],
      );
    // of a single engagement nothing would be left to learn from
    const holdOut = chosen.has(userId) && engaged.length > 1;
    engaged.forEach((sample, i) =>
      holdOut && i === 0 ? heldOut.push({ ...sample, heldOut: true }) : train.push({ ...sample, heldOut: false }),
    );
  });
  const kept = train.length <= maxSamples ? train : shuffled(train, random).slice(0, maxSamples);
  return [...kept, ...heldOut];
};

const shuffled = <T>(items: readonly T[], random: Random): T[] =>
  [...random.shuffle(Uint32Array.from(items.keys()))].flatMap((i) => items.slice(i, i + 1));

/** Numbers what samples look up: an ad by its ordinal, anything else in order of appearance. */
const thingTable = (vocabulary: Vocabulary, { ads, ordinalOf }: DataSetOptions) => {
  const builder = sparseRowsBuilder();
  for (const ad of ads) builder.add((emit) => rowsOf(vocabulary, adKeys(ad), emit));
  const numbers = new Map<string, number>();
  const numberOf = (thing: Thing): number | null => {
    if (thing.type === 'ad') return ordinalOf(thing.adId);
    const key = JSON.stringify(thing);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    const number = builder.add((emit) => rowsOf(vocabulary, keysOf(thing), emit));
    numbers.set(key, number);
    return number;
  };
  return { numberOf, build: builder.build };
};
