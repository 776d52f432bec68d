import type { UserLosses } from '../../domain/losses.ts';
import { audienceBatch } from '../../engine/audience.ts';
import type { LossQuestion } from '../../engine/losses.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { UserTask } from './jobs.ts';
import type { UserWorkers } from './workers.ts';

/** The last run of a workspace, where its rows are few: who asks for the users of a reason asks the same again. */
const latest = new WeakMap<Workspace, { readonly key: string; readonly rows: readonly UserLosses[] }>();
const mostKept = 20_000;

export interface LossRun {
  readonly questions: readonly LossQuestion[];
  /** Worker threads; 0 = in this one; undefined = as many as pay. */
  readonly workers: number | undefined;
  readonly stage: string;
}

/**
 * What became of every pair, one row a question in their order, in worker threads where that pays. The same questions
 * asked again at once are answered from the last run (`workers` 0). Throws `cancelled`.
 */
export const lossesOf = async (
  threads: Pick<UserWorkers, 'run'>,
  workspace: Workspace,
  { questions, workers, stage }: LossRun,
): Promise<{ rows: readonly UserLosses[]; workers: number }> => {
  const key = JSON.stringify(
    questions.map(({ query, adIds }, i) => [query, adIds === questions[i - 1]?.adIds ? 0 : adIds]),
  );
  const known = latest.get(workspace);
  if (known?.key === key) return { rows: known.rows, workers: 0 };
  const tasks = Array.from({ length: Math.ceil(questions.length / audienceBatch) }, (_, i): UserTask => ({
    kind: 'losses',
    questions: questions.slice(i * audienceBatch, (i + 1) * audienceBatch),
  }));
  const ran = await threads.run({ tasks, users: questions.length, workers, stage });
  const rows = ran.rows.flatMap((batch) => (batch.kind === 'losses' ? batch.rows : []));
  const pairs = rows.reduce((sum, { losses }) => sum + losses.length, 0);
  if (pairs <= mostKept) latest.set(workspace, { key, rows });
  return { rows, workers: ran.workers };
};
