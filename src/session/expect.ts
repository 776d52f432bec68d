import type { Failure } from '../answers/session.ts';
import { rbo } from '../domain/rank-similarity.ts';
import { mainList } from './answer.ts';
import { checkList, rboMiss, sameOrder } from './expect-list.ts';
import type { Answer, AnswerList, Expectation } from './format.ts';
import { errorWords } from './step-error.ts';

const listKinds = ['ids', 'set', 'rbo', 'scores', 'present', 'absent', 'against'] as const;
const kinds: readonly string[] = [...listKinds, 'verdict', 'topGroup'];

export interface CheckContext {
  /** The answer as it was recorded. */
  readonly recorded: Answer | null;
  /** The present list of an earlier step. */
  readonly listAt: (step: number) => AnswerList | null;
}

/** Everything of the expectation that the answer does not meet; a kind that this version does not know is never met. */
export const checkExpectation = (expect: Expectation, answer: Answer, context: CheckContext): Failure[] => {
  const unknown = Object.keys(expect)
    .filter((kind) => !kinds.includes(kind))
    .map((kind): Failure => ({ kind, message: 'this version does not know this expectation' }));
  if (answer.kind === 'error') return [...unknown, { kind: 'error', message: errorWords(answer) }];
  if (answer.kind === 'explanation') return [...unknown, ...checkExplanation(expect, answer)];
  const list = mainList(answer);
  const found =
    list === null
      ? listKinds
          .filter((kind) => expect[kind] !== undefined)
          .map((kind): Failure => ({ kind, message: 'the answer is not a list' }))
      : [
          ...checkList(expect, list, context.recorded === null ? null : mainList(context.recorded)),
          ...checkAgainst(expect.against, list, context),
        ];
  return [
    ...unknown,
    ...found,
    ...checkVerdict(expect.verdict, answer),
    ...(expect.topGroup === undefined ? [] : [{ kind: 'topGroup', message: 'the answer is not an explanation' }]),
  ];
};

const checkVerdict = (expected: string | undefined, answer: Answer): Failure[] => {
  if (expected === undefined) return [];
  const found = answer.kind === 'verdict' ? answer.verdict : null;
  return found === expected
    ? []
    : [
        {
          kind: 'verdict',
          message: found === null ? 'the answer is not a verdict' : `the verdict is ${found}, expected ${expected}`,
        },
      ];
};

const checkExplanation = (expect: Expectation, answer: Extract<Answer, { kind: 'explanation' }>): Failure[] => {
  const failures: Failure[] = [];
  if (expect.topGroup !== undefined && expect.topGroup !== answer.topGroup)
    failures.push({
      kind: 'topGroup',
      message: `the strongest group is ${answer.topGroup ?? 'none'}, expected ${expect.topGroup}`,
    });
  for (const [adId, value] of Object.entries(expect.scores?.values ?? {})) {
    const tolerance = expect.scores?.tolerance ?? 0;
    if (!(Math.abs(answer.score - value) <= tolerance))
      failures.push({ kind: 'scores', message: `${adId} has score ${answer.score}, expected ${value} ± ${tolerance}` });
  }
  const others = [...listKinds.filter((kind) => kind !== 'scores'), 'verdict' as const];
  return [
    ...failures,
    ...others
      .filter((kind) => expect[kind] !== undefined)
      .map((kind) => ({ kind, message: 'the answer is an explanation' })),
  ];
};

const checkAgainst = (against: Expectation['against'], list: AnswerList, { listAt }: CheckContext): Failure[] => {
  if (against === undefined) return [];
  const before = listAt(against.step);
  const fail = (message: string): Failure => ({ kind: 'against', message });
  if (before === null) return [fail(`step ${against.step} gave no list to compare with`)];
  const missed = rboMiss(rbo(before.ids, list.ids), against);
  const rankIn = (ids: readonly string[], adId: string): number =>
    ids.includes(adId) ? ids.indexOf(adId) : Number.POSITIVE_INFINITY;
  return [
    ...(missed === null ? [] : [fail(`RBO with step ${against.step} is ${missed}`)]),
    ...(against.rises ?? [])
      .filter((adId) => !(rankIn(list.ids, adId) < rankIn(before.ids, adId)))
      .map((adId) => fail(`${adId} does not stand higher than in step ${against.step}`)),
    ...(against.falls ?? [])
      .filter((adId) => !(rankIn(list.ids, adId) > rankIn(before.ids, adId)))
      .map((adId) => fail(`${adId} does not stand lower than in step ${against.step}`)),
  ];
};

/** Scores of one list compared loosely: an observation is not a test. */
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-5;

const sameList = (a: AnswerList, b: AnswerList): boolean => sameOrder(a.ids, b, a) === null;

/** Does a present answer equal the recorded one, up to the noise of float32? */
export const sameAnswer = (recorded: Answer, present: Answer): boolean => {
  if (recorded.kind === 'list') return present.kind === 'list' && sameList(recorded, present);
  if (recorded.kind === 'lists')
    return present.kind === 'lists' && sameList(recorded.a, present.a) && sameList(recorded.b, present.b);
  if (recorded.kind === 'verdict')
    return (
      present.kind === 'verdict' &&
      recorded.verdict === present.verdict &&
      recorded.rank === present.rank &&
      recorded.channel === present.channel
    );
  if (recorded.kind === 'explanation')
    return (
      present.kind === 'explanation' && close(recorded.score, present.score) && recorded.topGroup === present.topGroup
    );
  if (recorded.kind === 'error') return present.kind === 'error' && recorded.code === present.code;
  return present.kind === 'other' && recorded.digest === present.digest;
};
