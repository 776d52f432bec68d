import type { SearchPathData } from '../commands/search-path.ts';
import { fitLines, type Line, type ViewOptions } from './line.ts';
import { pathLines } from './screen-path.ts';
import { sentence } from './words.ts';

/** The search replayed, step by step; hops are told by id. */
export const searchPathView = (data: SearchPathData, width: number, options: ViewOptions = {}, height?: number): Line[] => fitLines([
  ...sentence(`${data.adId} ${data.title}`, width),
  ...pathLines(data, { ad: () => '', event: () => null }, width, options.ascii === true),
], width, height);
