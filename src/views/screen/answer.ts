import type { CommandResult } from '../../console/command.ts';
import type { SearchPathData } from '../../commands/why/search-path.ts';
import type { ExplainData } from '../../commands/why/explain.ts';
import type { WhyNotData } from '../../commands/why/why-not.ts';
import { linesOf } from '../answers/by-schema.ts';
import { approximationLines } from '../answers/approximations.ts';
import type { Line } from '../text/line.ts';
import { counterfactualLines, type Counterfactual } from '../answers/why/counterfactual-lines.ts';
import { explainLines } from '../answers/why/explain-lines.ts';
import type { Names } from '../text/names.ts';
import { pathLines } from '../answers/why/path-lines.ts';
import { whyNotLines } from '../answers/why/why-not-lines.ts';

/** The schema's name says which type the data has. */
const holds = <T>(result: CommandResult, schema: string): result is CommandResult & { readonly data: T } =>
  result.schema === schema;

/** A command's answer for the detail pane: the screen's own form where there is one, else the plain one. */
export const answerOf = (result: CommandResult, names: Names, width: number, ascii: boolean): Line[] => {
  const own = ownForm(result, names, width, ascii);
  if (own === null) return linesOf(result, width, { ascii });
  const said = approximationLines(result, width, ascii);
  return said.length === 0 ? own : [...own, [], ...said];
};

const ownForm = (result: CommandResult, names: Names, width: number, ascii: boolean): Line[] | null => {
  if (holds<ExplainData>(result, 'explain')) return explainLines(result.data, names, width, ascii);
  if (holds<WhyNotData>(result, 'why-not')) return whyNotLines(result.data, names, width);
  if (holds<SearchPathData>(result, 'search-path')) return pathLines(result.data, names, width, ascii);
  if (holds<Counterfactual>(result, 'counterfactual')) return counterfactualLines(result.data, names, width, ascii);
  return null;
};
