import { lossOf, type Loss } from '../domain/losses.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { QueryChange } from '../domain/verdict.ts';
import { cancelledError, RecallError } from '../errors.ts';
import { audienceBatch } from './audience.ts';
import type { Engine } from './engine.ts';
import { openVerdicts } from './why-not/open-verdicts.ts';
import { verdictUnder } from './why-not/why-not.ts';

/** A user's query and the ads that are asked about under it. Plain JSON. */
export interface TriageQuestion {
  readonly query: RecallQuery;
  readonly adIds: readonly string[];
}

export interface TriageAnswer {
  readonly loss: Loss;
  readonly repair: { readonly change: QueryChange; readonly rank: number; readonly query: RecallQuery } | null;
}

export interface TriageAnswers {
  /** Why the query could not be answered; then none. */
  readonly failed: string | null;
  readonly answers: readonly TriageAnswer[];
}

/**
 * One row a question, in their order: what `whyNot` says of each ad, the work of one query shared by its ads. Throws
 * `unknown-user`, `usage`, `cancelled` when `stop` says so between two ads.
 */
export const triageRows = async (
  engine: Engine,
  questions: readonly TriageQuestion[],
  repair: boolean,
  stop: () => boolean = () => false,
): Promise<TriageAnswers[]> => {
  const hasModel = (await engine.core.deps.encoder()) !== null;
  const rows: TriageAnswers[] = [];
  for (let from = 0; from < questions.length; from += audienceBatch) {
    const part = questions.slice(from, from + audienceBatch);
    if (hasModel) await engine.core.encodeMany(part.map(({ query }) => query));
    for (const question of part) rows.push(await answersTo(engine, question, repair, stop));
  }
  return rows;
};

const answersTo = async (
  engine: Engine,
  { query, adIds }: TriageQuestion,
  repair: boolean,
  stop: () => boolean,
): Promise<TriageAnswers> => {
  try {
    const open = await openVerdicts(engine, query);
    const answers: TriageAnswer[] = [];
    for (const adId of adIds) {
      if (stop()) throw cancelledError();
      const verdict = await verdictUnder(engine, open, adId, { repair });
      const { repair: found } = verdict;
      answers.push({
        loss: lossOf(verdict),
        repair: found === null ? null : { change: found.change, rank: found.effect.rank, query: found.query },
      });
    }
    return { failed: null, answers };
  } catch (error) {
    if (error instanceof RecallError && error.code === 'unsupported') return { failed: error.message, answers: [] };
    throw error;
  }
};
