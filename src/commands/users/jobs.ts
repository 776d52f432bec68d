import type { BlastRow } from '../../domain/blast.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { audienceRows } from '../../engine/audience.ts';
import type { AudienceRow } from '../../engine/audience.ts';
import { blastUsers } from '../../engine/blast.ts';
import type { BlastChange } from '../../engine/blast.ts';
import { compareUsers } from '../../engine/compare-all.ts';
import type { CompareBatch, ComparePlan } from '../../engine/compare-all.ts';
import { changeRuns } from '../../engine/funnel/change-runs.ts';
import type { FunnelChange } from '../../domain/funnel/changes.ts';
import type { ChangeBatch } from '../../domain/funnel/gains.ts';
import type { Engine } from '../../engine/engine.ts';
import { missRows } from '../../engine/misses.ts';
import type { MissRow } from '../../domain/misses.ts';
import { lossRows } from '../../engine/losses.ts';
import type { LossQuestion } from '../../engine/losses.ts';
import type { UserLosses } from '../../domain/losses.ts';
import { triageRows, type TriageAnswers, type TriageQuestion } from '../../engine/triage.ts';
import { tuneRows, type TunePlan } from '../../engine/tune.ts';
import type { TuneRow } from '../../domain/tune.ts';
import type { PlainError } from '../../errors.ts';

/** Work over many users, cut into batches; one function runs a batch here or in a worker. Plain data only. */
export type UserTask =
  | { readonly kind: 'blast'; readonly change: BlastChange; readonly users: readonly string[] }
  | { readonly kind: 'compare'; readonly plan: ComparePlan; readonly users: readonly string[] }
  | { readonly kind: 'audience'; readonly adId: string; readonly queries: readonly RecallQuery[] }
  | { readonly kind: 'losses'; readonly questions: readonly LossQuestion[] }
  | { readonly kind: 'triage'; readonly questions: readonly TriageQuestion[]; readonly repair: boolean }
  | { readonly kind: 'misses'; readonly questions: readonly LossQuestion[] }
  | { readonly kind: 'tune'; readonly plan: TunePlan; readonly users: readonly string[] }
  | {
      readonly kind: 'changes';
      readonly changes: readonly FunnelChange[];
      readonly questions: readonly LossQuestion[];
    };

export type UserRows =
  | { readonly kind: 'blast'; readonly rows: readonly BlastRow[] }
  | ({ readonly kind: 'compare' } & CompareBatch)
  | { readonly kind: 'audience'; readonly rows: readonly AudienceRow[] }
  | { readonly kind: 'losses'; readonly rows: readonly UserLosses[] }
  | { readonly kind: 'triage'; readonly rows: readonly TriageAnswers[] }
  | { readonly kind: 'misses'; readonly rows: readonly MissRow[] }
  | { readonly kind: 'tune'; readonly rows: readonly TuneRow[] }
  | ({ readonly kind: 'changes' } & ChangeBatch);

/** The start data of a worker: it opens the workspace itself, at its first batch. */
export interface WorkerStart {
  readonly dir: string;
}

/** `opened`: the workspace is open, or cannot be opened; comes once, before any rows. */
export type UserReply =
  UserRows | { readonly kind: 'failed'; readonly error: PlainError } | { readonly kind: 'opened' };

/** One row a user, in their order. `stop` is asked between users. */
export const runUserTask = async (engine: Engine, task: UserTask, stop?: () => boolean): Promise<UserRows> => {
  switch (task.kind) {
    case 'blast':
      return { kind: 'blast', rows: await blastUsers(engine, task.change, task.users, stop) };
    case 'compare':
      return { kind: 'compare', ...(await compareUsers(engine, task.plan, task.users, stop)) };
    case 'tune':
      return { kind: 'tune', rows: await tuneRows(engine, task.plan, task.users, stop) };
    case 'triage':
      return { kind: 'triage', rows: await triageRows(engine, task.questions, task.repair, stop) };
    case 'audience':
      return { kind: 'audience', rows: await audienceRows(engine, task.adId, task.queries, stop) };
    case 'misses':
      return { kind: 'misses', rows: await missRows(engine, task.questions, stop) };
    case 'changes':
      return { kind: 'changes', ...(await changeRuns(engine, task.questions, task.changes, stop)) };
    case 'losses':
      return { kind: 'losses', rows: await lossRows(engine, task.questions, stop) };
  }
};
