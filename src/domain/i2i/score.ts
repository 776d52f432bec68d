import type { EventId } from '../ids.ts';
import { byScoreThenId } from '../../base/order.ts';
import type { Scored } from '../../base/order.ts';

/** One past item of the user; `position` from 1, the latest first. */
export interface PastItem {
  readonly adId: string;
  readonly ordinal: number;
  readonly eventId: EventId;
  readonly position: number;
}

export interface I2iHit extends Scored {
  /** The past item that contributed most; the later one on a tie. */
  readonly item: PastItem;
  readonly similarity: number;
  readonly weight: number;
  /** Its part of the score, 0 … 1. */
  readonly share: number;
}

export interface Neighbours {
  readonly ordinals: Int32Array;
  readonly similarities: Float32Array;
}

/** How many of the latest distinct items are read. */
export const i2iItems = 20;

export const i2iWeight = (position: number): number => 1 / Math.sqrt(position);

/**
 * Item-to-item score: score(j) = Σ_i sim(i, j) ÷ √position_i over the past items i (item-kNN with recency
 * weights). Own past items are not removed. All neighbours, best first, ties by id.
 */
export const i2iScores = (items: readonly PastItem[], neighboursOf: (ordinal: number) => Neighbours): I2iHit[] => {
  const found = new Map<number, { score: number; best: number; item: PastItem; similarity: number }>();
  for (const item of items) {
    const weight = i2iWeight(item.position);
    const { ordinals, similarities } = neighboursOf(item.ordinal);
    for (let n = 0; n < ordinals.length; n += 1) {
      const ordinal = ordinals[n] ?? 0;
      const similarity = similarities[n] ?? 0;
      const part = weight * similarity;
      const known = found.get(ordinal);
      if (known === undefined) found.set(ordinal, { score: part, best: part, item, similarity });
      else {
        known.score += part;
        if (part > known.best) Object.assign(known, { best: part, item, similarity });
      }
    }
  }
  return [...found]
    .map(([ordinal, { score, best, item, similarity }]): I2iHit => ({
      ordinal,
      score,
      item,
      similarity,
      weight: i2iWeight(item.position),
      share: score > 0 ? best / score : 0,
    }))
    .sort(byScoreThenId);
};
