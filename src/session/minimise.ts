import type { Shrinking } from '../answers/session.ts';
import { RecallError } from '../errors.ts';
import type { Answer, Session, SessionStep } from './format.ts';
import { judge, listsOf, runStep } from './judge.ts';
import { checkKey } from './replay.ts';
import type { ReplayOptions } from './judge.ts';
import { createUnsealer } from './unseal.ts';

/**
 * ddmin (Zeller & Hildebrandt 2002): a subset that still fails and from which no single item can be removed.
 * `fails` must hold of the whole list.
 */
export const ddmin = async <T>(
  items: readonly T[],
  fails: (subset: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> => {
  let kept = items;
  let parts = 2;
  while (kept.length >= 2) {
    const size = Math.ceil(kept.length / parts);
    const chunks = Array.from({ length: Math.ceil(kept.length / size) }, (_, i) =>
      kept.slice(i * size, (i + 1) * size),
    );
    const smaller = await firstThat(chunks, fails);
    const rest =
      smaller !== null || chunks.length <= 2
        ? null
        : await firstThat(
            chunks.map((chunk) => kept.filter((item) => !chunk.includes(item))),
            fails,
          );
    if (smaller !== null) [kept, parts] = [smaller, 2];
    else if (rest !== null) [kept, parts] = [rest, Math.max(parts - 1, 2)];
    else if (parts >= kept.length) break;
    else parts = Math.min(kept.length, parts * 2);
  }
  return kept;
};

const firstThat = async <T>(
  subsets: ReadonlyArray<readonly T[]>,
  fails: (subset: readonly T[]) => Promise<boolean>,
): Promise<readonly T[] | null> => {
  for (const subset of subsets) if (await fails(subset)) return subset;
  return null;
};

export interface Minimised extends Shrinking {
  readonly session: Session;
}

/**
 * The fewest steps that still fail as the first failing step does: itself, and the steps it is compared with.
 * A step's answer depends on its own query alone, so that each is run once and subsets are judged. Throws
 * `usage` when nothing fails.
 */
export const minimiseSession = async (session: Session, options: ReplayOptions): Promise<Minimised> => {
  const { workspace, vault, runner, signal } = options;
  checkKey(session, vault);
  const unsealer = createUnsealer(
    workspace.store,
    workspace.settings.groups.map((group) => group.name),
    vault,
  );
  const answers = new Map<number, Answer>();
  for (const step of session.steps)
    answers.set(step.step, await runStep(step, workspace, { unsealer, vault, runner, signal }));
  const failure = (steps: readonly SessionStep[], number: number): string | null => {
    const step = steps.find((one) => one.step === number);
    const answer = answers.get(number);
    if (step === undefined || answer === undefined) return null;
    const kept = new Map([...answers].filter(([other]) => steps.some((one) => one.step === other)));
    const outcome = judge(step, answer, listsOf(kept));
    return outcome.status === 'fail' ? JSON.stringify(outcome.failures) : null;
  };
  const first = session.steps.find(({ step }) => failure(session.steps, step) !== null);
  if (first === undefined)
    throw new RecallError('usage', 'nothing fails in this session: there is nothing to shrink', {
      todo: 'replay shows each step; expect pins what must hold',
    });
  const wanted = failure(session.steps, first.step);
  let tried = 0;
  const steps = await ddmin(session.steps, (subset) => {
    tried += 1;
    return Promise.resolve(failure(subset, first.step) === wanted);
  });
  const outcome = judge(first, answers.get(first.step) ?? { kind: 'error', code: 'internal' }, listsOf(answers));
  return {
    session: { ...session, steps },
    before: session.steps.length,
    after: steps.length,
    step: first.step,
    kinds: outcome.failures.map(({ kind }) => kind),
    tried,
  };
};
