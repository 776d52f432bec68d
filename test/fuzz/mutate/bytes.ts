import { damaged, oneOf, onCopy, pick, type Mutate } from './mutation.ts';

/** Damage that knows nothing of the format. */

const flips: Mutate = onCopy((copy, random) => {
  const count = pick(random, [1, 1, 1, 2, 8, 64]);
  const at = Array.from({ length: count }, () => random.below(copy.length));
  for (const i of at) copy[i] = (copy[i] ?? 0) ^ (1 << random.below(8));
  return { what: `${count} bits flipped, the first in byte ${at[0]}` };
});

const values: Mutate = onCopy((copy, random) => {
  const width = pick(random, [1, 2, 4, 8]);
  if (copy.length < width) return null;
  const at = random.below(copy.length - width + 1);
  const fill = pick(random, [0x00, 0xff, 0x7f, 0x80, 0x01]);
  copy.fill(fill, at, at + width);
  return { what: `${width} bytes at ${at} set to 0x${fill.toString(16)}` };
});

const blockCopy: Mutate = onCopy((copy, random) => {
  const length = 1 + random.below(Math.max(1, Math.min(4096, copy.length >> 1)));
  const from = random.below(Math.max(1, copy.length - length));
  const to = random.below(Math.max(1, copy.length - length));
  copy.copyWithin(to, from, from + length);
  return { what: `${length} bytes copied from ${from} to ${to}` };
});

const zeros: Mutate = onCopy((copy, random) => {
  const length = 1 + random.below(Math.max(1, Math.min(4096, copy.length)));
  const at = random.below(Math.max(1, copy.length - length));
  copy.fill(0, at, at + length);
  return { what: `${length} bytes at ${at} zeroed` };
});

export const truncated: Mutate = (bytes, random) => {
  const length = pick(random, [
    random.below(bytes.length),
    bytes.length - 1,
    bytes.length >> 1,
    Math.min(16, bytes.length - 1),
  ]);
  return damaged(bytes.subarray(0, Math.max(0, length)), `cut after ${Math.max(0, length)} of ${bytes.length} bytes`);
};

const removed: Mutate = (bytes, random) => {
  const length = 1 + random.below(Math.max(1, bytes.length >> 2));
  const at = random.below(Math.max(1, bytes.length - length));
  return damaged(
    Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + length)]),
    `${length} bytes removed at ${at}`,
  );
};

const inserted: Mutate = (bytes, random) => {
  const at = random.below(bytes.length + 1);
  const extra = Buffer.alloc(1 + random.below(64), random.below(256));
  return damaged(
    Buffer.concat([bytes.subarray(0, at), extra, bytes.subarray(at)]),
    `${extra.length} bytes put in at ${at}`,
  );
};

const doubled: Mutate = (bytes) => damaged(Buffer.concat([bytes, bytes]), 'the file twice');
const empty: Mutate = () => damaged(Buffer.alloc(0), 'an empty file');

export const generic: Mutate = oneOf(
  [5, flips],
  [3, values],
  [2, blockCopy],
  [1, zeros],
  [2, truncated],
  [1, removed],
  [1, inserted],
  [0.3, doubled],
  [0.3, empty],
);

/** The same, where any change of the length is found: of files whose header says how long they are. */
export const ofFixedLength =
  (mutate: Mutate): Mutate =>
  (bytes, random) => {
    const done = mutate(bytes, random);
    return done.bytes.length === bytes.length ? done : { ...done, breaks: true };
  };
