import type { RecallQuery } from '../../domain/query.ts';
import type { ChannelRun, EngineCore } from '../core.ts';
import type { Popularity } from '../popularity.ts';
import { collect, rankedRun, silentRun } from './collect.ts';

/** The operator's list in its order. score = 1 ÷ position in the list as configured. */
export const runPriority = (core: EngineCore, query: RecallQuery, limit: number): ChannelRun => {
  const { catalog } = core.deps;
  const { priorityList } = query.rules;
  if (priorityList.length === 0) return silentRun('priority', 'the priority list is empty');
  const positions = new Map<number, number>();
  let unknown = 0;
  priorityList.forEach((adId, i) => {
    const ordinal = catalog.ordinalOf(adId);
    if (ordinal === null) unknown += 1;
    else if (!positions.has(ordinal)) positions.set(ordinal, i + 1);
  });
  if (positions.size === 0)
    return silentRun('priority', `none of the ${priorityList.length} ads of the priority list is known`);
  const ordinals = [...positions.keys()];
  const collected = collect(ordinals, core.dropCodes(query), limit);
  const notices =
    unknown === 0
      ? []
      : [`the priority list names ${unknown} ${unknown === 1 ? 'ad' : 'ads'} this workspace does not have`];
  return rankedRun(
    'priority',
    collected,
    collected.kept.map((i) => {
      const ordinal = ordinals[i] ?? 0;
      const position = positions.get(ordinal) ?? 0;
      return { ordinal, score: 1 / position, evidence: { type: 'preset-position', position } };
    }),
    notices,
  );
};

/** Ads by behaviours in the window before as-of, ties by id; ads nobody touched are not popular. */
export const runPopular = (core: EngineCore, popularity: Popularity, query: RecallQuery, limit: number): ChannelRun => {
  const ordinals = popularity.popular(query);
  if (ordinals.length === 0)
    return silentRun('popular', `no ${query.rules.popularKinds.join(', ')} by anybody in the window before as-of`);
  const counts = popularity.counts(query);
  const collected = collect(ordinals, core.dropCodes(query), limit);
  return rankedRun(
    'popular',
    collected,
    collected.kept.map((i) => {
      const ordinal = ordinals[i] ?? 0;
      const count = counts[ordinal] ?? 0;
      return { ordinal, score: count, evidence: { type: 'popularity', count } };
    }),
  );
};
