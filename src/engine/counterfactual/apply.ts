import type { RecallQuery } from '../../domain/query.ts';
import type { RecallResult } from '../../domain/result.ts';
import { RecallError } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import { sourcesOf } from '../../domain/sources.ts';
import type { Goal } from './types.ts';

/** Runs the changed query natively at its ef and says what it did. */
export const applyChange = async (
  engine: Engine,
  before: RecallResult,
  adId: string,
  goal: Goal,
  applied: RecallQuery | null,
): Promise<{ applied: RecallQuery | null; verified: boolean; displaced: string[]; rank: number | null }> => {
  if (applied === null) return { applied, verified: false, displaced: [], rank: null };
  const { candidates } = await engine.recall(applied);
  const rank = candidates.find((candidate) => candidate.adId === adId)?.rank ?? null;
  const is = new Set(candidates.map((candidate) => candidate.adId));
  return {
    applied,
    rank,
    verified: (rank !== null) === (goal === 'in'),
    displaced: before.candidates.map((candidate) => candidate.adId).filter((id) => !is.has(id)),
  };
};

/** Weights and knock-outs reach the model channel only: a list it has no part in never changes. Throws `unsupported`. */
export const requireModelList = (query: RecallQuery, what: string): void => {
  const { mode } = query;
  if (mode === 'legacy' || mode === 'i2i')
    throw new RecallError(
      'unsupported',
      `there are no ${what}: weights and knocked-out events never change a list of mode ${mode}`,
      { todo: 'add --mode model or --mode merged' },
    );
  if (mode === 'merged' && !sourcesOf(query).some(({ channel }) => channel === 'model'))
    throw new RecallError('unsupported', `there are no ${what}: the merge of this query does not ask the model`, {
      todo: 'give the channel model a place and a quota in the merge',
    });
};
