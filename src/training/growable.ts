/** A typed array that grows by doubling; `values()` is a view of what was pushed. */
export interface Growable<T extends Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array> {
  readonly length: number;
  push(value: number): void;
  values(): T;
}

type Columns = Uint8Array | Uint16Array | Uint32Array | Int32Array | Float32Array | Float64Array;

export const growable = <T extends Columns>(make: (length: number) => T): Growable<T> => {
  let store = make(1024);
  let length = 0;
  return {
    get length() {
      return length;
    },
    push: (value) => {
      if (length === store.length) {
        const next = make(length * 2);
        next.set(store);
        store = next;
      }
      store[length++] = value;
    },
    values: () => {
      const out = make(length);
      out.set(store.subarray(0, length));
      return out;
    },
  };
};
