import { t } from '../base/texts.ts';
import { settingDifferences } from '../commands/query/presets-diff.ts';
import type { Filterable } from '../domain/filter/match.ts';
import { filtered, termsOf } from './filtering.ts';
import type { AppState } from './state.ts';
import type { Detail, DetailListName, Trial } from './types.ts';
import { currentTrial } from './trials.ts';

export type ListDetail = Extract<Detail, { readonly kind: DetailListName }>;
type Read = Pick<AppState, 'detail' | 'trials' | 'query' | 'filters'>;

/** The list that stands in the detail's place; null: something else does. Its rows are told apart by their index among all of them. */
export const listOfDetail = ({ detail }: Pick<AppState, 'detail'>): ListDetail | null =>
  detail.kind === 'trials' ||
  detail.kind === 'presets' ||
  detail.kind === 'people' ||
  detail.kind === 'recordings' ||
  detail.kind === 'reasons' ||
  detail.kind === 'losses'
    ? detail
    : null;

const trialFilterable = ({ from, query, effect }: Trial, isCurrent: boolean): Filterable => {
  const settings = settingDifferences({ ...from, mode: query.mode }, query);
  const added = query.extraEvents.slice(from.extraEvents.length);
  const tried = [
    ...settings.flatMap(({ path, a, b }) => [path.replaceAll('.', ' '), String(a), String(b)]),
    ...(from.asOf === query.asOf
      ? []
      : [t('as of {time}', { time: new Date(query.asOf).toISOString().slice(0, 16).replace('T', ' ') })]),
    ...(from.excludedEvents.length === query.excludedEvents.length ? [] : [t('knocked out'), ...query.excludedEvents]),
    ...added.map((event) =>
      t('what if {kind} {object}', { kind: event.kind, object: event.query ?? event.adId ?? event.peerId ?? '' }),
    ),
    ...(from === query ? [t('as opened')] : []),
  ];
  return {
    texts: tried,
    fields: {
      tried,
      list: effect?.mode ?? null,
      rbo: effect?.rbo ?? null,
      in: effect?.entered ?? null,
      out: effect?.left ?? null,
      moved: effect?.moved ?? null,
      now: isCurrent,
    },
  };
};

/** The rows as a filter sees them. */
const filterables = (state: Read, list: ListDetail): readonly Filterable[] => {
  switch (list.kind) {
    case 'trials': {
      const current = currentTrial(state);
      return state.trials.map((trial, i) => trialFilterable(trial, i === current));
    }
    case 'presets':
      return (list.rows ?? []).map(({ name, title, from }) => ({
        texts: [name, title],
        fields: { name, title, of: from },
      }));
    case 'people':
      return list.rows.map(({ userId, rbo, delta }) => ({
        texts: [userId],
        fields: { user: userId, rbo, recall: delta },
      }));
    case 'reasons':
      return list.rows.map(({ reason, detail, stage, users, pairs }) => ({
        texts: [reason, detail ?? ''],
        fields: { reason: detail ?? reason, stage, users, pairs },
      }));
    case 'losses':
      return list.rows.map(({ userId, adId, channel, rankMargin }) => ({
        texts: [userId, adId],
        fields: { user: userId, ad: adId, channel, ranks: rankMargin },
      }));
    case 'recordings':
      return list.rows.map(({ path, note, steps, expectations, problem }) => ({
        texts: [path, note],
        fields: { path, note, steps, pins: expectations, broken: problem !== null },
      }));
  }
};

/** Rows of the list, shown or not. */
export const rowCount = ({ trials }: Pick<AppState, 'trials'>, list: ListDetail): number =>
  list.kind === 'trials' ? trials.length : (list.rows?.length ?? 0);

/** Indexes of the rows a filter leaves, in their order. */
export const shownIndexes = (state: Read): readonly number[] => {
  const list = listOfDetail(state);
  if (list === null) return [];
  const all = Array.from({ length: rowCount(state, list) }, (_, i) => i);
  const terms = termsOf(state, list.kind);
  if (terms.length === 0) return all;
  const seen = filterables(state, list);
  return filtered(all, terms, (i) => seen[i] ?? { texts: [], fields: {} });
};

/** Index of the row under the cursor: the first shown where a filter hides it; null where none is shown. */
export const cursorIndex = (state: Read): number | null => {
  const shown = shownIndexes(state);
  const row = listOfDetail(state)?.row ?? -1;
  return shown.includes(row) ? row : (shown[0] ?? null);
};
