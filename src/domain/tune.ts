import type { ChannelName } from './channels.ts';
import type { UserId } from './ids.ts';
import { lowerMean } from './mean-bound.ts';
import type { RecallQuery } from './query.ts';
import type { BootstrapOptions } from './significance.ts';
import { sourcesOf } from './sources.ts';

/** The settings of a query that cost something. `quota`: of a mode that merges; null in a mode of one channel. */
export interface TuneSettings {
  readonly k: number;
  readonly ef: number;
  readonly quota: Readonly<Partial<Record<ChannelName, number>>> | null;
}

export type TuneAgainst = 'exact' | 'engaged';

export const settingsOf = ({ k, ef, mode, rules, merge }: RecallQuery): TuneSettings => ({
  k,
  ef,
  quota: mode === 'legacy' ? rules.quota : mode === 'merged' ? merge.quota : null,
});

export const withSettings = (query: RecallQuery, { k, ef, quota }: TuneSettings): RecallQuery => {
  const sized = { ...query, k, ef };
  if (quota === null) return sized;
  return query.mode === 'legacy'
    ? { ...sized, rules: { ...query.rules, quota } }
    : { ...sized, merge: { ...query.merge, quota } };
};

/** How broadly the index is searched: max(ef, ads read from it); 0: it is not asked. */
export const breadthOf = (query: RecallQuery): number => {
  const quota = sourcesOf(query).find(({ channel }) => channel === 'model')?.quota;
  return quota === undefined ? 0 : Math.max(query.ef, query.k, quota);
};

/** One user's answers to each of the settings, in their order. Plain JSON. */
export interface TuneRow {
  readonly userId: UserId;
  /** Ads that should be found; 0: the user does not count. */
  readonly wanted: number;
  readonly recall: readonly number[];
  /** Distances computed; null where the index's walk is not known. */
  readonly distances: ReadonlyArray<number | null>;
  /** Time of the search of the index, ms; 0 where it is not asked. */
  readonly searchMs: readonly number[];
  readonly failed: string | null;
}

export interface TuneCost {
  /** Mean over the users; null where the index's walk is not known. */
  readonly distances: number | null;
  /** Median over the users of the time of one search of the index, ms. */
  readonly searchMs: number;
}

/** What was measured of one setting. */
export interface TunePoint {
  readonly settings: TuneSettings;
  readonly users: number;
  /** Mean over the users. */
  readonly recall: number;
  /** Lower end of the 95 % interval of the mean (`pointsOf`: of its level): `lowerMean`. */
  readonly lower95: number;
  readonly cost: TuneCost;
}

const median = (values: readonly number[]): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[values.length >> 1] ?? 0;
  return values.length % 2 === 1 ? upper : ((sorted[(values.length >> 1) - 1] ?? 0) + upper) / 2;
};
const mean = (values: readonly number[]): number => values.reduce((sum, x) => sum + x, 0) / Math.max(1, values.length);

/** The point of each setting, in the order in which the rows have them. */
export const pointsOf = (
  rows: readonly TuneRow[],
  settings: readonly TuneSettings[],
  options: BootstrapOptions,
): TunePoint[] => {
  const counted = rows.filter(({ failed, wanted }) => failed === null && wanted > 0);
  return settings.map((own, s) => {
    const recalls = counted.map(({ recall }) => recall[s] ?? 0);
    const walks = counted.map(({ distances }) => distances[s] ?? null);
    return {
      settings: own,
      users: counted.length,
      recall: mean(recalls),
      lower95: lowerMean(recalls, options),
      cost: {
        distances: walks.includes(null) ? null : mean(walks.flatMap((walk) => walk ?? [])),
        searchMs: median(counted.map(({ searchMs }) => searchMs[s] ?? 0)),
      },
    };
  });
};

const total = (quota: TuneSettings['quota']): number => Object.values(quota ?? {}).reduce((sum, own) => sum + own, 0);

/** By cost: distances (the breadth where they are not known), then the length of the list, then what the quotas let in. */
export const byCost =
  (query: RecallQuery) =>
  (a: TunePoint, b: TunePoint): number => {
    const breadth = ({ settings }: TunePoint): number => breadthOf(withSettings(query, settings));
    const walks = a.cost.distances === null || b.cost.distances === null ? 0 : a.cost.distances - b.cost.distances;
    return (
      walks ||
      breadth(a) - breadth(b) ||
      a.settings.k - b.settings.k ||
      total(a.settings.quota) - total(b.settings.quota)
    );
  };

/** A setting reaches a target of recall where the whole interval of its mean does. */
export const reaches = ({ users, lower95 }: TunePoint, target: number): boolean => users > 0 && lower95 >= target;
