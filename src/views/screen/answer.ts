import type { Result } from '../../answers/answers.ts';
import { linesOf } from '../answers/answer-views.ts';
import { approximationLines } from '../answers/approximations.ts';
import type { Line } from '../text/line.ts';
import { counterfactualLines } from '../answers/why/counterfactual-view.ts';
import { explainLines } from '../answers/why/explain-lines.ts';
import type { Names } from '../text/names.ts';
import { pathLines } from '../answers/why/search-path-view.ts';
import { whyNotLines } from '../answers/why/why-not-lines.ts';

/** A command's answer for the detail pane: the screen's own form where there is one, else the plain one. */
export const answerOf = (result: Result, names: Names, width: number, ascii: boolean): Line[] => {
  const own = ownForm(result, names, width, ascii);
  if (own === null) return linesOf(result, width, { ascii });
  const said = approximationLines(result, width, ascii);
  return said.length === 0 ? own : [...own, [], ...said];
};

const ownForm = (result: Result, names: Names, width: number, ascii: boolean): Line[] | null => {
  switch (result.schema) {
    case 'explain':
      return explainLines(result.data, names, width, ascii);
    case 'why-not':
      return whyNotLines(result.data, names, width);
    case 'search-path':
      return pathLines(result.data, names, width, ascii);
    case 'counterfactual':
      return counterfactualLines(result.data, names, width, ascii);
    default:
      return null;
  }
};
