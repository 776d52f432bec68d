import type { Command } from './command.ts';
import type { ArgSpec } from '../answers/help.ts';
import { queryArgs } from './query-specs.ts';

/** Every argument of a command, the query options included. */
export const argsOf = (command: Command): readonly ArgSpec[] =>
  command.takesQuery === true ? [...command.args, ...queryArgs] : command.args;

/** `recall [USER] [options]` */
export const usageOf = (command: Command): string => {
  const positionals = command.args
    .filter((a) => a.position !== undefined)
    .sort((a, b) => (a.position ?? 0) - (b.position ?? 0))
    .map((a) => {
      const name = `${a.name.toUpperCase()}${a.repeat === true ? '…' : ''}`;
      return a.required === true ? name : `[${name}]`;
    });
  const options = argsOf(command).some((a) => a.position === undefined) ? ['[options]'] : [];
  return [command.id, ...positionals, ...options].join(' ');
};
