import type { ServedCause } from '../../domain/served/served.ts';
import { choices } from '../../domain/smallest-set.ts';
import { causeOfPart, keyOf, type Part } from './parts.ts';
import type { Trial } from './trial.ts';

/**
 * The smallest sets of the parts whose run settles the ad: it is in that list exactly where it is in the served one.
 * Empty where not even all of them do.
 */
const smallest = async (trial: Trial, parts: readonly Part[], adId: string, most: number): Promise<Part[][]> => {
  const wanted = trial.request.list.includes(adId);
  const settles = async (set: readonly Part[]): Promise<boolean> => {
    const list = await trial.list(set);
    return list !== null && list.includes(adId) === wanted;
  };
  // A place that is as served already has no cause among the parts.
  if (parts.length === 0 || (await settles([])) || !(await settles(parts))) return [];
  for (let size = 1; size <= Math.min(parts.length, most); size += 1) {
    const found: Part[][] = [];
    for (const set of choices(parts, size)) if (await settles(set)) found.push(set);
    if (found.length > 0) return found;
  }
  return [];
};

const one = (causes: readonly ServedCause[], type: 'together' | 'either'): ServedCause | null => {
  const [first] = causes;
  return first === undefined ? null : causes.length === 1 ? first : { type, causes };
};

/** The cause of each of these ads under the settings (`settingsThatGive`); none for an ad that they do not settle. */
export const attribute = async (
  trial: Trial,
  settings: ReadonlyArray<readonly Part[]>,
  adIds: readonly string[],
): Promise<Map<string, ServedCause>> => {
  const causes = new Map<string, ServedCause>();
  for (const adId of adIds) {
    let found: Part[][] = [];
    for (const parts of settings) {
      const sets = await smallest(trial, parts, adId, found[0]?.length ?? parts.length);
      const [known, own] = [found[0]?.length ?? Number.POSITIVE_INFINITY, sets[0]?.length ?? Number.POSITIVE_INFINITY];
      if (own <= known) found = own < known ? sets : [...found, ...sets];
    }
    const distinct = [...new Map(found.map((set) => [keyOf(set), set])).values()];
    const cause = one(
      distinct.flatMap(
        (set) =>
          one(
            set.map((part) => causeOfPart(part, trial.request.at)),
            'together',
          ) ?? [],
      ),
      'either',
    );
    if (cause !== null) causes.set(adId, cause);
  }
  return causes;
};
