import type { io } from '@tensorflow/tfjs';
import { fromFloat16 } from '../../domain/float16.ts';
import { RecallError } from '../../errors.ts';

const widths: Readonly<Record<string, number>> = { float32: 4, int32: 4, bool: 1, float16: 2, uint8: 1, uint16: 2 };

const sizeOf = ({ shape }: io.WeightsManifestEntry): number => shape.reduce((n, d) => n * d, 1);

/** The numbers of a weight that can be something else than finite; null: whole numbers. */
const numbersOf = (data: DataView, at: number, entry: io.WeightsManifestEntry): ((i: number) => number) | null => {
  const kept = entry.quantization?.dtype ?? entry.dtype;
  if (kept === 'float32') return (i) => data.getFloat32(at + 4 * i, true);
  if (kept === 'float16') return (i) => fromFloat16(Uint16Array.of(data.getUint16(at + 2 * i, true)))[0] ?? 0;
  const { scale = 1, min = 0 } = entry.quantization ?? {};
  return entry.quantization === undefined ? null : () => scale + min;
};

/**
 * A weight that is NaN or infinite makes some units constant on one backend and the whole output NaN on another: the first
 * such weight is named. A single number may be infinite, as the constant of a mask is. Throws `bad-model`.
 */
export const checkWeights = (path: string, specs: readonly io.WeightsManifestEntry[], bytes: ArrayBuffer): void => {
  const data = new DataView(bytes);
  let at = 0;
  for (const entry of specs) {
    const size = sizeOf(entry);
    const number = numbersOf(data, at, entry);
    at += size * (widths[entry.quantization?.dtype ?? entry.dtype] ?? 0);
    if (number === null) continue;
    const isOdd = (x: number): boolean => Number.isNaN(x) || (entry.shape.length > 0 && !Number.isFinite(x));
    let [odd, first] = [0, -1];
    for (let i = 0; i < size; i += 1) if (isOdd(number(i)) && odd++ === 0) first = i;
    if (odd > 0)
      throw new RecallError('bad-model', `${path}: the weight ${entry.name} is not finite`, {
        expected: 'finite numbers',
        found: `${odd} of ${size} are not, the first is ${String(number(first))} at ${first}`,
        todo: 'train the model again, or export an earlier checkpoint',
      });
  }
};
