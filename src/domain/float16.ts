/** IEEE 754 half precision, little-endian on disk. Rounds to nearest, ties to even; overflow becomes ±Infinity. */
export const toFloat16 = (values: Float32Array): Uint16Array => {
  const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
  return Uint16Array.from(bits, halfOf);
};

const halfOf = (bits: number): number => {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const mantissa = bits & 0x7fffff;
  if (exponent === 0xff) return sign | 0x7c00 | (mantissa === 0 ? 0 : 0x200);
  const shifted = exponent - 112;
  if (shifted >= 0x1f) return sign | 0x7c00;
  if (shifted <= 0) {
    if (shifted < -10) return sign;
    return sign | roundedShift(mantissa | 0x800000, 14 - shifted);
  }
  // a carry out of the mantissa runs into the exponent, as it should
  return sign | ((shifted << 10) + roundedShift(mantissa, 13));
};

const roundedShift = (value: number, by: number): number => {
  const half = 1 << (by - 1);
  const rest = value & ((1 << by) - 1);
  const kept = value >>> by;
  return rest > half || (rest === half && (kept & 1) === 1) ? kept + 1 : kept;
};

/** By a table of all 65,536 values: a model has millions of weights, and loading it is part of the start. */
export const fromFloat16 = (halves: Uint16Array): Float32Array => {
  values ??= Float32Array.from({ length: 65_536 }, (_, half) => valueOf(half));
  const out = new Float32Array(halves.length);
  for (let i = 0; i < out.length; i += 1) out[i] = values[halves[i]!]!;
  return out;
};

let values: Float32Array | undefined;

const valueOf = (half: number): number => {
  const sign = (half & 0x8000) === 0 ? 1 : -1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0x1f) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? mantissa * 2 ** -24 : (1 + mantissa / 1024) * 2 ** (exponent - 15));
};
