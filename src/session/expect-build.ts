import type { ExpectSpec } from '../console/session-control.ts';
import { RecallError } from '../errors.ts';
import { mainList } from './answer.ts';
import type { Answer, AnswerList, Expectation } from './format.ts';

const unfit = (what: string, answer: Answer): never => {
  throw new RecallError('usage', `this answer has no ${what} to expect`, {
    found: `an answer of kind ${answer.kind}`,
    todo: 'lists: ids, set, rbo, scores, present, absent, against; why-not: verdict; explain: top-group, scores',
  });
};

const listFor = (answer: Answer): AnswerList => mainList(answer) ?? unfit('list', answer);

/** The expectation that the answer meets now. Throws `usage` where the answer has no such thing. */
export const buildExpectation = (spec: ExpectSpec, answer: Answer): Expectation => {
  switch (spec.kind) {
    case 'ids':
      return { ids: [...listFor(answer).ids] };
    case 'set':
      return { set: [...listFor(answer).ids] };
    case 'rbo':
      return { rbo: { ids: [...listFor(answer).ids], atLeast: spec.atLeast } };
    case 'verdict':
      return { verdict: answer.kind === 'verdict' ? answer.verdict : unfit('verdict', answer) };
    case 'topGroup':
      return { topGroup: (answer.kind === 'explanation' ? answer.topGroup : null) ?? unfit('strongest group', answer) };
    case 'scores':
      return { scores: { values: scoresOf(answer, spec.adId), tolerance: spec.tolerance } };
    case 'present':
      return { present: [{ adId: spec.adId, ...(spec.rank === undefined ? {} : { rank: spec.rank }) }] };
    case 'absent':
      return { absent: [spec.adId] };
    case 'against':
      return {
        against: {
          step: spec.step,
          ...(spec.atLeast === undefined ? {} : { atLeast: spec.atLeast }),
          ...(spec.atMost === undefined ? {} : { atMost: spec.atMost }),
          ...(spec.rises === undefined ? {} : { rises: [spec.rises] }),
          ...(spec.falls === undefined ? {} : { falls: [spec.falls] }),
        },
      };
  }
};

const scoresOf = (answer: Answer, adId: string | undefined): Record<string, number> => {
  if (answer.kind === 'explanation') return { [adId ?? 'score']: answer.score };
  const { ids, scores } = listFor(answer);
  const entries = ids.map((id, i): [string, number] => [id, scores[i] ?? 0]);
  return Object.fromEntries(adId === undefined ? entries : entries.filter(([id]) => id === adId));
};

/** Both hold: a later word on the same kind replaces the earlier one, ads present or absent are added. */
export const joinExpectations = (a: Expectation | undefined, b: Expectation): Expectation => ({
  ...a,
  ...b,
  ...(a?.present !== undefined && b.present !== undefined
    ? { present: [...a.present.filter((one) => !b.present?.some((other) => other.adId === one.adId)), ...b.present] }
    : {}),
  ...(a?.absent !== undefined && b.absent !== undefined ? { absent: [...new Set([...a.absent, ...b.absent])] } : {}),
});

/** The same kinds of expectation, met by another answer: what accepting a divergence writes. */
export const renewExpectation = (expect: Expectation, answer: Answer): Expectation => {
  const list = mainList(answer);
  const next: Expectation = { ...expect };
  if (list !== null) {
    if (expect.ids !== undefined) next.ids = [...list.ids];
    if (expect.set !== undefined) next.set = [...list.ids];
    if (expect.rbo !== undefined) next.rbo = { ...expect.rbo, ids: [...list.ids] };
    if (expect.scores !== undefined)
      next.scores = { ...expect.scores, values: renewScores(Object.keys(expect.scores.values), list) };
    const bounds = [
      ...(expect.present ?? []),
      ...(expect.absent ?? []).map((adId): NonNullable<Expectation['present']>[number] => ({ adId })),
    ].map((one) => ({ ...one, at: list.ids.indexOf(one.adId) + 1 }));
    const [here, gone] = [bounds.filter((one) => one.at > 0), bounds.filter((one) => one.at === 0)];
    if (here.length > 0)
      next.present = here.map(({ at, ...one }) =>
        one.rank === undefined ? one : { ...one, rank: Math.max(one.rank, at) },
      );
    else delete next.present;
    if (gone.length > 0) next.absent = gone.map((one) => one.adId);
    else delete next.absent;
    // A relation to another step cannot be renewed by one answer: it goes, and the history keeps it.
    delete next.against;
  }
  if (answer.kind === 'verdict' && expect.verdict !== undefined) next.verdict = answer.verdict;
  if (answer.kind === 'explanation') {
    if (expect.topGroup !== undefined && answer.topGroup !== null) next.topGroup = answer.topGroup;
    if (expect.scores !== undefined)
      next.scores = {
        ...expect.scores,
        values: Object.fromEntries(Object.keys(expect.scores.values).map((adId) => [adId, answer.score])),
      };
  }
  return next;
};

const renewScores = (adIds: readonly string[], list: AnswerList): Record<string, number> =>
  Object.fromEntries(
    adIds.flatMap((adId) => {
      const score = list.scores[list.ids.indexOf(adId)];
      return score === undefined ? [] : [[adId, score] as const];
    }),
  );
