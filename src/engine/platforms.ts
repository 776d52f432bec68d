import type { RecallQuery } from '../domain/query.ts';
import { shapleyBatch } from '../domain/shapley.ts';
import { RecallError } from '../errors.ts';
import { approximately, requireAbility } from './abilities.ts';
import type { EngineCore } from './core.ts';
import { columnOf } from './explain/groups.ts';
import { scoreTable } from './explain/coalitions.ts';
import { adRows } from './explain/vectors.ts';
import { splitByPlatform, type PlatformSplit } from './what-if.ts';

export interface PlatformAttribution {
  readonly approximations: readonly string[];
  readonly split: PlatformSplit;
  /** By ad: φ of each platform, in the order of `split.platforms`; they sum to modelScore − the score with no platform. */
  readonly phi: ReadonlyArray<readonly number[]>;
  /** By ad: score with every platform's behaviours knocked out. */
  readonly baselines: readonly number[];
  readonly scores: readonly number[];
}

/**
 * Exact Shapley values over platforms as players: v(S) = the score, in the vectors' metric, with only the behaviours of the
 * platforms in S kept (each keeps its slot). One encoding per coalition, 2^P of them in one batch.
 * Throws `unsupported` without a model or vectors.
 */
export const attributePlatforms = async (
  core: EngineCore,
  query: RecallQuery,
  ordinals: readonly number[],
): Promise<PlatformAttribution> => {
  const model = await core.deps.encoder();
  if (model !== null) requireAbility(model, 'events', 'a split by platform');
  const split = await splitByPlatform(core, query);
  const users = await core.encodeMany(split.coalitions);
  const [first] = users;
  if (first === undefined) throw new RecallError('internal', 'no coalition was encoded');
  const { encoder } = first;
  const vectors = new Float32Array(users.length * encoder.dim);
  users.forEach((user, mask) =>
    vectors.set(encoder.fuse(user.encodings, core.weightsOf(query, encoder), 1), mask * encoder.dim),
  );
  const values = scoreTable(core.deps.vectors?.space ?? 'ip', vectors, adRows(core.deps, ordinals), encoder.dim);
  const games = ordinals.length;
  const phi = shapleyBatch(values, split.platforms.length, games);
  const whole = 2 ** split.platforms.length - 1;
  return {
    approximations: approximately(encoder, query, ['events']),
    split,
    phi: ordinals.map((_, ad) => columnOf(phi, games, ad)),
    baselines: Array.from(values.subarray(0, games)),
    scores: Array.from(values.subarray(whole * games, (whole + 1) * games)),
  };
};
