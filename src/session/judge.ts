import { RecallError } from '../errors.ts';
import { answerOf, mainList } from './answer.ts';
import { checkExpectation, sameAnswer } from './expect.ts';
import type { Failure } from './expect-list.ts';
import type { Answer, AnswerList, SessionStep } from './format.ts';
import { editedKnobs } from './query-digest.ts';
import { openStep, underRules } from './open-step.ts';
import type { OpenedStep, StepRunner } from './run-step.ts';
import { errorAnswer, errorWords } from './step-error.ts';
import type { Unsealer } from './unseal.ts';
import type { Vault } from './vault.ts';
import type { SessionWorkspace } from './workspace.ts';

/**
 * `pass`: what was expected holds, or, where nothing was, the answer is as observed. `changed`: nothing was
 * expected and the answer is another. `fail`: an expectation does not hold, or the command failed.
 */
export type StepStatus = 'pass' | 'changed' | 'fail';

export interface StepOutcome {
  readonly step: number;
  readonly command: string;
  readonly status: StepStatus;
  readonly failures: readonly Failure[];
  readonly recorded: Answer | null;
  readonly present: Answer;
  /** Parts of the query that were changed in the file since it was recorded; not looked for where the step holds. */
  readonly edited: readonly string[];
  readonly notes: readonly string[];
  /** Something was expected: it is more than an observation. */
  readonly pinned: boolean;
}

/** Runs one step of a session on a workspace; an error that the question itself causes is an answer. Throws `cancelled` and bugs. */
export const runStep = async (
  step: SessionStep,
  workspace: SessionWorkspace,
  context: { unsealer: Unsealer; vault: Vault; runner: StepRunner; signal?: AbortSignal | undefined },
): Promise<Answer> => {
  let opened: OpenedStep | null = null;
  try {
    context.runner.check(step.command);
    opened = underRules(openStep(step, context.unsealer, context.runner), step, workspace.rules);
    return await answerTo(opened, workspace, context);
  } catch (error) {
    if (!(error instanceof RecallError) || error.code === 'cancelled' || error.code === 'internal') throw error;
    return errorAnswer(error, step, opened);
  }
};

const answerTo = async (
  opened: OpenedStep,
  workspace: SessionWorkspace,
  { vault, runner, signal }: { vault: Vault; runner: StepRunner; signal?: AbortSignal | undefined },
): Promise<Answer> => {
  if (signal?.aborted === true) throw new RecallError('cancelled', 'the replay was cancelled');
  return answerOf(await runner.run(opened, workspace, signal), vault);
};

/** Judges a present answer. */
export const judge = (step: SessionStep, present: Answer, listAt: (step: number) => AnswerList | null): StepOutcome => {
  const recorded = step.observed ?? null;
  const failures =
    step.expect !== undefined
      ? checkExpectation(step.expect, present, { recorded, listAt })
      : present.kind === 'error' && recorded?.kind !== 'error'
        ? [{ kind: 'error', message: errorWords(present) }]
        : [];
  const changed = step.expect === undefined && recorded !== null && !sameAnswer(recorded, present);
  const status = failures.length > 0 ? 'fail' : changed ? 'changed' : 'pass';
  // Digests of a whole query cost as much as running it: they are taken where the reason is looked for.
  const edited = status === 'pass' ? [] : editedKnobs(step.query, step.knobs);
  return {
    step: step.step,
    command: step.command,
    status,
    failures,
    recorded,
    present,
    edited,
    notes: step.notes ?? [],
    pinned: Object.keys(step.expect ?? {}).length > 0,
  };
};

/** Lists by step, of a run. */
export const listsOf =
  (answers: ReadonlyMap<number, Answer>) =>
  (step: number): AnswerList | null => {
    const answer = answers.get(step);
    return answer === undefined ? null : mainList(answer);
  };
