import type { Command } from './command.ts';
import type { ArgSpec } from '../answers/help.ts';
import { globalArgs } from './globals.ts';
import { argsOf } from './usage.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

const single = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const flags = (args: readonly ArgSpec[]): string[] =>
  args
    .filter((a) => a.position === undefined)
    .flatMap((a) => [`--${a.name}`, ...(a.short === undefined ? [] : [`-${a.short}`])]);
const first = (doc: string): string => /^.*?[.!?](?=\s|$)/s.exec(doc)?.[0] ?? doc;

/** Values to offer after an option, or in the first place: those of a closed list. */
const choicesCase = (id: string, args: readonly ArgSpec[]): string[] =>
  args
    .filter((a) => a.choices !== undefined && a.position === undefined)
    .map((a) => `      ${id}:--${a.name}) words=${single((a.choices ?? []).join(' '))} ;;`);

const wordsOf = (command: Command): string =>
  [
    ...flags([...argsOf(command), ...globalArgs]),
    ...argsOf(command)
      .filter((a) => a.position === 0)
      .flatMap((a) => a.choices ?? []),
  ].join(' ');

const bash = (commands: readonly Command[]): string =>
  [
    '_recall_tui() {',
    '  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} command= words= i',
    '  for ((i = 1; i < COMP_CWORD; i++)); do',
    '    case ${COMP_WORDS[i]} in',
    '      -w|--workspace) ((i++)) ;;',
    '      -*) ;;',
    '      *) command=${COMP_WORDS[i]}; break ;;',
    '    esac',
    '  done',
    '  case $command:$prev in',
    ...commands.flatMap((c) => choicesCase(c.id, argsOf(c))),
    ...choicesCase('*', globalArgs),
    '    *) case $command in',
    `      '') words=${single([...commands.map((c) => c.id), ...flags(globalArgs)].join(' '))} ;;`,
    ...commands.map((c) => `      ${c.id}) words=${single(wordsOf(c))} ;;`),
    '    esac ;;',
    '  esac',
    '  COMPREPLY=($(compgen -W "$words" -- "$cur"))',
    '}',
    'complete -o default -F _recall_tui recall-tui',
  ].join('\n');

const fishOption = (guard: string, arg: ArgSpec): string =>
  [
    'complete -c recall-tui',
    ...(guard === '' ? [] : ['-n', single(guard)]),
    `-l ${arg.name}`,
    ...(arg.short === undefined ? [] : [`-s ${arg.short}`]),
    ...(arg.type === 'flag' ? [] : [arg.choices === undefined ? '-r' : `-x -a ${single(arg.choices.join(' '))}`]),
    `-d ${single(first(arg.doc))}`,
  ].join(' ');

const fish = (commands: readonly Command[]): string =>
  [
    ...globalArgs.map((a) => fishOption('', a)),
    ...commands.flatMap((c) => [
      `complete -c recall-tui -n '__fish_use_subcommand' -f -a ${c.id} -d ${single(c.title)}`,
      ...argsOf(c)
        .filter((a) => a.position === 0 && a.choices !== undefined)
        .map(
          (a) =>
            `complete -c recall-tui -n '__fish_seen_subcommand_from ${c.id}' -f -a ${single((a.choices ?? []).join(' '))} -d ${single(first(a.doc))}`,
        ),
      ...argsOf(c)
        .filter((a) => a.position === undefined)
        .map((a) => fishOption(`__fish_seen_subcommand_from ${c.id}`, a)),
    ]),
  ].join('\n');

/** The completion script of a shell, made from the table. */
export const completionScript = (shell: Shell, commands: readonly Command[]): string => {
  if (shell === 'fish') return fish(commands);
  return shell === 'zsh'
    ? `(( $+functions[compdef] )) || { autoload -U +X compinit && compinit }\nautoload -U +X bashcompinit && bashcompinit\n${bash(commands)}`
    : bash(commands);
};
