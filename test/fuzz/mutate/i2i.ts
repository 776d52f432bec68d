import { generic, ofFixedLength } from './bytes.ts';
import { oneOf, onCopy, pick, type Mutate } from './mutation.ts';

/** `src/domain/i2i/format.ts` says what lies where. */
const headBytes = 32;

const counts = onCopy((copy, random) => {
  const at = pick(random, [8, 12]);
  const old = copy.readUInt32LE(at);
  const value = pick(random, [0, 1, old + 1, old - 1, 2 ** 31, 2 ** 32 - 1]);
  copy.writeUInt32LE(value, at);
  return { what: `${at === 8 ? 'items' : 'entries'} ${old} → ${value}`, breaks: value !== old };
});

const until = onCopy((copy, random) => {
  const value = pick(random, [Number.NaN, Infinity, -Infinity, 0, -1, 2 ** 53, 1e300]);
  copy.writeDoubleLE(value, 16);
  return { what: `built until ${value}` };
});

const starts = onCopy((copy, random) => {
  const count = copy.readUInt32LE(8);
  const entries = copy.readUInt32LE(12);
  const item = random.below(count + 1);
  const value = pick(random, [entries + 1, 2 ** 32 - 1, 0, entries]);
  const old = copy.readUInt32LE(headBytes + 4 * item);
  copy.writeUInt32LE(value, headBytes + 4 * item);
  return { what: `the row of item ${item} starts at ${value}`, breaks: value > entries && value !== old };
});

const ordinals = onCopy((copy, random) => {
  const [count, entries] = [copy.readUInt32LE(8), copy.readUInt32LE(12)];
  if (entries === 0) return null;
  const value = pick(random, [-1, count, count + 1, 2 ** 31 - 1, -(2 ** 31), random.below(count)]);
  const entry = random.below(entries);
  copy.writeInt32LE(value, headBytes + 4 * (count + 1) + 4 * entry);
  return { what: `entry ${entry} is ordinal ${value}`, breaks: value < 0 || value >= count };
});

const similarities = onCopy((copy, random) => {
  const [count, entries] = [copy.readUInt32LE(8), copy.readUInt32LE(12)];
  if (entries === 0) return null;
  const at = headBytes + 4 * (count + 1) + 4 * entries;
  const value = pick(random, [Number.NaN, Infinity, -Infinity]);
  // Of many entries: the question is about one user.
  for (let entry = 0; entry < entries; entry += 1 + random.below(4)) copy.writeFloatLE(value, at + 4 * entry);
  return { what: `similarities ${value}`, breaks: true };
});

export const i2i: Mutate = oneOf(
  [2, counts],
  [1, until],
  [2, starts],
  [2, ordinals],
  [2, similarities],
  [3, ofFixedLength(generic)],
);
