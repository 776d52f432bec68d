/** A small least-recently-used cache. Values are immutable by convention. */
export class Lru<V> {
  readonly #entries = new Map<string, V>();
  readonly #capacity: number;
  #newest: string | null = null;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined || key === this.#newest) return value;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    return value;
  }

  set(key: string, value: V): V {
    this.#entries.delete(key);
    this.#entries.set(key, value);
    this.#newest = key;
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#capacity) break;
      this.#entries.delete(oldest);
    }
    return value;
  }

  delete(key: string): void {
    this.#entries.delete(key);
    if (this.#newest === key) this.#newest = null;
  }

  /** The cached value, or `make()` kept under the key. */
  getOr(key: string, make: () => V): V {
    return this.get(key) ?? this.set(key, make());
  }
}
