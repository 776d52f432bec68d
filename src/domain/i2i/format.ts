import { RecallError } from '../../errors.ts';
import type { NeighbourTable } from './cooccurrence.ts';

/**
 * The i2i file, little-endian: 8 bytes `RTI2I\0\0\1`; u32 items n, u32 entries e; f64 builtUntil (NaN = unknown); 8 bytes zero;
 * u32[n+1] starts; i32[e] ordinals; f32[e] similarities.
 */
const magic = 'RTI2I\0\0\u0001';
const headBytes = 32;

export const encodeNeighbours = (table: NeighbourTable): Uint8Array => {
  const { count, builtUntil, starts, ordinals, similarities } = table;
  const bytes = new Uint8Array(headBytes + 4 * (count + 1) + 8 * ordinals.length);
  const view = new DataView(bytes.buffer);
  for (let i = 0; i < magic.length; i++) bytes[i] = magic.charCodeAt(i);
  view.setUint32(8, count, true);
  view.setUint32(12, ordinals.length, true);
  view.setFloat64(16, builtUntil ?? Number.NaN, true);
  const entries = headBytes + 4 * (count + 1);
  new Uint32Array(bytes.buffer, headBytes, count + 1).set(starts);
  new Int32Array(bytes.buffer, entries, ordinals.length).set(ordinals);
  new Float32Array(bytes.buffer, entries + 4 * ordinals.length, ordinals.length).set(similarities);
  return bytes;
};

/** Views into `bytes`. Throws `bad-input` on another format, a wrong size, entries that point nowhere or are no numbers. */
export const decodeNeighbours = (bytes: Uint8Array, name: string): NeighbourTable => {
  const aligned = bytes.byteOffset % 8 === 0 ? bytes : bytes.slice();
  const wrong = (expected: string, found: string): RecallError =>
    new RecallError('bad-input', `${name} is not a file of item-to-item neighbours`, {
      expected,
      found,
      todo: 'rebuild it with `recall-tui index DIR`',
    });
  if (aligned.length < headBytes || magic !== String.fromCharCode(...aligned.subarray(0, 8)))
    throw wrong('a file that starts with RTI2I', `${aligned.length} bytes of something else`);
  const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  const [count, entries, until] = [view.getUint32(8, true), view.getUint32(12, true), view.getFloat64(16, true)];
  const size = headBytes + 4 * (count + 1) + 8 * entries;
  if (aligned.length !== size) throw wrong(`${size} bytes for ${count} items`, `${aligned.length} bytes`);
  const at = aligned.byteOffset + headBytes;
  const starts = new Uint32Array(aligned.buffer, at, count + 1);
  const ordinals = new Int32Array(aligned.buffer, at + 4 * (count + 1), entries);
  const similarities = new Float32Array(aligned.buffer, at + 4 * (count + 1) + 4 * entries, entries);
  if (starts[0] !== 0 || starts[count] !== entries || starts.some((s, i) => i > 0 && s < starts[i - 1]!))
    throw wrong('rising row starts', 'row starts out of order');
  if (ordinals.some((o) => o < 0 || o >= count)) throw wrong(`ordinals below ${count}`, 'an ordinal beyond');
  const odd = similarities.findIndex((x) => !Number.isFinite(x));
  if (odd >= 0) throw wrong('finite similarities', `${String(similarities[odd])} in entry ${odd}`);
  return { count, builtUntil: Number.isNaN(until) ? null : until, starts, ordinals, similarities };
};
