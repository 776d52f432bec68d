import type { StepOutcome, Decision } from '../answers/session.ts';
import { RecallError } from '../errors.ts';
import { renewExpectation } from './expect-build.ts';
import type { Answer, HistoryEntry, Session, SessionStep } from './format.ts';
import { artefactsOf, type SessionWorkspace } from './workspace.ts';

/** Divergences a person has to decide on, in the order of the session. */
export const pending = (outcomes: readonly StepOutcome[]): StepOutcome[] =>
  outcomes.filter(({ status }) => status !== 'pass');

/**
 * The session after the decisions. Accepting makes the present answer the expected one, by the same kinds of
 * expectation, and keeps what was expected, when it was accepted and why; rejecting keeps the expectation and
 * notes the decision. `now` is ISO-8601. Throws `usage` for a step that does not diverge, or gave an error.
 */
export const applyReview = (
  session: Session,
  outcomes: readonly StepOutcome[],
  decisions: readonly Decision[],
  now: string,
): Session => {
  const open = new Map(pending(outcomes).map((outcome) => [outcome.step, outcome]));
  const byStep = new Map(decisions.map((decision) => [decision.step, decision]));
  for (const { step } of decisions) {
    if (!open.has(step))
      throw new RecallError('usage', `step ${step} does not diverge`, {
        found: `diverging: ${[...open.keys()].join(', ') || 'none'}`,
      });
  }
  return {
    ...session,
    steps: session.steps.map((step) => {
      const decision = byStep.get(step.step);
      const outcome = open.get(step.step);
      return decision === undefined || outcome === undefined ? step : decide(step, outcome.present, decision, now);
    }),
  };
};

const decide = (step: SessionStep, present: Answer, { verb, why }: Decision, now: string): SessionStep => {
  const entry: HistoryEntry = {
    decision: verb === 'accept' ? 'accepted' : 'rejected',
    at: now,
    why,
    ...(step.expect === undefined ? {} : { was: step.expect }),
    ...(verb === 'accept' && step.observed !== undefined ? { observed: step.observed } : {}),
  };
  const history = [...(step.history ?? []), entry];
  if (verb === 'reject') return { ...step, history };
  if (present.kind === 'error')
    throw new RecallError('usage', `step ${step.step} failed (${present.code}): an error cannot be accepted`, {
      todo: 'mend the workspace or take the step out',
    });
  return {
    ...step,
    ...(step.expect === undefined ? {} : { expect: renewExpectation(step.expect, present) }),
    observed: present,
    history,
  };
};

/** Once nothing diverges any more, the session is one of the present artefacts; where it was recorded stays readable. */
export const adoptArtefacts = (session: Session, workspace: SessionWorkspace, tool: string): Session => {
  const { artefacts, backend, icu, tool: recordedBy } = session.header;
  const before = Array.isArray(session.header['recordedOn']) ? session.header['recordedOn'] : [];
  return {
    ...session,
    header: {
      ...session.header,
      artefacts: artefactsOf(workspace),
      backend: workspace.backend()?.name ?? null,
      icu: process.versions.icu ?? 'none',
      tool,
      recordedOn: [...before, { artefacts, backend, icu, tool: recordedBy }],
    },
  };
};
