/** Ids by ordinal, held as one UTF-8 buffer and the end of each id: about 22 bytes an ad, not 60. */
export interface IdList {
  readonly count: number;
  at(ordinal: number): string;
  /** null: no such id. Binary search: ids are in code-unit order. */
  find(id: string): number | null;
  /** First ordinal whose id is not before `id`, 0 … count. */
  lowerBound(id: string): number;
}

const rememberedIds = 32_768;

export const idList = (bytes: Buffer, ends: Uint32Array): IdList => {
  const decode = (ordinal: number): string => {
    const end = ends[ordinal];
    if (end === undefined) throw new RangeError(`ordinal ${ordinal} of ${ends.length} ids`);
    return bytes.toString('utf8', ordinal === 0 ? 0 : ends[ordinal - 1], end);
  };
  // Ids once listed stay decoded: the same ads come back with every change of a weight.
  const listed = new Array<string | undefined>(ends.length);
  const at = (ordinal: number): string => {
    const known = listed[ordinal];
    if (known !== undefined) return known;
    const id = decode(ordinal);
    listed[ordinal] = id;
    return id;
  };
  // Every event of every user names an ad; most name the same few.
  const found = new Map<string, number>();
  const lowerBound = (id: string): number => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (decode(middle) < id) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return {
    count: ends.length,
    at,
    lowerBound,
    find: (id) => {
      const known = found.get(id);
      if (known !== undefined) return known;
      const ordinal = lowerBound(id);
      if (ordinal >= ends.length || decode(ordinal) !== id) return null;
      if (found.size >= rememberedIds) found.clear();
      found.set(id, ordinal);
      return ordinal;
    },
  };
};

/** The two buffers of an `idList`; `ids` in code-unit order. */
export const packIds = (ids: Iterable<string>, count: number): { bytes: Buffer; ends: Uint32Array } => {
  const ends = new Uint32Array(count);
  const chunks: Buffer[] = [];
  let length = 0;
  let row = 0;
  for (const id of ids) {
    const chunk = Buffer.from(id, 'utf8');
    chunks.push(chunk);
    length += chunk.byteLength;
    ends[row++] = length;
  }
  return { bytes: Buffer.concat(chunks, length), ends };
};
