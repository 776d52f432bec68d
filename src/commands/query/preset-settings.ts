import type { Preset } from '../../answers/change.ts';
import type { RecallQuery } from '../../domain/query.ts';

const defined = <T extends object>(record: T): Partial<T> => {
  const kept: Partial<T> = { ...record };
  for (const key in kept) if (kept[key] === undefined) delete kept[key];
  return kept;
};

const mergedRules = (query: RecallQuery, { rules: changed }: Preset): RecallQuery['rules'] =>
  changed === undefined
    ? query.rules
    : { ...query.rules, ...defined(changed), quota: { ...query.rules.quota, ...defined(changed.quota ?? {}) } };

const mergedChannels = (query: RecallQuery, { merge: changed, whole }: Preset): RecallQuery['merge'] =>
  changed === undefined
    ? query.merge
    : {
        order: changed.order ?? query.merge.order,
        quota: { ...(whole === true ? {} : query.merge.quota), ...defined(changed.quota ?? {}) },
      };

const ones = (weights: RecallQuery['weights']): RecallQuery['weights'] =>
  Object.fromEntries(Object.keys(weights).map((group) => [group, 1]));

/** The query with the preset laid over it: user, as-of and what-if events stay its own. */
export const applyPreset = (query: RecallQuery, preset: Preset): RecallQuery => {
  const { weights, context, k, ef, mode, disabled, eligibility, whole } = preset;
  return {
    ...query,
    k: k ?? query.k,
    ef: ef ?? query.ef,
    mode: mode ?? query.mode,
    disabled: disabled ?? query.disabled,
    eligibility: eligibility ?? query.eligibility,
    weights: { ...(whole === true ? ones(query.weights) : query.weights), ...weights },
    context: whole === true ? { ...context } : { ...query.context, ...context },
    rules: mergedRules(query, preset),
    merge: mergedChannels(query, preset),
  };
};

/** The rules that differ from the workspace's own; order and quotas always, for whoever reads the file. */
const ruleChanges = ({ rules: own }: RecallQuery, usual: RecallQuery['rules']): Preset['rules'] => ({
  ...Object.fromEntries(
    Object.entries(own).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(usual, name))),
  ),
  order: [...own.order],
  quota: { ...own.quota },
});

/**
 * The preset that gives this query's settings to any other of the workspace: everything but its user, as-of and what-if
 * events.
 */
export const presetOf = (query: RecallQuery, title: string, usual: RecallQuery['rules']): Preset => ({
  title,
  weights: { ...query.weights },
  context: { ...query.context },
  k: query.k,
  ef: query.ef,
  mode: query.mode,
  disabled: [...query.disabled],
  eligibility: query.eligibility,
  whole: true,
  rules: ruleChanges(query, usual),
  merge: { order: [...query.merge.order], quota: { ...query.merge.quota } },
});
