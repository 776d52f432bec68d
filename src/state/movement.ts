import type { MovementData } from '../answers/change.ts';
import { titledMovement } from '../domain/movement.ts';
import type { RecallAnswer } from './types.ts';

const cache = new WeakMap<RecallAnswer, WeakMap<RecallAnswer, MovementData>>();

/** What changed from list `a` to list `b`; computed once for a pair of answers, as every frame asks. */
export const movementOf = (a: RecallAnswer, b: RecallAnswer): MovementData => {
  const known = cache.get(a)?.get(b);
  if (known !== undefined) return known;
  const movement = titledMovement(a.data.candidates, b.data.candidates);
  const inner = cache.get(a) ?? new WeakMap<RecallAnswer, MovementData>();
  inner.set(b, movement);
  cache.set(a, inner);
  return movement;
};
