import type { LegacyRuleConfig } from '../domain/rules.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { SessionStep } from './format.ts';
import type { OpenedStep, StepRunner } from './run-step.ts';
import type { Unsealer } from './unseal.ts';

/** The step as it was recorded, in clear. Throws as the unsealer does. */
export const openStep = (step: SessionStep, unsealer: Unsealer, runner: Pick<StepRunner, 'specsOf'>): OpenedStep => {
  const query = step.query === undefined ? null : unsealer.query(step.query);
  const other = step.other === undefined ? null : unsealer.query(step.other);
  return {
    command: step.command,
    args: unsealer.args(step.args, runner.specsOf(step.command), query?.userId ?? null),
    query,
    other,
  };
};

/** A step whose rules followed the workspace at its recording follows the present ones. */
export const underRules = (opened: OpenedStep, step: SessionStep, rules: LegacyRuleConfig): OpenedStep => {
  if (step.follows?.includes('rules') !== true) return opened;
  const follow = (query: RecallQuery | null): RecallQuery | null => (query === null ? null : { ...query, rules });
  return { ...opened, query: follow(opened.query), other: follow(opened.other) };
};

export const queriesOf = ({ query, other }: OpenedStep): RecallQuery[] => [query, other].filter((one) => one !== null);
