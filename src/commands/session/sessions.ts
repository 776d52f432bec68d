import { join } from 'node:path';
import { listSessions, sessionFiles } from '../../session/listing.ts';
import { lostSessions, stateFolder } from '../../session/state-dir.ts';
import { listArg, textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';

export const sessionsCommand: Command<'sessions'> = {
  id: 'sessions',
  title: 'List sessions',
  doc: 'Lists the recorded sessions of the workspace, of ./sessions and of the autosave folder, with their notes, commands and number of expectations; MATCH searches notes, commands, ads and verdicts. Exit 1 when no session matches.',
  family: 'session',
  needs: 'workspace',
  args: [
    { name: 'match', type: 'string', position: 0, doc: 'Text to find.' },
    { name: 'dir', type: 'path', repeat: true, doc: 'Look in these folders instead.' },
  ],
  examples: ['sessions', 'sessions why-not'],
  run: async (context, args) => {
    const dirs = listArg(args, 'dir');
    const folders =
      dirs.length > 0
        ? dirs
        : [join((await context.workspace()).dir, 'sessions'), 'sessions', stateFolder(context.env)];
    const rows = await listSessions(await sessionFiles(folders), textArg(args, 'match'));
    return {
      schema: 'sessions',
      data: { sessions: rows, folders, lost: dirs.length > 0 ? [] : await lostSessions(context.env) },
      ...(rows.length === 0 ? { exitCode: 1 as const } : {}),
    };
  },
};
