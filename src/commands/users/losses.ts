import type { UserLosses } from '../../domain/losses.ts';
import { audienceBatch } from '../../engine/audience.ts';
import type { LossQuestion } from '../../engine/losses.ts';
import type { CommandContext } from '../../console/command.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { UserTask } from './jobs.ts';
import { runUsers } from './workers.ts';

export interface LossRun {
  readonly questions: readonly LossQuestion[];
  /** Worker threads; 0 = in this one; undefined = as many as pay. */
  readonly workers: number | undefined;
  readonly stage: string;
}

/** What became of every pair, one row a question in their order, in worker threads where that pays. Throws `cancelled`. */
export const lossesOf = async (
  context: CommandContext,
  workspace: Workspace,
  { questions, workers, stage }: LossRun,
): Promise<{ rows: UserLosses[]; workers: number }> => {
  const tasks = Array.from({ length: Math.ceil(questions.length / audienceBatch) }, (_, i): UserTask => ({
    kind: 'losses',
    questions: questions.slice(i * audienceBatch, (i + 1) * audienceBatch),
  }));
  const ran = await runUsers(context, workspace, { tasks, users: questions.length, workers, stage });
  return { rows: ran.rows.flatMap((batch) => (batch.kind === 'losses' ? batch.rows : [])), workers: ran.workers };
};
