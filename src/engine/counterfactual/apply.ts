import type { RecallQuery } from '../../domain/query.ts';
import type { RecallResult } from '../../domain/result.ts';
import { RecallError } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import { sourcesOf } from '../../domain/sources.ts';
import type { Goal } from './types.ts';

export interface Outcome {
  readonly applied: RecallQuery | null;
  readonly verified: boolean;
  readonly displaced: readonly string[];
  readonly rank: number | null;
}

const nothing: Outcome = { applied: null, verified: false, displaced: [], rank: null };

/** Runs the changed query as the user would, beside the list before: a change after which the ad is where it was is none. */
export const applyChange = async (
  engine: Engine,
  before: RecallResult,
  adId: string,
  goal: Goal,
  applied: RecallQuery | null,
): Promise<Outcome> => {
  if (applied === null) return nothing;
  const candidates = await candidatesOf(engine, applied);
  if (candidates === null) return nothing;
  const rank = candidates.find((candidate) => candidate.adId === adId)?.rank ?? null;
  const was = before.candidates.some((candidate) => candidate.adId === adId);
  if (was === (rank !== null) || was === (goal === 'in')) return nothing;
  const is = new Set(candidates.map((candidate) => candidate.adId));
  return {
    applied,
    rank,
    verified: true,
    displaced: before.candidates.map((candidate) => candidate.adId).filter((id) => !is.has(id)),
  };
};

/** null: the groups cancel each other at these weights, and no list is made. */
const candidatesOf = async (engine: Engine, query: RecallQuery): Promise<RecallResult['candidates'] | null> => {
  try {
    return (await engine.recall(query)).candidates;
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported') return null;
    throw error;
  }
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
