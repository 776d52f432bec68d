import { generic, ofFixedLength } from './bytes.ts';
import { damaged, oneOf, onCopy, pick, type Mutate } from './mutation.ts';

/** Numbers without a header: a tensor of ours, or a shard of TensorFlow.js. */

const notFinite = (width: 2 | 4): Mutate =>
  onCopy((copy, random) => {
    const at = random.below(Math.floor(copy.length / width)) * width;
    if (width === 4) copy.writeUInt32LE(pick(random, [0x7fc00000, 0x7f800000, 0xff800000]), at);
    else copy.writeUInt16LE(pick(random, [0x7e00, 0x7c00, 0xfc00]), at);
    return { what: `number ${at / width} is not finite`, breaks: true };
  });

const allZero: Mutate = (bytes) => damaged(Buffer.alloc(bytes.length), 'zeros');
const largest: Mutate = (bytes) =>
  damaged(Buffer.alloc(bytes.length, Buffer.from(Uint32Array.of(0x7f7fffff).buffer)), 'the largest numbers');

const wholes: Mutate = onCopy((copy, random) => {
  const at = random.below(Math.floor(copy.length / 4)) * 4;
  const value = pick(random, [0, 2 ** 31, 2 ** 32 - 1, copy.readUInt32LE(at) + 1]) % 2 ** 32;
  copy.writeUInt32LE(value, at);
  return { what: `number ${at / 4} = ${value}` };
});

export const floats = (width: 2 | 4): Mutate =>
  oneOf([3, notFinite(width)], [1, allZero], [1, largest], [3, ofFixedLength(generic)]);

export const wholeNumbers: Mutate = oneOf([4, wholes], [1, allZero], [3, ofFixedLength(generic)]);
