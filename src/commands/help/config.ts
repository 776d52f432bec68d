import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { configKeys, readConfig } from './config-file.ts';
import { configPath } from './config-path.ts';

const actions = ['locate', 'check', 'show'] as const;

export const configCommand: Command<'config'> = {
  id: 'config',
  title: 'Your defaults',
  doc: 'Where the file with your own defaults is (locate), whether it can be read (check, exit 2 with file, field, expected and found), and what it says (show). Flags win over the environment, the environment over this file, this file over the workspace.',
  family: 'help',
  needs: 'nothing',
  args: [{ name: 'action', type: 'choice', position: 0, choices: actions, default: 'show', doc: 'What to do.' }],
  examples: ['config', 'config locate', 'config check'],
  run: async (context, args) => {
    const action = textArg(args, 'action') ?? 'show';
    if (action === 'locate') return { schema: 'config', data: { action, path: configPath(context.env) } };
    const { path, found, config, warnings } = await readConfig(context.env);
    return {
      schema: 'config',
      data: { action, path, found, ...(action === 'show' ? { config, keys: configKeys } : {}), warnings },
    };
  },
};
