import type { StepOutcome } from '../answers/session.ts';
import { RecallError } from '../errors.ts';
import { answerOf, mainList } from './answer.ts';
import { checkExpectation, sameAnswer } from './expect.ts';
import type { Answer, AnswerList, SessionStep } from './format.ts';
import { editedKnobs } from './query-digest.ts';
import { openStep, underRules } from './open-step.ts';
import type { OpenedStep, StepRunner } from './run-step.ts';
import { errorAnswer, errorWords } from './step-error.ts';
import type { Unsealer } from './unseal.ts';
import type { Vault } from './vault.ts';
import type { SessionWorkspace } from './workspace.ts';

export interface ReplayOptions {
  readonly workspace: SessionWorkspace;
  readonly vault: Vault;
  readonly runner: StepRunner;
  /** A workspace with the recording's own artefacts: the cause is then found by swapping units. */
  readonly recorded?: SessionWorkspace | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStep?: ((outcome: StepOutcome, done: number, total: number) => void) | undefined;
  /** Last step to run. */
  readonly until?: number | undefined;
  /** Look for the cause of the first divergence; default true. */
  readonly cause?: boolean | undefined;
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
