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

/** `AD`, `-k N`, `--weight GROUP=X` */
export const signature = (arg: ArgSpec): string => {
  if (arg.position !== undefined) return arg.name.toUpperCase();
  const short = arg.short === undefined ? '' : `-${arg.short}, `;
  const name = arg.name === arg.short ? `-${arg.name}` : `${short}--${arg.name}`;
  return arg.type === 'flag' ? name : `${name} ${valueName(arg)}`;
};

const valueNames: Readonly<Partial<Record<ArgSpec['type'], string>>> = {
  int: 'N',
  number: 'X',
  time: 'TIME',
  path: 'FILE',
  weight: 'GROUP=X',
  pair: 'NAME=VALUE',
  string: 'TEXT',
  preset: 'NAME',
};

const folders: readonly string[] = ['workspace', 'out', 'dir'];

const valueName = (arg: ArgSpec): string =>
  arg.type === 'path' && folders.includes(arg.name) ? 'DIR' : (valueNames[arg.type] ?? arg.type.toUpperCase());

const unitOf = ({ unit, default: value }: ArgSpec): string[] => {
  const end = unit === undefined ? '' : ` ${unit}`;
  if (value !== undefined) return [`Default ${String(value)}${end}.`];
  return unit === undefined ? [] : [`In ${unit}.`];
};

/** The description of an argument: its doc, choices, unit and default. */
export const details = (arg: ArgSpec): string =>
  [
    arg.doc,
    ...(arg.choices === undefined || arg.type === 'mode' ? [] : [`One of ${arg.choices.join(', ')}.`]),
    ...unitOf(arg),
    ...(arg.repeat === true ? ['May be given several times.'] : []),
  ].join(' ');
