import type { ChannelName, MergeConfig } from './query.ts';

/**
 * The merge of several channels' candidates into one list. This is the whole rule:
 *
 * 1. The *sources* are the channels of `order` that are not disabled, occur there for the first time, and
 *    have a quota above 0, in that order. A channel without a quota has quota 0 and takes no part at all.
 * 2. Quota pass. Each source in turn emits the first `quota` ads of its list. An ad not yet in the merged
 *    list is appended to it and belongs to that source (`via`); an ad already there stays where it is and
 *    only gains the source's provenance. Emissions do not depend on what other sources emitted.
 * 3. Refill. While the merged list holds fewer than k ads, the sources take turns in order. At its turn a
 *    source goes on emitting from where it stopped until it has appended one new ad (ads already in the
 *    list gain its provenance on the way) or its list is exhausted. The refill ends when k ads are there
 *    or no source has any left.
 * 4. Cutoff. The first k ads are the result. Each keeps the provenance of every source that emitted it in
 *    2 or 3, in the order of the sources.
 *
 * Lists hold distinct ads, best first; a list of max(quota, k) ads is always long enough.
 */
export interface MergeSource {
  readonly channel: ChannelName;
  readonly quota: number;
  /** Ordinals of eligible ads, best first. */
  readonly ordinals: readonly number[];
}

export interface Provenance {
  readonly channel: ChannelName;
  /** From 0, in the channel's list. */ readonly position: number;
}
export interface MergedAd {
  readonly ordinal: number;
  readonly via: ChannelName;
  readonly provenance: readonly Provenance[];
}

export interface MergeOutcome {
  readonly ads: readonly MergedAd[];
  /** How many ads each source emitted, in the order of the sources. */
  readonly emitted: ReadonlyMap<ChannelName, number>;
  /** Distinct ads before the cutoff. */
  readonly distinct: number;
}

/** Step 1: who takes part, with which quota. */
export const mergeSources = (
  merge: MergeConfig,
  disabled: readonly ChannelName[],
): Array<{ channel: ChannelName; quota: number }> =>
  [...new Set(merge.order)]
    .filter((channel) => !disabled.includes(channel) && (merge.quota[channel] ?? 0) > 0)
    .map((channel) => ({ channel, quota: merge.quota[channel] ?? 0 }));

export const mergeChannels = (sources: readonly MergeSource[], k: number): MergeOutcome => {
  const [only] = sources;
  return only !== undefined && sources.length === 1 ? singleSource(only, k) : manySources(sources, k);
};

/** One source emits max(quota, k) ads, all of them new: no bookkeeping, this is the hot path of a model query. */
const singleSource = ({ channel, quota, ordinals }: MergeSource, k: number): MergeOutcome => {
  const emitted = Math.min(ordinals.length, Math.max(quota, k));
  const ads: MergedAd[] = [];
  for (let position = 0; position < Math.min(emitted, k); position += 1) {
    ads.push({ ordinal: ordinals[position] ?? 0, via: channel, provenance: alone(channel, position) });
  }
  return { ads, emitted: new Map([[channel, emitted]]), distinct: emitted };
};

const shared = new Map<ChannelName, Array<readonly [Provenance]>>();

/** The provenance of an ad found once is the same value in every list: made once for the first places. */
const alone = (channel: ChannelName, position: number): readonly [Provenance] => {
  let places = shared.get(channel);
  if (places === undefined) shared.set(channel, (places = []));
  while (places.length <= position && places.length < sharedPlaces) places.push([{ channel, position: places.length }]);
  return places[position] ?? [{ channel, position }];
};

const sharedPlaces = 1024;

const manySources = (sources: readonly MergeSource[], k: number): MergeOutcome => {
  const merged = new Map<number, Provenance[]>();
  const position = sources.map(() => 0);

  /** Emits the source's next ad; false when its list is exhausted, 'new' when it was appended. */
  const emit = (source: MergeSource, s: number): boolean | 'new' => {
    const at = position[s] ?? 0;
    const ordinal = source.ordinals[at];
    if (ordinal === undefined) return false;
    position[s] = at + 1;
    const known = merged.get(ordinal);
    const provenance = { channel: source.channel, position: at };
    if (known !== undefined) return known.push(provenance) > 0;
    merged.set(ordinal, [provenance]);
    return 'new';
  };

  sources.forEach((source, s) => {
    for (let i = 0; i < source.quota && emit(source, s) !== false; i += 1);
  });
  for (let progress = true; progress && merged.size < k;) {
    progress = false;
    for (let s = 0; s < sources.length && merged.size < k; s += 1) {
      const source = sources[s];
      if (source === undefined) continue;
      let outcome = emit(source, s);
      while (outcome === true) outcome = emit(source, s);
      progress ||= outcome === 'new';
    }
  }
  return outcomeOf(sources, merged, position, k);
};

const outcomeOf = (
  sources: readonly MergeSource[],
  merged: ReadonlyMap<number, readonly Provenance[]>,
  position: readonly number[],
  k: number,
): MergeOutcome => {
  const place = new Map(sources.map((source, s) => [source.channel, s]));
  const inOrder = (a: Provenance, b: Provenance): number => (place.get(a.channel) ?? 0) - (place.get(b.channel) ?? 0);
  const ads = [...merged].slice(0, k).map(([ordinal, provenance]): MergedAd => ({
    ordinal,
    via: provenance[0]?.channel ?? 'model',
    provenance: [...provenance].sort(inOrder),
  }));
  return {
    ads,
    emitted: new Map(sources.map((source, s) => [source.channel, position[s] ?? 0])),
    distinct: merged.size,
  };
};
