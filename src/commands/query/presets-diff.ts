import { isRecord } from '../../base/json.ts';
import type { PresetDifference } from '../../answers/change.ts';
import type { RecallQuery } from '../../domain/query.ts';

type Leaf = PresetDifference['a'];

const leafOf = (value: unknown): Leaf =>
  value === undefined || value === null
    ? null
    : typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string'
      ? value
      : JSON.stringify(value);

const walk = (a: unknown, b: unknown, path: string): PresetDifference[] => {
  if (!isRecord(a) && !isRecord(b)) return leafOf(a) === leafOf(b) ? [] : [{ path, a: leafOf(a), b: leafOf(b) }];
  const [left, right] = [isRecord(a) ? a : {}, isRecord(b) ? b : {}];
  const names = [...new Set([...Object.keys(left), ...Object.keys(right)])].sort();
  return names.flatMap((name) => walk(left[name], right[name], path === '' ? name : `${path}.${name}`));
};

/** Settings of a query a preset can decide. */
const settingsOf = ({
  weights,
  context,
  k,
  ef,
  mode,
  disabled,
  eligibility,
  rules,
  merge,
}: RecallQuery): Record<string, unknown> => ({ weights, context, k, ef, mode, disabled, eligibility, rules, merge });

/** Where two queries differ in what presets decide, by path in code-unit order. */
export const settingDifferences = (a: RecallQuery, b: RecallQuery): PresetDifference[] =>
  walk(settingsOf(a), settingsOf(b), '');
