import { soloChannels } from './channels.ts';
import type { ChannelName, SoloChannel } from './channels.ts';
import type { EventId, UserId } from './ids.ts';
import type { HypotheticalEvent } from './events.ts';
import type { GroupName } from './groups.ts';
import type { LegacyRuleConfig } from './rules.ts';

export { channelNames, ruleNames } from './channels.ts';
export type { ChannelName, RuleName } from './channels.ts';

/** A channel by itself, the rules alone, or all channels merged. */
export type Mode = SoloChannel | 'legacy' | 'merged';
export const modes: readonly Mode[] = [...soloChannels, 'legacy', 'merged'];

export interface MergeConfig {
  readonly order: readonly ChannelName[];
  readonly quota: Readonly<Partial<Record<ChannelName, number>>>;
}

/** The one value recall is a function of (docs/design.md, "One value in, one value out"). Plain JSON. */
export interface RecallQuery {
  readonly userId: UserId;
  /** ms since the epoch, UTC. Nothing at or after it may influence the result. */
  readonly asOf: number;
  /** List length. */
  readonly k: number;
  /** HNSW breadth; effective: max(ef, k). */
  readonly ef: number;
  readonly mode: Mode;
  /** One weight per group of the manifest, 0 … 4; 1 = as trained, 0 = group removed. */
  readonly weights: Readonly<Record<GroupName, number>>;
  readonly context: Readonly<Record<string, string>>;
  readonly excludedEvents: readonly EventId[];
  readonly extraEvents: readonly HypotheticalEvent[];
  readonly disabled: readonly ChannelName[];
  readonly rules: LegacyRuleConfig;
  readonly merge: MergeConfig;
  readonly eligibility: boolean;
}

export const minWeight = 0;
export const maxWeight = 4;
