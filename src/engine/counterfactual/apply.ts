import type { RecallQuery } from '../../domain/query.ts';
import type { RecallResult } from '../../domain/result.ts';
import { RecallError } from '../../errors.ts';
import type { Engine } from '../engine.ts';
import type { Goal } from './types.ts';

/** Runs the changed query natively at its ef and says what it did. */
export const applyChange = async (engine: Engine, before: RecallResult, adId: string, goal: Goal, applied: RecallQuery | null): Promise<{ applied: RecallQuery | null; verified: boolean; displaced: string[]; rank: number | null }> => {
  if (applied === null) return { applied, verified: false, displaced: [], rank: null };
  const { candidates } = await engine.recall(applied);
  const rank = candidates.find((candidate) => candidate.adId === adId)?.rank ?? null;
  const is = new Set(candidates.map((candidate) => candidate.adId));
  return { applied, rank, verified: (rank !== null) === (goal === 'in'), displaced: before.candidates.map((candidate) => candidate.adId).filter((id) => !is.has(id)) };
};

/** Weights and knock-outs reach the model channel only, and exact retrieval has one list to decide by. */
export const requireModelMode = (query: RecallQuery, what: string): void => {
  if (query.mode !== 'model') throw new RecallError('unsupported', `${what} are found for the model's list; the query's mode is ${query.mode}`, { todo: 'add --mode model (weights and knocked-out events never change i2i or legacy lists)' });
};
