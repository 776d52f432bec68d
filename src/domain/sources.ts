import { mergeSources } from './merge.ts';
import type { ChannelName, RecallQuery } from './query.ts';

export interface Source {
  readonly channel: ChannelName;
  readonly quota: number;
}

/** The channels a query asks, in merge order, with their quotas (domain/merge, step 1). */
export const sourcesOf = (query: RecallQuery): readonly Source[] => {
  const { mode, k, disabled, rules, merge } = query;
  switch (mode) {
    case 'model':
    case 'i2i':
      return mergeSources({ order: [mode], quota: { [mode]: k } }, disabled);
    case 'legacy':
      return mergeSources(rules, disabled);
    case 'merged':
      return mergeSources(merge, disabled);
  }
};

/** Does any channel of this query read the user's encodings? */
export const readsModel = (query: RecallQuery): boolean => sourcesOf(query).some(({ channel }) => channel === 'model');
