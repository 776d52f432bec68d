import type { CommandRow, CommandsData } from '../../answers/help.ts';
import { flagArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { globalArgs } from '../../console/globals.ts';
import { commandsMarkdown } from './command-tables.ts';
import { argsOf, usageOf } from '../../console/usage.ts';

export const commandRow = (command: Command): CommandRow => {
  const { id, title, doc, family, keys = [], takesQuery = false, examples = [] } = command;
  return { id, title, doc, family, usage: usageOf(command), keys, takesQuery, args: argsOf(command), examples };
};

/** `commands` lists the table it is part of, so it is made from it. */
export const commandsCommand = (all: () => readonly Command[]): Command<'commands'> => ({
  id: 'commands',
  title: 'List all commands',
  doc: 'Lists every command with its arguments and keys. --markdown prints docs/commands.md.',
  family: 'help',
  needs: 'nothing',
  args: [
    { name: 'markdown', type: 'flag', doc: 'Print the reference of commands and keys as Markdown: docs/commands.md.' },
  ],
  examples: ['commands', 'commands --markdown', 'commands --json'],
  run: async (context, args) => {
    const keys = (await context.keys?.()) ?? [];
    const data: CommandsData = {
      commands: all().map(commandRow),
      keys,
      globals: globalArgs,
      ...(flagArg(args, 'markdown') ? { markdown: commandsMarkdown(all(), keys) } : {}),
    };
    return { schema: 'commands', data };
  },
});
