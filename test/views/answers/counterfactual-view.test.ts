import { describe, expect, it } from 'vitest';
import { linesOf } from '../../../src/views/answers/answer-views.ts';
import { renderPlain } from '../../../src/views/text/render.ts';
import { counterfactual } from '../../support/answers.ts';
import { asResult } from '../../support/partial-answer.ts';

const textOf = (more: Readonly<Record<string, unknown>>): string => {
  const answer = counterfactual('ad-00002');
  return renderPlain(linesOf(asResult({ ...answer, data: { ...answer.data, ...more } }), 160)).join('\n');
};

describe('the text of a counterfactual', () => {
  it('gives the ef as the answer for an ad that the index missed', () => {
    const text = textOf({
      inExact: true,
      missed: { verdict: 'ann-missed', rank: 42, ef: { from: 128, to: 131 } },
      changes: [],
    });
    expect(text).toContain(
      'To bring it in: ef 128 → 131 (the index missed it), then rank 100, displaces 1 ad (run, works).',
    );
    expect(text).toContain('ann-missed: by exact retrieval it is at rank 42, in the list; ef 131 finds it.');
  });

  it('says how much was tried where nothing was found, and "no change" only where the search was complete', () => {
    const none = { changes: [], applied: null, verified: false };
    const search = { method: 'bounded', evaluated: 2605, step: 0.008, within: 0.2, complete: false };
    expect(textOf({ ...none, search })).toContain(
      'To bring it in: no change found in 2,605 runs of weights from 0 to 4.',
    );
    expect(textOf({ ...none, search: { ...search, complete: true } })).toContain('No change of weights brings it in');
  });
});
