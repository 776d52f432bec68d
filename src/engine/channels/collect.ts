import type { DropReason } from '../../domain/ads.ts';
import { reasonOf } from '../../domain/eligibility.ts';
import type { ChannelName } from '../../domain/query.ts';
import type { ChannelRun, Emitted } from '../core.ts';

export interface Collected {
  /** Positions, in the ranking, of the eligible ads that are emitted. */
  readonly positions: readonly number[];
  readonly matched: number;
  readonly dropped: Readonly<Partial<Record<DropReason | 'quota', number>>>;
}

/** Nothing is dropped: the ranking's head, without a look at the rest. */
const head = (length: number, limit: number): Collected => {
  const positions = Array.from({ length: Math.min(length, limit) }, (_, i) => i);
  return { positions, matched: length, dropped: length > limit ? { quota: length - limit } : {} };
};

/** The first `limit` eligible ads of a ranking, and why each of the others is not among them. */
export const collect = (ordinals: ArrayLike<number>, codes: Uint8Array | null, limit: number): Collected => {
  if (codes === null) return head(ordinals.length, limit);
  const positions: number[] = [];
  const counts = new Map<number, number>();
  let full = 0;
  for (let i = 0; i < ordinals.length; i += 1) {
    const code = codes[ordinals[i] ?? 0] ?? 0;
    if (code !== 0) counts.set(code, (counts.get(code) ?? 0) + 1);
    else if (positions.length < limit) positions.push(i);
    else full += 1;
  }
  const dropped: Partial<Record<DropReason | 'quota', number>> = {};
  for (const code of [...counts.keys()].sort((a, b) => a - b)) {
    const reason = reasonOf(code);
    if (reason !== null) dropped[reason] = counts.get(code) ?? 0;
  }
  if (full > 0) dropped.quota = full;
  return { positions, matched: ordinals.length, dropped };
};

/** Counts of `collect` over separate rankings: ads examined, and the reasons of those without a place. */
export const tally = (
  rankings: ReadonlyArray<ArrayLike<number>>,
  codes: Uint8Array | null,
  limit: number,
): Pick<Collected, 'matched' | 'dropped'> => {
  const matched = rankings.reduce((sum, ranking) => sum + ranking.length, 0);
  if (codes === null) return head(matched, limit);
  const joined = new Uint32Array(matched);
  rankings.reduce((at, ranking) => {
    joined.set(ranking, at);
    return at + ranking.length;
  }, 0);
  return collect(joined, codes, limit);
};

export const silentRun = (channel: ChannelName, silent: string): ChannelRun => ({
  channel,
  hits: [],
  matched: 0,
  dropped: {},
  silent,
  unavailable: false,
  notices: [],
  ann: null,
});

/** A run of a channel the workspace cannot have. */
export const unavailableRun = (channel: ChannelName, why: string): ChannelRun => ({
  ...silentRun(channel, why),
  unavailable: true,
});

/** A run of a channel whose ranking is known in full. */
export const rankedRun = (
  channel: ChannelName,
  collected: Collected,
  hits: readonly Emitted[],
  notices: readonly string[] = [],
): ChannelRun => ({
  channel,
  hits,
  matched: collected.matched,
  dropped: collected.dropped,
  silent: null,
  unavailable: false,
  notices,
  ann: null,
});
