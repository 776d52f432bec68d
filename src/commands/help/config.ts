import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { configKeys, readConfig } from './config-file.ts';
import { configPath } from './config-path.ts';

const actions = ['locate', 'check', 'show'] as const;

export const configCommand: Command<'config'> = {
  id: 'config',
  title: 'Show your defaults',
  doc: 'Shows the path of the file with your own defaults (locate), whether it is valid (check; exit 2 with file, field, expected and found), or its content (show). Flags override the environment, the environment overrides this file, and this file overrides the workspace.',
  family: 'help',
  needs: 'nothing',
  args: [{ name: 'action', type: 'choice', position: 0, choices: actions, default: 'show', doc: 'Action.' }],
  examples: ['config', 'config locate', 'config check'],
  run: async (context, args) => {
    const action = textArg(args, 'action') ?? 'show';
    if (action === 'locate') return { schema: 'config', data: { action, path: configPath(context.env) } };
    const { path, found, config, notice } = await readConfig(context.env);
    return {
      schema: 'config',
      data: {
        action,
        path,
        found,
        ...(action === 'show' ? { config, keys: configKeys } : {}),
        warnings: notice === undefined ? [] : [notice],
      },
    };
  },
};
