import { movementBetween } from '../domain/movement.ts';
import type { AdMovement, ListMovement } from '../domain/movement.ts';
import type { RecallAnswer } from './data.ts';

/** One ad against the baseline, by its title. */
export interface Move extends AdMovement {
  readonly title: string;
}

export type Overlap = ListMovement['overlap'];

export interface Movement extends ListMovement {
  readonly entered: readonly Move[];
  readonly left: readonly Move[];
  readonly moved: readonly Move[];
}

const cache = new WeakMap<RecallAnswer, WeakMap<RecallAnswer, Movement>>();

const compute = (a: RecallAnswer, b: RecallAnswer): Movement => {
  const titles = new Map([...a.ads, ...b.ads].map((ad) => [ad.adId, ad.title]));
  const titled = (moves: readonly AdMovement[]): Move[] =>
    moves.map((move) => ({ ...move, title: titles.get(move.adId) ?? move.adId }));
  const movement = movementBetween(a.ads, b.ads);
  return { ...movement, entered: titled(movement.entered), left: titled(movement.left), moved: titled(movement.moved) };
};

/** What changed from list `a` to list `b`; computed once for a pair of answers, as every frame asks. */
export const movementOf = (a: RecallAnswer, b: RecallAnswer): Movement => {
  const known = cache.get(a)?.get(b);
  if (known !== undefined) return known;
  const movement = compute(a, b);
  const inner = cache.get(a) ?? new WeakMap<RecallAnswer, Movement>();
  inner.set(b, movement);
  cache.set(a, inner);
  return movement;
};
