import { isSolo } from './channels.ts';
import type { ChannelName } from './channels.ts';
import { mergeSources } from './merge.ts';
import type { RecallQuery } from './query.ts';

export interface Source {
  readonly channel: ChannelName;
  readonly quota: number;
}

/** The channels a query asks, in merge order, with their quotas (domain/merge, step 1). */
export const sourcesOf = (query: RecallQuery): readonly Source[] => {
  const { mode, k, disabled, rules, merge } = query;
  if (isSolo(mode)) return mergeSources({ order: [mode], quota: { [mode]: k } }, disabled);
  return mergeSources(mode === 'legacy' ? rules : merge, disabled);
};

/** Does any channel of this query read the user's encodings? */
export const readsModel = (query: RecallQuery): boolean => sourcesOf(query).some(({ channel }) => channel === 'model');
