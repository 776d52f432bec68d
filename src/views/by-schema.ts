import type { CommandResult } from '../commands/command.ts';
import { genericView } from './generic-view.ts';
import type { Line, ViewOptions } from './line.ts';
import { viewEntries, type ViewEntry } from './entries.ts';

const bySchema: ReadonlyMap<string, ViewEntry> = new Map(viewEntries.map((e) => [e.schema, e]));

/** The readable form of any command's result: its own view, or a plain outline of the data. */
export const linesOf = (result: CommandResult, width: number, options: ViewOptions = {}): Line[] =>
  bySchema.get(result.schema)?.lines(result, width, options) ?? genericView(result.data, width);
