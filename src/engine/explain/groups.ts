import type { RecallQuery } from '../../domain/query.ts';
import type { Space } from '../../domain/metric.ts';
import type { BatchExplanation, GroupPart } from '../../domain/explanation.ts';
import { shapleyBatch, shapleyResidual } from '../../domain/shapley.ts';
import { RecallError } from '../../errors.ts';
import { approximately, requireAbility } from '../abilities.ts';
import type { EncodedUser, EngineCore } from '../core.ts';
import { coalitionVectors, livePlayers, scoreTable } from './coalitions.ts';
import { adRows } from './vectors.ts';

/** Group attribution of several ads from one fused batch. */
export interface GroupAttribution {
  readonly encoded: EncodedUser;
  readonly weights: Float32Array;
  /** Groups that can change the vector, by index. */
  readonly live: readonly number[];
  /** The ads' vectors, n×D. */
  readonly rows: Float32Array;
  /** The metric of every score and part. */
  readonly space: Space;
  /** By ad. */
  readonly scores: Float32Array;
  readonly baselines: Float64Array;
  readonly residuals: Float64Array;
  /** Groups × ads, all groups of the model. */
  readonly phi: Float64Array;
}

/** Throws `unsupported` without a model, one that cannot take groups out, or a vector of one of the ads. */
export const attributeGroups = async (
  core: EngineCore,
  query: RecallQuery,
  ordinals: ArrayLike<number>,
): Promise<GroupAttribution> => {
  const encoded = await core.encode(query);
  if (encoded !== null) requireAbility(encoded.encoder, 'groups', 'explaining a score by feature groups');
  const vector = await core.userVector(query);
  if (encoded === null || vector === null)
    throw new RecallError('unsupported', 'explaining a score needs a model', {
      todo: 'train one with `recall-tui train DIR`',
    });
  const rows = adRows(core.deps, ordinals);
  const scores = core.modelScores(vector, ordinals) ?? new Float32Array(ordinals.length);
  const space = core.deps.vectors?.space ?? 'ip';
  return { ...shareOut(encoded, core.weightsOf(query, encoded.encoder), { rows, space, scores }), rows, space, scores };
};

/** The pure step: 2^G coalitions fused once, scored in the metric with the ads' rows, one pass of Shapley. */
export const shareOut = (
  encoded: EncodedUser,
  weights: Float32Array,
  { rows, space, scores }: Pick<GroupAttribution, 'rows' | 'space' | 'scores'>,
): Omit<GroupAttribution, 'rows' | 'space' | 'scores'> => {
  const { encoder, encodings } = encoded;
  const games = rows.length / encoder.dim;
  const live = livePlayers(encodings, weights);
  const values = scoreTable(space, coalitionVectors(encoder, encodings, weights, live), rows, encoder.dim);
  const livePhi = shapleyBatch(values, live.length, games);
  const phi = new Float64Array(weights.length * games);
  live.forEach((g, i) => phi.set(livePhi.subarray(i * games, (i + 1) * games), g * games));
  const baselines = values.slice(0, games);
  const residuals = Float64Array.from({ length: games }, (_, ad) =>
    shapleyResidual(scores[ad] ?? 0, baselines[ad] ?? 0, columnOf(phi, games, ad)),
  );
  return { encoded, weights, live, baselines, residuals, phi };
};

/** Column `ad` of a groups × ads matrix. */
export const columnOf = (matrix: Float64Array, games: number, ad: number): number[] =>
  Array.from({ length: matrix.length / games }, (_, g) => matrix[g * games + ad] ?? 0);

export const groupParts = (attribution: GroupAttribution, phi: readonly number[]): GroupPart[] =>
  attribution.encoded.encoder.groups.map((group, g) => ({
    group: group.name,
    weight: attribution.weights[g] ?? 0,
    present: attribution.encoded.encodings.present[g] ?? false,
    phi: phi[g] ?? 0,
  }));

/** Group attribution of a whole list: one batch for all its ads. */
export const explainAll = async (
  core: EngineCore,
  query: RecallQuery,
  ordinals: ArrayLike<number>,
): Promise<BatchExplanation> => {
  const attribution = await attributeGroups(core, query, ordinals);
  const games = ordinals.length;
  return {
    query,
    approximations: approximately(attribution.encoded.encoder, query, ['groups']),
    groups: groupParts(attribution, []).map(({ group, weight, present }) => ({ group, weight, present })),
    rows: Array.from(ordinals, (ordinal, ad) => ({
      adId: core.deps.catalog.idOf(ordinal),
      ordinal,
      score: attribution.scores[ad] ?? 0,
      baseline: attribution.baselines[ad] ?? 0,
      phi: columnOf(attribution.phi, games, ad),
      residual: attribution.residuals[ad] ?? 0,
    })),
  };
};
