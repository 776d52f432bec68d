import { t } from '../base/texts.ts';
import type { Result } from '../answers/answers.ts';
import { parseDuration } from '../base/duration.ts';
import { parseTime } from '../base/time.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { ScrubStep } from '../engine/scrub.ts';
import { changeQuery } from './changes.ts';
import { askInstead, waitsFor } from './requests.ts';
import { only, andThen, type AppState, type Step } from './state.ts';

const day = 86_400_000;

/** A step that comes while one is under way waits for it; the latest wins. */
export const scrub = (state: AppState, step: ScrubStep): Step => {
  if (state.userId === null || state.query === null) return only(state);
  if (waitsFor(state, 'scrub')) return only({ ...state, scrubNext: step });
  return askInstead(state, {
    slot: 'scrub',
    command: 'scrub',
    args: { user: state.userId, step },
    baseQuery: state.query,
  });
};

/** Where the step has led: as-of is there now. */
export const onScrubbed = (state: AppState, result: Result): Step => {
  const { query } = result;
  if (query === undefined || state.query === null || query.userId !== state.userId)
    return only({ ...state, scrubNext: null });
  if (result.schema === 'scrub' && result.data.stop === null)
    return only({
      ...state,
      scrubNext: null,
      message: { text: t('no further behaviour in this direction'), tone: 'plain' },
    });
  const next = state.scrubNext;
  const moved = changeQuery(
    { ...state, scrubNext: null },
    { ...state.query, asOf: query.asOf, excludedEvents: query.excludedEvents, extraEvents: query.extraEvents },
    { knob: 'time' },
  );
  return next === null ? moved : andThen(moved, (s) => scrub(s, next));
};

/** `2025-06-18T00:00`, `21:04` of the same day (UTC), `+3h`, `-1d`; null when it is none of these. */
export const instantOf = (text: string, asOf: number): number | null => {
  const written = text.trim();
  const clock = /^([01]?\d|2[0-3]):([0-5]\d)$/.exec(written);
  if (clock !== null) return Math.floor(asOf / day) * day + (Number(clock[1]) * 60 + Number(clock[2])) * 60_000;
  const shift = /^([-+−])\s*(\d.*)$/u.exec(written);
  if (shift === null || /^-\d{5,}$/.test(written)) return parseTime(written);
  const ms = parseDuration(shift[2] ?? '');
  return ms === null ? null : asOf + (shift[1] === '+' ? ms : -ms);
};

/** The same query at another instant: hypothetical behaviours that would not have happened yet are left out. */
export const queryAt = (query: RecallQuery, asOf: number): RecallQuery => {
  const extraEvents = query.extraEvents.filter((event) => event.at < asOf);
  if (extraEvents.length === query.extraEvents.length) return { ...query, asOf };
  // Their ids are places in that list.
  return {
    ...query,
    asOf,
    extraEvents,
    excludedEvents: query.excludedEvents.filter((id) => !id.startsWith('what-if:')),
  };
};
