import type { RecallQuery } from '../../domain/query.ts';
import type { ChannelRun, EngineCore } from '../core.ts';
import { collect, rankedRun, silentRun } from './collect.ts';
import type { Channel } from './channel.ts';

/** Ads by behaviours in the window before as-of, ties by id; ads without a behaviour are not popular. */
const run = (core: EngineCore, query: RecallQuery, limit: number): ChannelRun => {
  const { popularity } = core;
  const ordinals = popularity.popular(query);
  if (ordinals.length === 0)
    return silentRun('popular', `no ${query.rules.popularKinds.join(', ')} by anybody in the window before as-of`);
  const counts = popularity.counts(query);
  const collected = collect(ordinals, core.dropCodes(query), limit);
  return rankedRun(
    'popular',
    collected,
    collected.positions.map((i) => {
      const ordinal = ordinals[i] ?? 0;
      const count = counts[ordinal] ?? 0;
      return { ordinal, score: count, evidence: { type: 'popularity', count } };
    }),
  );
};

const placeOf: Channel['placeOf'] = (core, query, ordinal) => {
  const ordinals = core.popularity.popular(query);
  const codes = core.dropCodes(query);
  let of = 0;
  let at = -1;
  for (const other of ordinals) {
    if (codes !== null && codes[other] !== 0) continue;
    if (other === ordinal) at = of;
    of += 1;
  }
  return { of, place: at < 0 ? null : { at, score: core.popularity.counts(query)[ordinal] ?? 0 } };
};

export const popular: Channel = { run, placeOf };
