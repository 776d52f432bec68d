import type { Abilities } from '../../domain/abilities.ts';
import type { Ad } from '../../domain/ads.ts';
import type { ContextFields } from '../../domain/context-fields.ts';
import type { GroupSpec, TowerInput, UserInputs } from '../../domain/groups.ts';

export interface BackendInfo {
  /** `tfjs-node`, `wasm`, `none` */
  readonly name: string;
  readonly version: string;
  /** Why this one, e.g. `tfjs-node is not installed`. */
  readonly reason: string;
}

/** One user's group encodings at one as-of. Opaque outside the encoder but for `present`. */
export interface GroupEncodings {
  /** false: h_g = 0 exactly (a null player). */
  readonly present: readonly boolean[];
  /** G×H row-major, h_g. */
  readonly h: Float32Array;
  readonly hDim: number;
  /** Whatever the encoder precomputes for `fuse`. */
  readonly projected: Float32Array;
}

export interface UserEncoder {
  readonly groups: readonly GroupSpec[];
  readonly dim: number;
  readonly backend: BackendInfo;
  /** Data up to which the model was trained, ms; null = unknown. */
  readonly builtUntil: number | null;
  /** The parts of a query that the model can follow; the engine refuses the rest with its reason. */
  readonly abilities: Abilities;
  /** The context fields that the model reads; absent: unknown. */
  readonly contextFields?: ContextFields;
  /** Heavy: run once per user and as-of. Rows are independent of each other within 1e-5. */
  encodeGroups(batch: readonly UserInputs[]): Promise<readonly GroupEncodings[]>;
  /** Light: `weights` is rows×G row-major; returns rows×D unit vectors. Throws `unsupported` on a norm below 1e-6. */
  fuse(encodings: GroupEncodings, weights: Float32Array, rows: number): Float32Array;
  describeInputs(inputs: UserInputs): readonly TowerInput[];
}

export interface AdEncoder {
  readonly dim: number;
  /** n×D unit vectors, row i for ads[i]. A new ad without an id embedding still gets one. */
  encodeAds(ads: readonly Ad[]): Promise<Float32Array>;
}
