export interface Clock {
  now(): number;
  /** monotonic, ms with fraction */ tick(): number;
}
