import type { Failure } from '../answers/session.ts';
import { rbo } from '../domain/rank-similarity.ts';
import type { AnswerList, Expectation } from './format.ts';

/**
 * Ads closer than this may change places: float32 models differ by batch size and backend (docs/design.md, "Numbers").
 */
export const inversionTolerance = 1e-5;

/** The sum behind an RBO rounds: this far below a bound is on it. */
const rboTolerance = 1e-9;

/** The failure of an RBO against its bounds, null if it meets them; with enough decimals to differ from the bound. */
export const rboMiss = (
  value: number,
  { atLeast, atMost }: { readonly atLeast?: number | undefined; readonly atMost?: number | undefined },
): string | null => {
  const figure = (bound: number): string => {
    let decimals = 3;
    while (decimals < 12 && Number(value.toFixed(decimals)) === bound) decimals += 1;
    return value.toFixed(decimals);
  };
  if (atLeast !== undefined && !(value >= atLeast - rboTolerance))
    return `${figure(atLeast)}, expected at least ${atLeast}`;
  return atMost !== undefined && !(value <= atMost + rboTolerance)
    ? `${figure(atMost)}, expected at most ${atMost}`
    : null;
};

const failure = (kind: string, message: string): Failure => ({ kind, message });
const viaOf = (list: AnswerList, i: number): string => (typeof list.via === 'string' ? list.via : (list.via[i] ?? ''));
const shown = (ids: readonly string[]): string =>
  `${ids.slice(0, 5).join(', ')}${ids.length > 5 ? ` and ${ids.length - 5} more` : ''}`;

/**
 * The same ads in the same order, where two ads that changed places are of the same channel and within the
 * tolerance of each other. An ad that crossed the end of a model's list is forgiven when the list's last score, its
 * own (recorded or present) and that of the ad which took its place are within the tolerance.
 */
export const sameOrder = (
  expected: readonly string[],
  present: AnswerList,
  recorded: AnswerList | null,
): Failure | null => {
  if (expected.length === present.ids.length && expected.every((id, i) => id === present.ids[i])) return null;
  const position = new Map(expected.map((id, i) => [id, i]));
  const here = new Set(present.ids);
  const missing = expected.filter((id) => !here.has(id));
  const extra = present.ids.filter((id) => !position.has(id));
  const atTheEdge = edge(present, recorded, missing, extra);
  if (!atTheEdge)
    return failure(
      'ids',
      `${missing.length} of ${expected.length} ads are missing${missing.length === 0 ? '' : ` (${shown(missing)})`}, ${extra.length} came instead${extra.length === 0 ? '' : ` (${shown(extra)})`}`,
    );
  const swapped = inversion(present, position);
  return swapped === null
    ? null
    : failure('ids', `order: ${swapped[0]} now comes before ${swapped[1]}, and their scores are not equal`);
};

const edge = (
  present: AnswerList,
  recorded: AnswerList | null,
  missing: readonly string[],
  extra: readonly string[],
): boolean => {
  if (missing.length === 0 && extra.length === 0) return true;
  const last = present.scores.at(-1);
  // Counts of the rules tie by the dozen, and scores of different channels do not compare: only ⟨u, v⟩ is noisy.
  if (
    missing.length !== extra.length ||
    last === undefined ||
    recorded === null ||
    recorded.via !== 'model' ||
    present.via !== 'model'
  )
    return false;
  const close = (score: number | undefined): boolean =>
    score !== undefined && Math.abs(score - last) <= inversionTolerance;
  return (
    missing.every((id) => close(recorded.scores[recorded.ids.indexOf(id)])) &&
    extra.every((id) => close(present.scores[present.ids.indexOf(id)]))
  );
};

/** A pair that changed places without being equal: each ad against those that should have come before it. */
const inversion = (present: AnswerList, position: ReadonlyMap<string, number>): readonly [string, string] | null => {
  const order = present.ids.map((id) => position.get(id) ?? Number.POSITIVE_INFINITY);
  for (let i = 0; i < order.length; i += 1) {
    for (let j = i + 1; j < order.length; j += 1) {
      if ((order[i] ?? 0) <= (order[j] ?? 0)) continue;
      const equal =
        viaOf(present, i) === viaOf(present, j) &&
        Math.abs((present.scores[i] ?? 0) - (present.scores[j] ?? 0)) <= inversionTolerance;
      if (!equal) return [present.ids[i] ?? '', present.ids[j] ?? ''];
    }
  }
  return null;
};

/** Failures of an expectation of a list against the present one. `recorded` is the list when it was written down. */
export const checkList = (expect: Expectation, present: AnswerList, recorded: AnswerList | null): Failure[] => {
  const failures: Failure[] = [];
  const add = (failed: Failure | null): void => {
    if (failed !== null) failures.push(failed);
  };
  if (expect.ids !== undefined) add(sameOrder(expect.ids, present, recorded));
  if (expect.set !== undefined) add(sameSet(expect.set, present));
  if (expect.rbo !== undefined) {
    const missed = rboMiss(rbo(expect.rbo.ids, present.ids), { atLeast: expect.rbo.atLeast });
    if (missed !== null) add(failure('rbo', `RBO ${missed}`));
  }
  if (expect.scores !== undefined) failures.push(...scores(expect.scores, present));
  for (const { adId, rank } of expect.present ?? []) {
    const at = present.ids.indexOf(adId) + 1;
    if (at === 0) add(failure('present', `${adId} is not in the list`));
    else if (rank !== undefined && at > rank)
      add(failure('present', `${adId} is at rank ${at}, expected ${rank} or better`));
  }
  for (const adId of expect.absent ?? []) {
    const at = present.ids.indexOf(adId) + 1;
    if (at > 0) add(failure('absent', `${adId} is in the list, at rank ${at}`));
  }
  return failures;
};

const sameSet = (expected: readonly string[], present: AnswerList): Failure | null => {
  const here = new Set(present.ids);
  const wanted = new Set(expected);
  const missing = expected.filter((id) => !here.has(id));
  const extra = present.ids.filter((id) => !wanted.has(id));
  return missing.length + extra.length === 0
    ? null
    : failure('set', `missing: ${shown(missing) || 'none'}; not expected: ${shown(extra) || 'none'}`);
};

const scores = ({ values, tolerance }: NonNullable<Expectation['scores']>, present: AnswerList): Failure[] =>
  Object.entries(values).flatMap(([adId, value]) => {
    const found = present.scores[present.ids.indexOf(adId)];
    if (found === undefined) return [failure('scores', `${adId} is not in the list`)];
    return Math.abs(found - value) <= tolerance
      ? []
      : [failure('scores', `${adId} has score ${found}, expected ${value} ± ${tolerance}`)];
  });
