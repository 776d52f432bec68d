import type { AdShift, BlastRow, BlastSummary } from '../domain/blast.ts';
import type { HypotheticalEvent } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import type { AdMovement, ListMovement } from '../domain/movement.ts';
import type { ChannelName, MergeConfig, Mode, RecallQuery } from '../domain/query.ts';
import type { LegacyRuleConfig } from '../domain/rules.ts';
import type { ScrubStep, ScrubStop } from '../engine/scrub.ts';
import type { Timeline } from '../engine/timeline.ts';
import type { RecallRow } from './recall.ts';

export interface WeightRow {
  readonly group: string;
  readonly weight: number;
  /** The weight the model was trained with. */
  readonly trained: 1;
  readonly min: number;
  readonly max: number;
  readonly source: string;
  readonly kinds: readonly string[];
  readonly maxItems: number;
  readonly windowMs: number | null;
}

export interface WeightsData {
  readonly weights: readonly WeightRow[];
}

/** The settings that a preset changes in a query; `whole`: it replaces all of the query's own settings. */
export interface Preset {
  readonly title: string;
  readonly weights: RecallQuery['weights'];
  readonly context: RecallQuery['context'];
  readonly k?: number | undefined;
  readonly ef?: number | undefined;
  readonly mode?: Mode | undefined;
  readonly disabled?: readonly ChannelName[] | undefined;
  readonly eligibility?: boolean | undefined;
  readonly rules?:
    | (Omit<Partial<LegacyRuleConfig>, 'quota'> & { readonly quota?: Partial<LegacyRuleConfig['quota']> | undefined })
    | undefined;
  readonly merge?: Partial<MergeConfig> | undefined;
  readonly whole?: boolean | undefined;
}

/** Where a preset is kept: with the workspace, or with the person's own settings. */
export type PresetOrigin = 'workspace' | 'personal';

export interface PresetRow extends Preset {
  readonly name: string;
  readonly from: PresetOrigin;
}

/** One setting two presets give another value to; a value is JSON text where it is not a plain number or word. */
export interface PresetDifference {
  readonly path: string;
  readonly a: string | number | boolean | null;
  readonly b: string | number | boolean | null;
}

/** The export for a serving team: every setting resolved, with the model and the rules that it was made with. */
export interface ServingPreset {
  readonly format: 'recall-tui/preset@1';
  readonly name: string;
  readonly title: string;
  readonly madeWith: {
    readonly workspace: string;
    readonly model: string | null;
    readonly index: string | null;
    readonly rules: string | null;
  };
  readonly settings: Pick<
    RecallQuery,
    'weights' | 'context' | 'k' | 'ef' | 'mode' | 'disabled' | 'eligibility' | 'rules' | 'merge'
  >;
}

export interface PresetsData {
  readonly presets: readonly PresetRow[];
  readonly saved?: string;
  readonly deleted?: string;
  /** File written by `--save`, `--delete` or `--export --out`. */
  readonly path?: string;
  readonly shown?: string;
  readonly diff?: { readonly a: string; readonly b: string; readonly differences: readonly PresetDifference[] };
  readonly exported?: ServingPreset;
}

/** A movement with the ad's title. */
export interface TitledAdMovement extends AdMovement {
  readonly title: string;
}

export interface MovementData extends Omit<ListMovement, 'entered' | 'left' | 'moved'> {
  readonly entered: readonly TitledAdMovement[];
  readonly left: readonly TitledAdMovement[];
  readonly moved: readonly TitledAdMovement[];
}

export interface WhatIfData {
  readonly queries: { readonly plain: RecallQuery; readonly changed: RecallQuery };
  /** The events that were knocked out and the events that were added. */
  readonly excluded: readonly EventId[];
  readonly added: readonly HypotheticalEvent[];
  readonly movement: MovementData;
  readonly approximations: readonly string[];
  readonly candidates: readonly RecallRow[];
}

export interface PlatformRow extends RecallRow {
  /** The platform with the largest φ; null where none lifts the score. */
  readonly carriedBy: string | null;
  /** φ by platform, in the order of `platforms`. */
  readonly phi: readonly number[];
}

export interface PlatformList {
  readonly platform: string;
  /** Behaviours of this platform that the tower reads. */
  readonly events: number;
  /** Ads of the whole list that this platform carries. */
  readonly carries: number;
  /** The list when only this platform's behaviours are kept, and what moves towards it. */
  readonly candidates: readonly RecallRow[];
  readonly overlap: ListMovement['overlap'];
}

export interface PlatformsData {
  readonly candidates: readonly PlatformRow[];
  readonly platforms: readonly PlatformList[];
  readonly approximations: readonly string[];
}

export interface TitledShift extends AdShift {
  readonly title: string;
}

export interface BlastData extends Omit<BlastSummary, 'gains' | 'losses'> {
  readonly gains: readonly TitledShift[];
  readonly losses: readonly TitledShift[];
  readonly sampled: number;
  readonly of: number;
  readonly seed: number;
  /** The change, setting by setting. */
  readonly change: readonly PresetDifference[];
  readonly workers: number;
  /** Parts of either side that hold only approximately. */
  readonly approximations: readonly string[];
  /** On request. */
  readonly rows?: readonly BlastRow[];
}

export interface TimelineData extends Timeline {
  readonly title: string;
  readonly asOf: number;
  readonly k: number;
  /** Minutes east of UTC of the shop's clock, for whoever draws hours. */
  readonly tzOffsetMinutes: number;
}

export interface ScrubData {
  readonly step: ScrubStep;
  /** null: there is nothing further that way; the query stays. */
  readonly stop: ScrubStop | null;
  readonly asOf: number;
}
