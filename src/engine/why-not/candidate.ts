import type { ChannelName } from '../../domain/channels.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { RecallResult } from '../../domain/result.ts';
import type { ChannelVerdict, Repair } from '../../domain/verdict.ts';
import type { TrialChange } from '../channels/channel.ts';
import type { Emission } from './emission.ts';

/** A change not yet run; `channel`: whose verdict it repairs. */
export interface RepairCandidate extends TrialChange {
  readonly channel: ChannelName | null;
  /** A longer list: what was run to show that no shorter one does. */
  readonly smallest?: Repair['smallest'];
}

export interface RepairQuestion {
  readonly query: RecallQuery;
  readonly ordinal: number;
  readonly verdicts: readonly ChannelVerdict[];
  readonly before: RecallResult;
  readonly emissions: readonly Emission[];
  readonly signal: AbortSignal | undefined;
}
