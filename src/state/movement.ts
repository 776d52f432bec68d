import type { MovementData, TitledAdMovement } from '../answers/change.ts';
import { movementBetween, type AdMovement } from '../domain/movement.ts';
import type { RecallAnswer } from './types.ts';

const cache = new WeakMap<RecallAnswer, WeakMap<RecallAnswer, MovementData>>();

const compute = (a: RecallAnswer, b: RecallAnswer): MovementData => {
  const [before, now] = [a.data.candidates, b.data.candidates];
  const titles = new Map([...before, ...now].map((ad) => [ad.adId, ad.title]));
  const titled = (moves: readonly AdMovement[]): TitledAdMovement[] =>
    moves.map((move) => ({ ...move, title: titles.get(move.adId) ?? move.adId }));
  const movement = movementBetween(before, now);
  return { ...movement, entered: titled(movement.entered), left: titled(movement.left), moved: titled(movement.moved) };
};

/** What changed from list `a` to list `b`; computed once for a pair of answers, as every frame asks. */
export const movementOf = (a: RecallAnswer, b: RecallAnswer): MovementData => {
  const known = cache.get(a)?.get(b);
  if (known !== undefined) return known;
  const movement = compute(a, b);
  const inner = cache.get(a) ?? new WeakMap<RecallAnswer, MovementData>();
  inner.set(b, movement);
  cache.set(a, inner);
  return movement;
};
