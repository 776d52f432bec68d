import type { AdCatalog } from '../engine/ports/ports.ts';
import { RecallError } from '../errors.ts';
import { buildExpectation } from './expect-build.ts';
import type { ExpectSpec } from '../console/session-control.ts';
import { checkExpectation, type CheckContext } from './expect.ts';
import type { Answer, Expectation } from './format.ts';

/** The answer a claim is made of, and what it may name. */
export interface Claimed extends Pick<CheckContext, 'listAt'> {
  readonly step: number;
  readonly answer: Answer;
  readonly catalog: Pick<AdCatalog, 'ordinalOf' | 'suggestAds'>;
}

/** The claim in words, after "now expects". */
export const claimWords = (spec: ExpectSpec): string => {
  switch (spec.kind) {
    case 'ids':
      return 'its ads in their order';
    case 'set':
      return 'its set of ads';
    case 'verdict':
      return 'its verdict';
    case 'topGroup':
      return 'its strongest group';
    case 'rbo':
      return `an RBO of at least ${spec.atLeast} with this list`;
    case 'scores':
      return `${spec.adId === undefined ? 'its scores' : `the score of ${spec.adId}`} ± ${spec.tolerance}`;
    case 'present':
      return `${spec.adId} present${spec.rank === undefined ? '' : ` at rank ${spec.rank} or better`}`;
    case 'absent':
      return `${spec.adId} absent`;
    case 'against':
      return [
        ...(spec.atLeast === undefined ? [] : [`an RBO of at least ${spec.atLeast} with step ${spec.step}`]),
        ...(spec.atMost === undefined ? [] : [`an RBO of at most ${spec.atMost} with step ${spec.step}`]),
        ...(spec.rises === undefined ? [] : [`${spec.rises} higher than in step ${spec.step}`]),
        ...(spec.falls === undefined ? [] : [`${spec.falls} lower than in step ${spec.step}`]),
      ].join(', ');
  }
};

const adsOf = (spec: ExpectSpec): string[] => {
  const named =
    spec.kind === 'present' || spec.kind === 'absent' || spec.kind === 'scores'
      ? [spec.adId]
      : spec.kind === 'against'
        ? [spec.rises, spec.falls]
        : [];
  return named.filter((adId) => adId !== undefined);
};

const known = (adId: string, catalog: Claimed['catalog']): void => {
  if (catalog.ordinalOf(adId) !== null) return;
  const near = catalog.suggestAds(adId, 3);
  throw new RecallError(
    'unknown-ad',
    `no ad has the id ${JSON.stringify(adId)}`,
    near.length === 0 ? {} : { todo: `did you mean ${near.map((id) => JSON.stringify(id)).join(', ')}?` },
  );
};

const within = (name: string, value: number | undefined): void => {
  if (value !== undefined && !(value >= 0 && value <= 1))
    throw new RecallError('usage', `${name} cannot be ${value}`, {
      expected: 'an RBO: a number from 0 (disjoint) to 1 (the same list)',
    });
};

/** Values that no answer could ever meet, or that say nothing. */
const possible = (spec: ExpectSpec, { step }: Claimed): void => {
  if (spec.kind === 'rbo') within('expect rbo', spec.atLeast);
  if (spec.kind === 'present' && spec.rank !== undefined && spec.rank < 1)
    throw new RecallError('usage', `--rank cannot be ${spec.rank}`, { expected: 'a whole number from 1' });
  if (spec.kind !== 'against') return;
  within('--at-least', spec.atLeast);
  within('--at-most', spec.atMost);
  if (!Number.isInteger(spec.step) || spec.step < 1 || spec.step >= step)
    throw new RecallError('usage', `expect against needs an earlier step, not ${spec.step}`, {
      expected: step > 1 ? `a step from 1 to ${step - 1}` : 'a second step: this is the first',
    });
  if (claimWords(spec) === '')
    throw new RecallError('usage', 'expect against what?', { expected: '--at-least, --at-most, --rises or --falls' });
};

/**
 * The expectation of a claim that the answer meets now: a pin that was false from the start would only say so at the
 * next replay. Throws `usage` for what does not hold or cannot, `unknown-ad`.
 */
export const claimOf = (spec: ExpectSpec, claimed: Claimed): Expectation => {
  const { answer, listAt, catalog } = claimed;
  possible(spec, claimed);
  for (const adId of adsOf(spec)) known(adId, catalog);
  const expect = buildExpectation(spec, answer);
  const failures = checkExpectation(expect, answer, { recorded: answer, listAt });
  const empty = spec.kind === 'scores' && Object.keys(expect.scores?.values ?? {}).length === 0;
  if (failures.length === 0 && !empty) return expect;
  throw new RecallError('usage', `the last answer does not meet the expectation: ${claimWords(spec)}`, {
    expected: 'what the answer of this step says now',
    found: empty
      ? `${spec.kind === 'scores' ? (spec.adId ?? 'no ad') : 'no ad'} is not in the list`
      : failures.map(({ message }) => message).join('; '),
    todo: 'nothing was pinned; look at the answer again, or ask the question that this is about first',
  });
};
