import { blank, fitLines, text, type Line, type ViewOptions } from '../../text/line.ts';
import { counterfactualLines, type Counterfactual } from './counterfactual-lines.ts';
import { namesFrom } from '../../text/why-names.ts';
import { sentence } from '../../text/sentences.ts';

export type CounterfactualData = Counterfactual & {
  readonly title: string;
  readonly command: string | null;
  readonly titles: Readonly<Record<string, string>>;
};

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
