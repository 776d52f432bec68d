import { describe, expect, it } from 'vitest';
import { answerOf, mainList, type JudgedRow } from '../../src/session/answer.ts';
import { checkExpectation } from '../../src/session/expect.ts';
import { asResult } from '../support/partial-answer.ts';
import { testVault } from './support.ts';

const row = (adId: string, score: number, via: JudgedRow['via'] = 'model'): JudgedRow => ({ adId, score, via });
const list = (...candidates: JudgedRow[]) => answerOf({ schema: 'recall', data: { candidates } }, testVault());

describe('the answer that a session records', () => {
  it('keeps scores to seven decimals, finer than the tolerance of ties', () => {
    expect(list(row('a', 0.123456789), row('b', 0.12345671))).toEqual({
      kind: 'list',
      ids: ['a', 'b'],
      scores: [0.1234568, 0.1234567],
      via: 'model',
    });
    // 4e-5 apart: no tie, and so no leave to change places.
    const [first, second] = [list(row('a', 0.50002), row('b', 0.49998)), list(row('b', 0.50002), row('a', 0.49998))];
    const expected = { ids: [...(mainList(first)?.ids ?? [])] };
    expect(checkExpectation(expected, second, { recorded: first, listAt: () => null })).toMatchObject([
      { kind: 'ids' },
    ]);
  });

  it('keeps score and baseline of an explanation to seven decimals', () => {
    const data = { score: 0.123456789, baseline: -0.00000012, headline: { group: 'search' } };
    expect(answerOf(asResult({ schema: 'explain', data }), testVault())).toEqual({
      kind: 'explanation',
      score: 0.1234568,
      baseline: -0.0000001,
      topGroup: 'search',
    });
  });

  it('names the channel once where one channel placed all ads, else for each ad', () => {
    expect(list(row('a', 1), row('b', 0))).toMatchObject({ via: 'model' });
    expect(list(row('a', 1), row('b', 0, 'i2i'))).toMatchObject({ via: ['model', 'i2i'] });
    expect(list()).toMatchObject({ ids: [], via: [] });
  });

  it('keeps both lists of a comparison, the second one for expectations', () => {
    const data = { a: [row('a', 1)], b: [row('b', 1)] };
    expect(mainList(answerOf({ schema: 'compare', data }, testVault()))?.ids).toEqual(['b']);
  });

  it('keeps of any other answer a digest that time and the sixth decimal do not change', () => {
    const digest = (data: Record<string, unknown>) => answerOf(asResult({ schema: 'blast', data }), testVault());
    expect(digest({ x: [0.1234561], timingsMs: { all: 3 } })).toEqual(
      digest({ x: [0.1234563], timingsMs: { all: 9 } }),
    );
    expect(digest({ x: [0.12345] })).not.toEqual(digest({ x: [0.12347] }));
  });
});
