import { compareResults } from '../domain/compare-lists.ts';
import { defaultAsOf, plainQuery } from '../domain/query-defaults.ts';
import { createCore } from './create-core.ts';
import type { EngineDeps } from './deps.ts';
import type { Engine } from './engine.ts';
import { hydrate } from './hydrate.ts';
import { recall } from './recall.ts';

export const createEngine = (deps: EngineDeps): Engine => {
  const core = createCore(deps);
  return {
    core,
    recall: (query, options) => recall(core, query, options),
    compare: async (queryA, queryB, options) => {
      const a = await recall(core, queryA, options);
      const b = await recall(core, queryB, options);
      return { a, b, ...compareResults(a, b) };
    },
    hydrate: (result) => hydrate(deps, result),
    defaultQuery: (defaults, userId) => {
      core.user(userId);
      const asOf = defaultAsOf(defaults.asOf, deps.store.lastEventAt(userId), () => newestEvent(deps) + 1);
      return plainQuery({ ...defaults, groups: deps.settings.groups }, userId, asOf);
    },
  };
};

/** For a user without events: the newest event of the sample, so that the same question stays the same. */
const newestEvent = ({ store }: EngineDeps): number =>
  store
    .listUsers({ limit: Math.max(1, store.userCount) })
    .reduce((newest, { lastAt }) => Math.max(newest, lastAt ?? 0), 0);
