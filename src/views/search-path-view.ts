import type { SearchPathData } from '../commands/search-path.ts';
import { fitLines, type Line, type ViewOptions } from './line.ts';
import { pathLines } from './screen-path.ts';
import { namesFrom } from './why-names.ts';
import { sentence } from './words.ts';

/** Hops are named by id here: the id that would follow the name is dropped. */
const onceNamed = (line: Line): Line => line.filter((s, i) => i === 0 || s.text !== `  ${line[i - 1]?.text ?? ''}`);

/** The search replayed, step by step; hops are told by id. */
export const searchPathView = (data: SearchPathData, width: number, options: ViewOptions = {}, height?: number): Line[] => fitLines([
  ...sentence(`${data.adId} ${data.title}`, width),
  ...pathLines(data, namesFrom(undefined), width, options.ascii === true).map(onceNamed),
], width, height);
