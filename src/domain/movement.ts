import { compareLists, withTitles, type ListComparison } from './compare-lists.ts';
import { channelNames, type ChannelName } from './query.ts';
import type { Candidate } from './result.ts';

/** The fields of an ad in a list that movement needs; a candidate of a result, or a row made of one. */
export type MovementRow = Pick<Candidate, 'adId' | 'rank' | 'score' | 'modelScore'> & {
  readonly via: string;
  readonly channels: ReadonlyArray<{ readonly channel: string }>;
};

/** One ad against the baseline; null = not in that list. */
export interface AdMovement {
  readonly adId: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly scoreFrom: number | null;
  readonly scoreTo: number | null;
  /** null where the ad is in one list only, or two channels placed it: their scores cannot be compared. */
  readonly scoreDelta: number | null;
  /** Change of ⟨u, v⟩; null where either list has no modelScore of it. */
  readonly modelDelta: number | null;
  /** The channel that placed it in either list. */
  readonly viaFrom: string | null;
  readonly viaTo: string | null;
  /** Every channel that found it, in the list it is in (the current one if in both). */
  readonly channels: readonly string[];
}

export interface ChannelMovement {
  readonly channel: ChannelName;
  readonly entered: number;
  readonly left: number;
}

export interface ListMovement {
  /** In the current list only, by rank. */
  readonly entered: readonly AdMovement[];
  /** In the baseline only, by rank there. */
  readonly left: readonly AdMovement[];
  /** In both at another rank: the largest shift first, ties by current rank. */
  readonly moved: readonly AdMovement[];
  readonly counts: { readonly entered: number; readonly left: number; readonly moved: number; readonly stayed: number };
  readonly overlap: ListComparison['overlap'];
  /** By the channel that placed the ad, in the order of `channelNames`; channels without movement are omitted. */
  readonly byChannel: readonly ChannelMovement[];
}

const difference = (a: number | null | undefined, b: number | null | undefined): number | null =>
  a === null || a === undefined || b === null || b === undefined ? null : b - a;

const moveOf = (adId: string, a: MovementRow | undefined, b: MovementRow | undefined): AdMovement => ({
  adId,
  from: a?.rank ?? null,
  to: b?.rank ?? null,
  scoreFrom: a?.score ?? null,
  scoreTo: b?.score ?? null,
  scoreDelta: a !== undefined && a.via === b?.via ? difference(a.score, b.score) : null,
  modelDelta: difference(a?.modelScore, b?.modelScore),
  viaFrom: a?.via ?? null,
  viaTo: b?.via ?? null,
  channels: (b ?? a)?.channels.map((hit) => hit.channel) ?? [],
});

const shift = ({ from, to }: AdMovement): number => Math.abs((from ?? 0) - (to ?? 0));

const byChannel = (entered: readonly AdMovement[], left: readonly AdMovement[]): ChannelMovement[] =>
  channelNames.flatMap((channel) => {
    const row = {
      channel,
      entered: entered.filter((m) => m.viaTo === channel).length,
      left: left.filter((m) => m.viaFrom === channel).length,
    };
    return row.entered + row.left === 0 ? [] : [row];
  });

/** Compares a baseline list with the current one; both have ranks from 1. */
export const movementBetween = (baseline: readonly MovementRow[], current: readonly MovementRow[]): ListMovement => {
  const before = new Map(baseline.map((row) => [row.adId, row]));
  const after = new Map(current.map((row) => [row.adId, row]));
  const { overlap, entered, left, moved } = compareLists(baseline, current);
  const full = (list: readonly { readonly adId: string }[]): AdMovement[] =>
    list.map(({ adId }) => moveOf(adId, before.get(adId), after.get(adId)));
  const [came, went] = [full(entered), full(left)];
  return {
    entered: came,
    left: went,
    moved: full(moved).sort((x, y) => shift(y) - shift(x) || (x.to ?? 0) - (y.to ?? 0)),
    counts: { entered: came.length, left: went.length, moved: moved.length, stayed: overlap.common - moved.length },
    overlap,
    byChannel: byChannel(came, went),
  };
};

type TitledRow = MovementRow & { readonly title: string };
type TitledMove = AdMovement & { readonly title: string };

export interface TitledListMovement extends Omit<ListMovement, 'entered' | 'left' | 'moved'> {
  readonly entered: readonly TitledMove[];
  readonly left: readonly TitledMove[];
  readonly moved: readonly TitledMove[];
}

/** `movementBetween` with the title of each ad. */
export const titledMovement = (baseline: readonly TitledRow[], current: readonly TitledRow[]): TitledListMovement =>
  withTitles(movementBetween(baseline, current), baseline, current);
