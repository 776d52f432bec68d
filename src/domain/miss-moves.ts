import { byCodeUnit } from '../base/order.ts';
import type { UserId } from './ids.ts';
import type { Loss, LossDetail } from './losses.ts';
import { reasonKey, type MissRow } from './misses.ts';
import type { VerdictName } from './verdict.ts';

interface ReasonName {
  readonly reason: VerdictName;
  readonly detail: LossDetail | null;
}

/** Pairs that are lost for one reason on side a and for another on side b, or in the list on one of them. */
export interface MissMove {
  readonly from: ReasonName;
  readonly to: ReasonName;
  readonly pairs: number;
  readonly users: number;
  /** The first of them, by user. */
  readonly examples: ReadonlyArray<{ readonly userId: UserId; readonly adId: string }>;
}

export interface MissMoves {
  /** Pairs that both sides were asked for and answered. */
  readonly pairs: number;
  /** … with one reason on both. */
  readonly same: number;
  /** Most pairs first. */
  readonly moves: readonly MissMove[];
}

const shownExamples = 5;
const nameOf = ({ verdict, detail }: Loss): ReasonName => ({ reason: verdict, detail });

/** The same pairs on both sides, joined by user and ad. */
export const movesBetween = (a: readonly MissRow[], b: readonly MissRow[]): MissMoves => {
  const others = new Map(b.map((row) => [row.userId, new Map(row.losses.map((loss) => [loss.adId, loss]))]));
  const moved = new Map<string, { from: Loss; to: Loss; pairs: Array<{ userId: UserId; adId: string }> }>();
  let [pairs, same] = [0, 0];
  for (const { userId, losses } of a)
    for (const from of losses) {
      const to = others.get(userId)?.get(from.adId);
      if (to === undefined) continue;
      pairs += 1;
      if (reasonKey(from) === reasonKey(to)) {
        same += 1;
        continue;
      }
      const key = `${reasonKey(from)} → ${reasonKey(to)}`;
      const move = moved.get(key) ?? { from, to, pairs: [] };
      move.pairs.push({ userId, adId: from.adId });
      moved.set(key, move);
    }
  const moves = [...moved.values()].map((move): MissMove => ({
    from: nameOf(move.from),
    to: nameOf(move.to),
    pairs: move.pairs.length,
    users: new Set(move.pairs.map(({ userId }) => userId)).size,
    examples: move.pairs.slice(0, shownExamples),
  }));
  const text = ({ from, to }: MissMove): string => JSON.stringify([from, to]);
  return { pairs, same, moves: moves.sort((x, y) => y.pairs - x.pairs || byCodeUnit(text(x), text(y))) };
};
