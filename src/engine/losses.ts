import { lossOf } from '../domain/losses.ts';
import type { Loss, UserLosses } from '../domain/losses.ts';
import type { RecallQuery } from '../domain/query.ts';
import { cancelledError, RecallError } from '../errors.ts';
import { audienceBatch, segmentsOf } from './audience.ts';
import type { Engine } from './engine.ts';
import { openVerdicts } from './why-not/open-verdicts.ts';

/** What became of these ads under one user's query. Plain JSON. Unknown ads are allowed: they are a verdict. */
export interface LossQuestion {
  readonly query: RecallQuery;
  readonly adIds: readonly string[];
}

/**
 * One row a question, in their order: the headline of `whyNot` without repairs for each ad, the user's recall, channel
 * lists and exact scan shared by all of them. A function of the questions alone, for workers to run. Users are encoded
 * by 64. Throws `unknown-user`, `usage`, `cancelled` when `stop` says so between two ads.
 */
export const lossRows = async (
  engine: Engine,
  questions: readonly LossQuestion[],
  stop: () => boolean = () => false,
): Promise<UserLosses[]> => {
  const hasModel = (await engine.core.deps.encoder()) !== null;
  const rows: UserLosses[] = [];
  for (let from = 0; from < questions.length; from += audienceBatch) {
    const part = questions.slice(from, from + audienceBatch);
    if (hasModel) await engine.core.encodeMany(part.map(({ query }) => query));
    for (const question of part) rows.push(await rowOf(engine, question, stop));
  }
  return rows;
};

const rowOf = async (engine: Engine, { query, adIds }: LossQuestion, stop: () => boolean): Promise<UserLosses> => {
  const user = { userId: query.userId, segments: segmentsOf(engine, query) };
  if (stop()) throw cancelledError();
  try {
    const { headline } = await openVerdicts(engine, query);
    const losses: Loss[] = [];
    for (const adId of adIds) {
      if (stop()) throw cancelledError();
      losses.push(lossOf(await headline(adId)));
    }
    return { ...user, failed: null, losses };
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported')
      return { ...user, failed: error.message, losses: [] };
    throw error;
  }
};
