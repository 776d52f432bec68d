import type { CounterfactualData } from '../../../answers/why.ts';
import { blank, fitLines, text, type Line, type ViewOptions } from '../../text/line.ts';
import { counterfactualLines } from './counterfactual-lines.ts';
import { namesFrom } from '../../text/names.ts';
import { sentence } from '../../text/sentences.ts';

/** The smallest change, its proof, the intervals, and the command that applies it. */
export const counterfactualView = (
  data: CounterfactualData,
  width: number,
  options: ViewOptions = {},
  height?: number,
): Line[] =>
  fitLines(
    [
      ...sentence(`${data.adId} ${data.title}`, width),
      // Without `applied` the lines leave out the keys of the screen; here the command stands instead.
      ...counterfactualLines({ ...data, applied: null }, namesFrom(data.titles), width, options.ascii === true),
      ...(data.command === null ? [] : [blank, text(`  ${data.command}`, 'accent')]),
    ],
    width,
    height,
  );
