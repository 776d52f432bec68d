import type { Cause, StepOutcome, Decision } from '../../answers/session.ts';
import { mainList } from '../../session/answer.ts';
import type { Answer, Session } from '../../session/format.ts';

/** Prints a text, reads a line; null at the end of input. */
export type Ask = (text: string) => Promise<string | null>;

const verbs = 'a accept, r reject, s skip, A/R/S the same for all that follow, d diff, i context, q stop';

const line = (answer: Answer | null): string => {
  if (answer === null) return 'nothing';
  switch (answer.kind) {
    case 'list':
    case 'lists': {
      const { ids } = answer.kind === 'list' ? answer : answer.b;
      return `${ids.length} ads: ${ids.slice(0, 8).join(', ')}${ids.length > 8 ? ', …' : ''}`;
    }
    case 'verdict':
      return `verdict ${answer.verdict}${answer.rank === null ? '' : ` at rank ${answer.rank}`}`;
    case 'explanation':
      return `model score ${answer.score}, strongest group ${answer.topGroup ?? 'none'}`;
    case 'error':
      return `error ${answer.code}`;
    case 'other':
      return `digest ${answer.digest}`;
  }
};

const diff = ({ recorded, present }: StepOutcome): string => {
  const [before, now] = [recorded === null ? null : mainList(recorded), mainList(present)];
  if (before === null || now === null) return `  recorded: ${line(recorded)}\n  now:      ${line(present)}`;
  const gone = before.ids.filter((id) => !now.ids.includes(id)).map((id) => `  - ${before.ids.indexOf(id) + 1}  ${id}`);
  const come = now.ids.filter((id) => !before.ids.includes(id)).map((id) => `  + ${now.ids.indexOf(id) + 1}  ${id}`);
  const moved = now.ids
    .filter((id, i) => before.ids.includes(id) && before.ids[i] !== id)
    .map((id) => `  ~ ${before.ids.indexOf(id) + 1} → ${now.ids.indexOf(id) + 1}  ${id}`);
  return [...gone, ...come, ...moved.slice(0, 40)].join('\n') || '  the same ads; scores differ';
};

const context = (session: Session, outcome: StepOutcome): string =>
  session.steps
    .filter(({ step }) => Math.abs(step - outcome.step) <= 2)
    .map(
      (step) =>
        `${step.step === outcome.step ? '>' : ' '} ${step.step} ${step.command}${(step.notes ?? []).map((note) => `  (${note})`).join('')}${step.history === undefined ? '' : `  [${step.history.length} earlier decisions]`}`,
    )
    .join('\n');

interface Choice {
  readonly verb: Decision['verb'] | null;
  readonly why: string;
  readonly all: boolean;
}

/** Asks about each divergence in turn. */
export const askDecisions = async (
  session: Session,
  open: readonly StepOutcome[],
  cause: Cause | null,
  ask: Ask,
): Promise<Decision[]> => {
  const decisions: Decision[] = [];
  let rest: Choice | null = null;
  for (const outcome of open) {
    const why = [
      `step ${outcome.step} (${outcome.command}): ${outcome.failures.map(({ message }) => message).join('; ') || 'another answer than observed'}`,
      ...(cause === null || outcome !== open[0] ? [] : [`cause: ${cause.text}`]),
    ].join('\n');
    const choice: Choice | null = rest ?? (await decide(why, session, outcome, ask));
    if (choice === null) break;
    if (choice.all) rest = choice;
    if (choice.verb !== null) decisions.push({ step: outcome.step, verb: choice.verb, why: choice.why });
  }
  return decisions;
};

const decide = async (text: string, session: Session, outcome: StepOutcome, ask: Ask): Promise<Choice | null> => {
  let said = `${text}\n[${verbs}] `;
  for (;;) {
    const key = (await ask(said))?.trim() ?? null;
    if (key === null || key === 'q') return null;
    if (key === 's' || key === 'S') return { verb: null, why: '', all: key === 'S' };
    if (key === 'a' || key === 'A' || key === 'r' || key === 'R') {
      const why = (await ask('why? '))?.trim() ?? '';
      if (why !== '')
        return { verb: key.toLowerCase() === 'a' ? 'accept' : 'reject', why, all: key === key.toUpperCase() };
      said = `a reason is needed\n[${verbs}] `;
    } else
      said =
        key === 'd'
          ? `${diff(outcome)}\n[${verbs}] `
          : key === 'i'
            ? `${context(session, outcome)}\n[${verbs}] `
            : `[${verbs}] `;
  }
};
