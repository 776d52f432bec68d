export interface IndexOptions {
  readonly m: number;
  readonly efConstruction: number;
  readonly seed: number;
  /**
   * i2i counts events before this instant only, ms; null = the model's builtUntil, where it states none what the
   * manifest declares, else all events.
   */
  readonly until: number | null;
  /** `i2i`: the item-to-item neighbours alone; vectors and index stay what the manifest names. Absent: everything. */
  readonly only?: 'i2i' | undefined;
  readonly onProgress?: (stage: string, done: number, total: number | null) => void;
  readonly signal?: AbortSignal;
}

export const defaultIndexOptions = { m: 16, efConstruction: 200, seed: 100 } as const;

/** Names of the files that are written here; a manifest that named others gets these. */
export const indexNames = { vectors: 'ads.vectors', i2i: 'ads.i2i' } as const;
