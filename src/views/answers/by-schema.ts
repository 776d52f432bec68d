import type { CommandResult } from '../../console/command.ts';
import { approximationLines } from './approximations.ts';
import { genericView } from './generic-view.ts';
import { blank, type Line, type ViewOptions } from '../text/line.ts';
import { viewEntries, type ViewEntry } from './answer-views.ts';

const bySchema: ReadonlyMap<string, ViewEntry> = new Map(viewEntries.map((e) => [e.schema, e]));

/** The readable form of any command's result: its own view, or a plain outline of the data. */
export const linesOf = (result: CommandResult, width: number, options: ViewOptions = {}): Line[] =>
  withApproximations(
    bySchema.get(result.schema)?.lines(result, width, options) ?? genericView(result.data, width),
    result,
    width,
    options,
  );

const withApproximations = (lines: Line[], result: CommandResult, width: number, options: ViewOptions): Line[] => {
  const said = approximationLines(result, width, options.ascii === true);
  return said.length === 0 ? lines : [...lines, blank, ...said];
};
