import type { BehaviourEvent } from '../domain/events.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { EngineCore } from './core.ts';

export type ScrubStep = 'next-event' | 'previous-event' | 'next-day' | 'previous-day';
export const scrubSteps: readonly ScrubStep[] = ['next-event', 'previous-event', 'next-day', 'previous-day'];

export interface ScrubStop {
  readonly asOf: number;
  /** The newest of the user's behaviours that a query at this as-of sees; null = none. */
  readonly event: BehaviourEvent | null;
}

const day = 86_400_000;

/**
 * Where one step of a scrub leads; null where there is nothing further that way. An event is seen from
 * 1 ms after it: by event, as-of moves to the next or previous such instant, so that between two stops
 * the user's history stays the same. By day, the time of day stays.
 */
export const scrubStop = (
  { deps: { store } }: Pick<EngineCore, 'deps'>,
  { userId, asOf }: Pick<RecallQuery, 'userId' | 'asOf'>,
  step: ScrubStep,
): ScrubStop | null => {
  const newestBefore = (before: number): BehaviourEvent | null => store.events(userId, { before, limit: 1 })[0] ?? null;
  if (step === 'next-day' || step === 'previous-day') {
    const to = asOf + (step === 'next-day' ? day : -day);
    return Math.abs(to) > 8.64e15 ? null : { asOf: to, event: newestBefore(to) };
  }
  if (step === 'previous-event') {
    // The event just before as-of − 1 was already seen a stop ago.
    const event = newestBefore(asOf - 1);
    return event === null ? null : { asOf: event.at + 1, event };
  }
  const later = store.events(userId, { before: Number.MAX_SAFE_INTEGER, from: asOf }).at(-1);
  return later === undefined ? null : { asOf: later.at + 1, event: newestBefore(later.at + 1) };
};
