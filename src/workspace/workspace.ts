import type { Abilities } from '../domain/abilities.ts';
import type { Engine } from '../engine/engine.ts';
import type { EngineDeps } from '../engine/deps.ts';
import type { BackendInfo } from '../engine/ports/ports.ts';
import type { LegacyRuleConfig } from '../domain/rules.ts';
import type { Manifest } from './manifest/manifest.ts';

export interface Fingerprints {
  readonly sample: string | null;
  readonly model: string | null;
  readonly vectors: string | null;
  readonly index: string | null;
  readonly i2i: string | null;
  readonly rules: string | null;
}

/** An opened workspace. Everything in it is read-only. */
export interface Workspace extends EngineDeps {
  readonly dir: string;
  readonly name: string;
  readonly manifest: Manifest;
  readonly fingerprints: Fingerprints;
  readonly rules: LegacyRuleConfig;
  readonly engine: Engine;
  /** Abilities of the model, known without loading it; null without one. */
  readonly abilities: Abilities | null;
  /** Why searches of the index cannot be replayed on a graph; null: they can, or there is no index. */
  readonly noWalk: string | null;
  /** Where the TensorFlow backend was chosen, and why; null before the model is loaded. */
  backend(): BackendInfo | null;
  /** Files found changed, stale or mismatched at opening that do not stop the work. */
  readonly notices: readonly string[];
  close(): Promise<void>;
}
