/** The ports of the engine, one file each. Adapters implement them; the engine never sees a native handle. */
export type * from './encoders.ts';
export type * from './ad-index.ts';
export type * from './exact-scan.ts';
export type * from './sample.ts';
export type * from './item-neighbours.ts';
export type * from './clock.ts';
