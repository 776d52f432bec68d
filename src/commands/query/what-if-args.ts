import { isEventFilter, parseEventFilter } from '../../domain/filter/events.ts';
import type { HypotheticalEvent } from '../../domain/events.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { knockOutIds } from '../../engine/what-if.ts';
import { ordinalOfAd } from '../../engine/explain/vectors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { listArg } from '../../console/arg-values.ts';
import type { ArgValues } from '../../console/command.ts';

/** Hypothetical events of the flags, in the order search, view, purchase, friend, all just before as-of. Throws `unknown-ad`. */
const hypothetical = (workspace: Workspace, { asOf }: RecallQuery, args: ArgValues): HypotheticalEvent[] => {
  const at = asOf - 1;
  const onAd = (kind: string): HypotheticalEvent[] =>
    listArg(args, kind).map((adId) => {
      ordinalOfAd(workspace, adId);
      return { kind, at, adId };
    });
  return [
    ...listArg(args, 'search').map((query): HypotheticalEvent => ({ kind: 'search', at, query })),
    ...onAd('view'),
    ...onAd('purchase'),
    ...listArg(args, 'friend').map((peerId): HypotheticalEvent => ({ kind: 'friend', at, peerId })),
  ];
};

/** The query with the knock-outs and the hypothetical events of `--exclude --search --view --purchase --friend`. */
export const withWhatIf = async (workspace: Workspace, query: RecallQuery, args: ArgValues): Promise<RecallQuery> => {
  const extra = { ...query, extraEvents: [...query.extraEvents, ...hypothetical(workspace, query, args)] };
  const named = listArg(args, 'exclude');
  if (named.length === 0) return extra;
  const filters = named.filter(isEventFilter).map((text) => parseEventFilter(text));
  const ids = await knockOutIds(workspace.engine.core, extra, filters);
  return {
    ...extra,
    excludedEvents: [...extra.excludedEvents, ...named.filter((text) => !isEventFilter(text)), ...ids],
  };
};
