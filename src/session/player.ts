import type { Cause, StepOutcome, UnitDifference, PlayedStep } from '../answers/session.ts';
import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import { causeOf } from './cause.ts';
import type { Answer, SessionStep } from './format.ts';
import { judge, listsOf, runStep } from './judge.ts';
import { openStep } from './open-step.ts';
import { wholeSession, type OpenSession } from './read.ts';
import { checkKey } from './replay.ts';
import type { ReplayOptions } from './judge.ts';
import { differingUnits } from './units.ts';
import { createUnsealer } from './unseal.ts';

/** A recording that is walked step by step; each step runs once, and is read when it is run or listed. */
export interface Player {
  readonly session: OpenSession;
  readonly differing: readonly UnitDifference[];
  /** Index of a step in the session. Throws `usage`. */
  indexOf(step: number): number;
  rows(from: number, count: number): PlayedStep[];
  run(step: number, signal?: AbortSignal): Promise<StepOutcome>;
  /** Runs every step up to and with this one. */
  runTo(step: number, signal?: AbortSignal): Promise<StepOutcome>;
  /** Runs until a step does not hold; null: all do. */
  toDivergence(signal?: AbortSignal): Promise<StepOutcome | null>;
  /** Steps run so far that something is expected of. */
  pinned(): number;
  causeOf(outcome: StepOutcome): Promise<Cause>;
  /** The step's query in clear; null where it has none. */
  queryOf(step: number): RecallQuery | null;
}

export const createPlayer = (session: OpenSession, options: ReplayOptions): Player => {
  const { workspace, vault, runner } = options;
  checkKey(session, vault);
  const unsealer = createUnsealer(
    workspace.store,
    workspace.settings.groups.map(({ name }) => name),
    vault,
  );
  const differing = differingUnits(session.header, workspace);
  const answers = new Map<number, Answer>();
  const outcomes = new Map<number, StepOutcome>();

  const indexOf = (step: number): number =>
    session.placeOf(step) ??
    ((): never => {
      throw new RecallError('usage', `the session has no step ${step}`, { found: `${session.total} steps` });
    })();
  const stepAt = (step: number): SessionStep | undefined => session.at(indexOf(step));
  const answer = async (step: SessionStep, signal: AbortSignal | undefined): Promise<Answer> => {
    const known = answers.get(step.step);
    if (known !== undefined) return known;
    const fresh = await runStep(step, workspace, { unsealer, vault, runner, signal });
    answers.set(step.step, fresh);
    return fresh;
  };

  const runOne = async (step: SessionStep, signal: AbortSignal | undefined): Promise<StepOutcome> => {
    const known = outcomes.get(step.step);
    if (known !== undefined) return known;
    const other =
      step.expect?.against === undefined ? undefined : session.at(session.placeOf(step.expect.against.step) ?? -1);
    if (other !== undefined) await answer(other, signal);
    const outcome = judge(step, await answer(step, signal), listsOf(answers));
    outcomes.set(step.step, outcome);
    return outcome;
  };

  const run = async (number: number, signal?: AbortSignal): Promise<StepOutcome> => {
    const step = stepAt(number);
    if (step === undefined) throw new RecallError('usage', `the session has no step ${number}`);
    return runOne(step, signal);
  };

  /** The steps from a place on, each read as it is reached. */
  function* stepsFrom(from: number, to: number): Generator<SessionStep> {
    for (let place = from; place < Math.min(to, session.total); place += 1) {
      const step = session.at(place);
      if (step !== undefined) yield step;
    }
  }

  return {
    session,
    differing,
    indexOf,
    run,
    rows: (from, count) =>
      Array.from(stepsFrom(from, from + count), (step) => ({
        step: step.step,
        command: step.command,
        status: outcomes.get(step.step)?.status ?? null,
        expects: Object.keys(step.expect ?? {}),
        note: (step.notes ?? []).join('; '),
      })),
    runTo: async (number, signal) => {
      for (const step of stepsFrom(0, indexOf(number))) await runOne(step, signal);
      return run(number, signal);
    },
    toDivergence: async (signal) => {
      for (const step of stepsFrom(0, session.total)) {
        const outcome = await runOne(step, signal);
        if (outcome.status !== 'pass') return outcome;
      }
      return null;
    },
    pinned: () => [...outcomes.values()].filter(({ pinned }) => pinned).length,
    causeOf: (outcome) => causeOf(wholeSession(session), outcome, { ...options, differing, unsealer }),
    queryOf: (number) => {
      const step = stepAt(number);
      return step === undefined ? null : openStep(step, unsealer, runner).query;
    },
  };
};
