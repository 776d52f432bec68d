import type { ReplayOptions } from './judge.ts';
import type { Cause, StepOutcome, StepStatus, ReplayReport } from '../answers/session.ts';
import { RecallError } from '../errors.ts';
import { causeOf } from './cause.ts';
import type { Answer, Session } from './format.ts';
import { judge, listsOf, runStep } from './judge.ts';
import { differingUnits } from './units.ts';
import { createUnsealer } from './unseal.ts';
import type { Vault } from './vault.ts';

/** Throws `bad-input` when the session was sealed under another key. */
export const checkKey = ({ header }: Pick<Session, 'header'>, vault: Vault): void => {
  if (header.privacy.key === vault.keyId) return;
  throw new RecallError('bad-input', "the session was recorded under another workspace's key", {
    expected: `key ${vault.keyId}`,
    found: `key ${JSON.stringify(header.privacy.key.slice(0, 40))}`,
    todo: 'name the workspace it was recorded on: -w DIR',
  });
};

export const replaySession = async (session: Session, options: ReplayOptions): Promise<ReplayReport> => {
  const { workspace, vault, runner, signal, onStep, until = Number.POSITIVE_INFINITY } = options;
  checkKey(session, vault);
  if (session.header.backend !== null && workspace.fingerprints.model !== null) await workspace.encoder();
  const unsealer = createUnsealer(
    workspace.store,
    workspace.settings.groups.map((group) => group.name),
    vault,
  );
  const steps = session.steps.filter((step) => step.step <= until);
  const answers = new Map<number, Answer>();
  const outcomes: StepOutcome[] = [];
  for (const step of steps) {
    const answer = await runStep(step, workspace, { unsealer, vault, runner, signal });
    answers.set(step.step, answer);
    const outcome = judge(step, answer, listsOf(answers));
    outcomes.push(outcome);
    onStep?.(outcome, outcomes.length, steps.length);
  }
  const differing = differingUnits(session.header, workspace);
  const count = (status: StepStatus): number => outcomes.filter((one) => one.status === status).length;
  const diverged = outcomes.find((one) => one.status === 'fail') ?? outcomes.find((one) => one.status === 'changed');
  return {
    note: session.header.note,
    differing,
    outcomes,
    passed: count('pass'),
    changed: count('changed'),
    failed: count('fail'),
    pinned: outcomes.filter(({ pinned }) => pinned).length,
    first:
      diverged === undefined
        ? null
        : {
            step: diverged.step,
            command: diverged.command,
            status: diverged.status,
            failures: diverged.failures,
            cause:
              options.cause === false
                ? notAsked
                : await causeOf(session, diverged, { ...options, differing, unsealer }),
          },
  };
};

const notAsked: Cause = { kind: 'unknown', names: [], proved: false, text: 'not looked for' };
