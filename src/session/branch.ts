import { canonicalJson, sha256Of } from '../base/json.ts';
import type { BranchData, BranchSide } from '../answers/session.ts';
import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import type { Session, SessionStep } from './format.ts';
import { stepLine } from './format.ts';
import { runStep } from './judge.ts';
import { knobsOf } from './query-digest.ts';
import { openStep } from './open-step.ts';
import { checkKey } from './replay.ts';
import type { ReplayOptions } from './judge.ts';
import { sealQuery } from './seal.ts';
import { createUnsealer } from './unseal.ts';

type Change = (query: RecallQuery) => RecallQuery;

export interface Branched extends Pick<BranchData, 'changed' | 'prefix'> {
  readonly session: Session;
  /** From the changed step on. */
  readonly sides: readonly BranchSide[];
}

export const prefixHash = (steps: readonly SessionStep[], before: number): string =>
  sha256Of(
    steps
      .filter(({ step }) => step < before)
      .map(stepLine)
      .join(''),
  );

/** Values of a query by knob; weights and context one by one, so that a later change of another group stays. */
const flat = (query: RecallQuery): Map<string, unknown> =>
  new Map(
    Object.entries(query).flatMap(([name, value]): Array<[string, unknown]> =>
      (name === 'weights' || name === 'context') && typeof value === 'object' && value !== null
        ? Object.entries(value).map(([key, one]): [string, unknown] => [`${name}.${key}`, one])
        : [[name, value]],
    ),
  );

export const differences = (before: RecallQuery, after: RecallQuery): string[] => {
  const [a, b] = [flat(before), flat(after)];
  return [...new Set([...a.keys(), ...b.keys()])].filter(
    (name) => canonicalJson(a.get(name)) !== canonicalJson(b.get(name)),
  );
};

/**
 * The change made at one step, carried on: a later step gets it wherever it still has the value that the
 * changed step had, until the recording itself changes that knob.
 */
const carried =
  (from: RecallQuery, to: RecallQuery, names: readonly string[]): Change =>
  (query) => {
    const [before, after, own] = [flat(from), flat(to), flat(query)];
    const taken = names.filter((name) => canonicalJson(own.get(name)) === canonicalJson(before.get(name)));
    const within = <T>(
      record: Readonly<Record<string, T>>,
      part: string,
      target: Readonly<Record<string, T>>,
    ): Record<string, T> => {
      const next: Record<string, T> = { ...record };
      for (const name of taken.filter((one) => one.startsWith(`${part}.`))) {
        const key = name.slice(part.length + 1);
        const value = target[key];
        if (after.has(name) && value !== undefined) next[key] = value;
        else delete next[key];
      }
      return next;
    };
    const whole = Object.fromEntries(
      taken.filter((name) => !name.includes('.')).map((name) => [name, after.get(name)]),
    );
    return {
      ...query,
      ...whole,
      weights: within(query.weights, 'weights', to.weights),
      context: within(query.context, 'context', to.context),
    };
  };

/** Changes one step's query and runs it and the rest again. Steps before it stay byte for byte. Throws `usage`. */
export const branchSession = async (
  session: Session,
  at: number,
  change: (query: RecallQuery) => Promise<RecallQuery>,
  options: ReplayOptions,
): Promise<Branched> => {
  const { workspace, vault, runner, signal } = options;
  checkKey(session, vault);
  const unsealer = createUnsealer(
    workspace.store,
    workspace.settings.groups.map((group) => group.name),
    vault,
  );
  const target = session.steps.find(({ step }) => step === at);
  const query = target === undefined ? null : openStep(target, unsealer, runner).query;
  if (target === undefined || query === null)
    throw new RecallError(
      'usage',
      target === undefined ? `the session has no step ${at}` : `step ${at} has no query to change`,
      {
        found: `steps: ${session.steps
          .filter((step) => step.query !== undefined)
          .map(({ step }) => step)
          .join(', ')}`,
      },
    );
  const changedQuery = await change(query);
  const changed = differences(query, changedQuery);
  if (changed.length === 0)
    throw new RecallError('usage', 'the branch changes nothing', {
      expected: 'a change of the query, like --weight search=2',
    });
  const carry = carried(query, changedQuery, changed);
  const disclosure = { text: session.header.privacy.text, calendar: workspace.settings.calendar ?? [] };
  const reseal = (step: SessionStep): SessionStep => {
    const opened = openStep(step, unsealer, runner);
    if (opened.query === null) return step;
    const sealed = sealQuery(step.step === at ? changedQuery : carry(opened.query), vault, disclosure);
    const follows = changed.includes('rules') ? { follows: undefined } : {};
    return {
      ...step,
      ...follows,
      query: sealed,
      knobs: knobsOf(sealed),
      ...(opened.other === null ? {} : { other: sealQuery(carry(opened.other), vault, disclosure) }),
    };
  };
  const prefix = prefixHash(session.steps, at);
  const sides: BranchSide[] = [];
  const steps: SessionStep[] = [];
  for (const step of session.steps) {
    if (step.step < at) {
      steps.push(step);
      continue;
    }
    // Expectations of the recording do not apply to a branch of it: its answers are observations.
    const { expect: _, history: __, ...next } = reseal(step);
    const answer = await runStep(next, workspace, { unsealer, vault, runner, signal });
    sides.push({ step: step.step, command: step.command, recorded: step.observed ?? null, branched: answer });
    steps.push({ ...next, observed: answer });
  }
  return {
    session: { header: { ...session.header, branch: { step: at, prefix, changed } }, steps },
    prefix,
    changed,
    sides,
  };
};
