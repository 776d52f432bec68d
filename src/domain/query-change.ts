import { isRule } from './channels.ts';
import type { ChannelName } from './channels.ts';
import type { RecallQuery } from './query.ts';
import type { QueryChange } from './verdict.ts';

/** A change of one setting that means the same for every user. */
export type SettingChange = Extract<
  QueryChange,
  { readonly type: 'ef' | 'k' | 'weight' | 'merge-quota' | 'rule-quota' | 'merge-order' }
>;

/** The query with the change made; `from` is not looked at. A quota of a channel that is no rule is one of the merge alone. */
export const changedQuery = (query: RecallQuery, change: SettingChange): RecallQuery => {
  switch (change.type) {
    case 'ef':
      return { ...query, ef: change.to };
    case 'k':
      return { ...query, k: change.to };
    case 'weight':
      return { ...query, weights: { ...query.weights, [change.group]: change.to } };
    case 'merge-quota':
      return {
        ...query,
        merge: { ...query.merge, quota: { ...query.merge.quota, [change.channel]: change.to } },
      };
    case 'rule-quota':
      return {
        ...query,
        rules: { ...query.rules, quota: { ...query.rules.quota, [change.channel]: change.to } },
      };
    case 'merge-order':
      return reordered(query, change.channel, change.to);
  }
};

/** The order in which the channels of this query are merged. */
export const mergeOrder = ({ mode, rules, merge }: RecallQuery): readonly ChannelName[] =>
  mode === 'legacy' ? rules.order : merge.order;

const reordered = (query: RecallQuery, channel: ChannelName, to: number): RecallQuery => {
  const now = mergeOrder(query);
  const rest = now.filter((_, i) => i !== now.indexOf(channel));
  const order = [...rest.slice(0, to), channel, ...rest.slice(to)];
  return query.mode === 'legacy'
    ? { ...query, rules: { ...query.rules, order: [...new Set(order.filter(isRule))] } }
    : { ...query, merge: { ...query.merge, order } };
};

/** The change of a channel's quota in this query's mode; null: its mode has none for it. */
export const quotaOf = (query: RecallQuery, channel: ChannelName, to: number): SettingChange | null => {
  if (query.mode === 'merged') return { type: 'merge-quota', channel, from: query.merge.quota[channel] ?? 0, to };
  return query.mode === 'legacy' && isRule(channel)
    ? { type: 'rule-quota', channel, from: query.rules.quota[channel] ?? 0, to }
    : null;
};
