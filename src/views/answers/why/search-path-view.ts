import type { SearchPathData } from '../../../answers/why.ts';
import { fitLines, type Line, type ViewOptions } from '../../text/line.ts';
import { pathLines } from './path-lines.ts';
import { namesFrom } from '../../text/names.ts';
import { sentence } from '../../text/sentences.ts';

/** Hops are named by id here: the id that would follow the name is dropped. */
const onceNamed = (line: Line): Line => line.filter((s, i) => i === 0 || s.text !== `  ${line[i - 1]?.text ?? ''}`);

/** The search replayed, step by step; hops are told by id. */
export const searchPathView = (
  data: SearchPathData,
  width: number,
  options: ViewOptions = {},
  height?: number,
): Line[] =>
  fitLines(
    [
      ...sentence(`${data.adId} ${data.title}`, width),
      ...pathLines(data, namesFrom(undefined), width, options.ascii === true).map(onceNamed),
    ],
    width,
    height,
  );
