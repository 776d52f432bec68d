import type { Ad } from '../../domain/ads.ts';
import type { RecallQuery } from '../../domain/query.ts';
import type { ChannelRun, EngineCore } from '../core.ts';
import { collect, rankedRun, silentRun } from './collect.ts';
import type { Channel, TrialChange } from './channel.ts';

/** The operator's list in its order. score = 1 ÷ position in the list as configured. */
const run = (core: EngineCore, query: RecallQuery, limit: number): ChannelRun => {
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
    collected.positions.map((i) => {
      const ordinal = ordinals[i] ?? 0;
      const position = positions.get(ordinal) ?? 0;
      return { ordinal, score: 1 / position, evidence: { type: 'preset-position', position } };
    }),
    notices,
  );
};

/** The ad put on the list, at the last position that the quota reaches. */
const repairs = (query: RecallQuery, ad: Ad): TrialChange[] => {
  const { priorityList, quota } = query.rules;
  const position = Math.min(priorityList.length, Math.max(0, (quota.priority ?? 0) - 1));
  const list = [...priorityList];
  list.splice(position, 0, ad.adId);
  return [
    {
      change: { type: 'priority-list', position: position + 1 },
      cost: 1,
      query: { ...query, rules: { ...query.rules, priorityList: list } },
    },
  ];
};

export const priority: Channel = { run, repairs };
