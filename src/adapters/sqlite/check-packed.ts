import { packedNames, damagedColumn, type PackedName, type PackedReader } from './packed.ts';
import { idList } from './id-list.ts';
import type { SampleMeta } from './open.ts';

type Fail = (name: PackedName, expected: string, found: string) => never;
type Numbers = ArrayLike<number>;

/** First place of `values` where `wrong` holds; −1: nowhere. */
const placeOf = (values: Numbers, wrong: (value: number, i: number) => boolean): number => {
  for (let i = 0; i < values.length; i += 1) if (wrong(values[i] ?? NaN, i)) return i;
  return -1;
};

const expectAll = (
  fail: Fail,
  name: PackedName,
  values: Numbers,
  expected: string,
  wrong: (value: number, i: number) => boolean,
): void => {
  const at = placeOf(values, wrong);
  if (at >= 0) fail(name, expected, `${String(values[at])} in row ${at}`);
};

/** Each id above the one before, and the bytes used to the last one. */
const checkIds = (packed: PackedReader, fail: Fail, bytes: PackedName, ends: PackedName, count: number): void => {
  const [text, until] = [packed.bytes(bytes), packed.uint32(ends, count)];
  expectAll(fail, ends, until, 'ends that rise', (end, i) => end <= (until[i - 1] ?? 0) || end > text.length);
  const last = until[count - 1] ?? 0;
  if (last !== text.length) fail(bytes, `${last} bytes`, `${text.length} bytes`);
  const ids = idList(text, until);
  let before: string | null = null;
  for (let i = 0; i < count; i += 1) {
    const id = ids.at(i);
    if (before !== null && !(before < id))
      fail(bytes, 'unique ids in code-unit order', `${JSON.stringify(id)} after ${JSON.stringify(before)}`);
    before = id;
  }
};

const checkAds = (packed: PackedReader, fail: Fail, count: number): void => {
  const categories = packed.strings(packedNames.categories).length;
  const targetings = packed.strings(packedNames.targetings).length;
  expectAll(
    fail,
    packedNames.adCategory,
    packed.int32(packedNames.adCategory, count),
    `0 … ${categories - 1}`,
    (id) => id < 0 || id >= categories,
  );
  expectAll(
    fail,
    packedNames.adTargeting,
    packed.int32(packedNames.adTargeting, count),
    `-1 … ${targetings - 1}`,
    (id) => id < -1 || id >= targetings,
  );
  for (const name of [packedNames.startAt, packedNames.endAt, packedNames.budgetLeft])
    expectAll(fail, name, packed.float64(name, count), 'numbers', Number.isNaN);
};

const checkEvents = (packed: PackedReader, fail: Fail, { users, ads, events }: SampleMeta): void => {
  const kinds = packed.strings(packedNames.kinds).length;
  const at = packed.float64(packedNames.eventAt, events);
  expectAll(fail, packedNames.eventAt, at, 'times that do not fall', (time, i) => !(time >= (at[i - 1] ?? -Infinity)));
  expectAll(
    fail,
    packedNames.eventAd,
    packed.int32(packedNames.eventAd, events),
    `-1 … ${ads - 1}`,
    (ad) => ad < -1 || ad >= ads,
  );
  expectAll(
    fail,
    packedNames.eventKind,
    packed.uint16(packedNames.eventKind, events),
    `0 … ${kinds - 1}`,
    (kind) => kind >= kinds,
  );
  const counts = packed.uint32(packedNames.userEvents, users);
  expectAll(fail, packedNames.userEvents, counts, `at most ${events}`, (count) => count > events);
  expectAll(
    fail,
    packedNames.userLastAt,
    packed.float64(packedNames.userLastAt, users),
    'a time where there are events',
    (time, i) => Number.isNaN(time) || (time === -Infinity) !== (counts[i] === 0),
  );
};

/**
 * Every packed column whole: sizes, order and uniqueness of ids, numbers that point at a row, times in order. Throws
 * `bad-sample` naming the first that cannot be right.
 */
export const checkPacked = (packed: PackedReader, meta: SampleMeta, path: string): void => {
  const fail: Fail = (name, expected, found) => {
    throw damagedColumn(path, name, expected, found);
  };
  checkIds(packed, fail, packedNames.adIds, packedNames.adIdEnds, meta.ads);
  checkIds(packed, fail, packedNames.userIds, packedNames.userIdEnds, meta.users);
  checkAds(packed, fail, meta.ads);
  checkEvents(packed, fail, meta);
};
