import type { TitledAdMovement, MovementData } from '../../answers/change.ts';
import { movementBetween, type AdMovement } from '../../domain/movement.ts';
import type { HydratedRow } from '../../engine/hydrate.ts';

/** What moved from one hydrated list to another, by name. */
export const movementData = (baseline: readonly HydratedRow[], current: readonly HydratedRow[]): MovementData => {
  const titles = new Map([...baseline, ...current].map((row) => [row.adId, row.title]));
  const titled = (list: readonly AdMovement[]): TitledAdMovement[] =>
    list.map((m) => ({ ...m, title: titles.get(m.adId) ?? '' }));
  const { entered, left, moved, ...rest } = movementBetween(baseline, current);
  return { ...rest, entered: titled(entered), left: titled(left), moved: titled(moved) };
};
