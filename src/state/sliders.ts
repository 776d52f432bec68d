import { noEventText } from '../console/window-text.ts';
import { t } from '../base/texts.ts';
import { maxWeight, minWeight, type ChannelName, type RecallQuery } from '../domain/query.ts';
import { isRule } from '../domain/channels.ts';
import type { AppState } from './state.ts';

/** One slider of the weights panel. `value` and `pinned` are weights, or places of the list. */
export interface Knob {
  /** The group's name; `quota:` and the channel's. */
  readonly id: string;
  readonly name: string;
  readonly value: number;
  /** In the pinned list's query. */
  readonly pinned: number;
  readonly least: number;
  readonly most: number;
  /** What `h` `l` and `H` `L` move it by. */
  readonly step: number;
  readonly leap: number;
  /** Place in the order of channels, from 1; null = a weight. */
  readonly place: number | null;
  readonly pinnedPlace: number | null;
  /** Why it changes nothing now; null = it does. */
  readonly idle: string | null;
}

type Read = Pick<AppState, 'mode' | 'query' | 'baseline' | 'workspace' | 'selectedSlider' | 'emptyGroups'>;

const mostQuota = 10_000;

/** The channels of the list shown, in the order their candidates are placed in; none outside `legacy` and `merged`. */
export const orderOf = (query: RecallQuery, mode: RecallQuery['mode']): readonly ChannelName[] =>
  mode === 'legacy' ? query.rules.order : mode === 'merged' ? query.merge.order : [];

const quotaOf = (query: RecallQuery, mode: RecallQuery['mode'], channel: ChannelName): number =>
  mode === 'legacy' ? (isRule(channel) ? (query.rules.quota[channel] ?? 0) : 0) : (query.merge.quota[channel] ?? 0);

const weightKnobs = ({ workspace, query, baseline, emptyGroups }: Read): Knob[] =>
  workspace?.model === null
    ? []
    : (workspace?.groups ?? []).map((group) => ({
        id: group,
        name: group,
        value: query?.weights[group] ?? 1,
        pinned: baseline?.query.weights[group] ?? 1,
        least: minWeight,
        most: maxWeight,
        step: 0.05,
        leap: 0.25,
        place: null,
        pinnedPlace: null,
        idle: emptyGroups?.includes(group) === true ? noEventText(workspace?.windows?.[group] ?? null) : null,
      }));

const quotaKnobs = ({ query, mode, baseline }: Read): Knob[] => {
  if (query === null) return [];
  const order = orderOf(query, mode);
  const before = baseline !== null && baseline.query.mode === mode ? baseline.query : query;
  return order.map((channel, i) => {
    const value = quotaOf(query, mode, channel);
    const pinned = quotaOf(before, mode, channel);
    return {
      id: `quota:${channel}`,
      name: channel,
      value,
      pinned,
      least: 0,
      most: Math.max(query.k, value, pinned),
      step: 1,
      leap: 10,
      place: i + 1,
      pinnedPlace: orderOf(before, mode).indexOf(channel) + 1,
      idle: query.disabled.includes(channel) ? t('switched off') : null,
    };
  });
};

/** The sliders of the panel: weights where the model takes part, quotas where channels are merged. */
export const knobsOf = (state: Read): readonly Knob[] => [
  ...(state.mode === 'legacy' || state.mode === 'i2i' ? [] : weightKnobs(state)),
  ...quotaKnobs(state),
];

export const chosenKnob = (state: Read): Knob | null => {
  const knobs = knobsOf(state);
  return knobs.find((k) => k.id === state.selectedSlider) ?? knobs[0] ?? null;
};

/** Rounded to 1e-4, so that ten steps up and ten down give back the same query; quotas to whole places. */
const rounded = (knob: Knob, value: number): number =>
  knob.place === null
    ? Math.round(Math.min(maxWeight, Math.max(minWeight, value)) * 10_000) / 10_000
    : Math.round(Math.min(mostQuota, Math.max(0, value)));

/** The query with the slider at `value`, as near as it goes. */
export const withKnob = (query: RecallQuery, mode: RecallQuery['mode'], knob: Knob, value: number): RecallQuery => {
  const to = rounded(knob, value);
  if (knob.place === null) return { ...query, weights: { ...query.weights, [knob.name]: to } };
  return mode === 'legacy'
    ? { ...query, rules: { ...query.rules, quota: { ...query.rules.quota, [knob.name]: to } } }
    : { ...query, merge: { ...query.merge, quota: { ...query.merge.quota, [knob.name]: to } } };
};

const swapped = <T>(items: readonly T[], at: number, to: number): readonly T[] => {
  const next = [...items];
  const [moved] = next.splice(at, 1);
  if (moved !== undefined) next.splice(to, 0, moved);
  return next;
};

/** The query with the channel `by` places later in the order; null where it cannot move. */
export const withOrder = (
  query: RecallQuery,
  mode: RecallQuery['mode'],
  knob: Knob,
  by: number,
): RecallQuery | null => {
  if (knob.place === null) return null;
  const [at, to] = [knob.place - 1, knob.place - 1 + by];
  if (to < 0 || to >= orderOf(query, mode).length) return null;
  return mode === 'legacy'
    ? { ...query, rules: { ...query.rules, order: swapped(query.rules.order, at, to) } }
    : { ...query, merge: { ...query.merge, order: swapped(query.merge.order, at, to) } };
};

export const isWithin = (knob: Knob, value: number): boolean =>
  knob.place === null
    ? value >= minWeight && value <= maxWeight
    : Number.isInteger(value) && value >= 0 && value <= mostQuota;
