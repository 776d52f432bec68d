import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { byCodeUnit } from '../../base/order.ts';
import { listSessions, sessionFiles, sessionsAmong } from '../../session/listing.ts';
import { lostSessions, stateFolder } from '../../session/state-dir.ts';
import { listArg, textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';

/** The paths without those that lead to a file that an earlier one leads to. */
const eachOnce = (paths: readonly string[]): string[] =>
  [...new Map(paths.toReversed().map((path) => [resolve(path), path])).values()].toReversed();

export const sessionsCommand: Command<'sessions'> = {
  id: 'sessions',
  title: 'List sessions',
  doc: 'Lists the recorded sessions of the workspace, of ./sessions, of the current folder and of the autosave folder, and the one recorded last on the screen, with their notes, commands and number of expectations; MATCH searches notes, commands, ads and verdicts. Exit 1 when no session matches.',
  family: 'session',
  needs: 'workspace',
  args: [
    { name: 'match', type: 'string', personal: 'words', position: 0, doc: 'Text to find.' },
    { name: 'dir', type: 'path', repeat: true, doc: 'Look in these folders instead.' },
  ],
  examples: ['sessions', 'sessions why-not'],
  run: async (context, args) => {
    const dirs = listArg(args, 'dir');
    const anywhere = dirs.length === 0;
    const folders = anywhere
      ? [join((await context.workspace()).dir, 'sessions'), 'sessions', stateFolder(context.env)].filter(
          (one) => one !== null,
        )
      : dirs;
    const recorded = [context.session?.ended(), context.session?.path()].flatMap((path) => path ?? []);
    const files = [
      ...(await sessionFiles(folders)),
      ...(anywhere ? [...(await sessionsAmong('.')), ...recorded.filter((path) => existsSync(path))] : []),
    ].sort(byCodeUnit);
    const rows = await listSessions(eachOnce(files), textArg(args, 'match'));
    return {
      schema: 'sessions',
      data: {
        sessions: rows,
        folders: anywhere ? [...folders, '.'] : folders,
        lost: anywhere ? await lostSessions(context.env, context.tools.locks) : [],
      },
      ...(rows.length === 0 ? { exitCode: 1 as const } : {}),
    };
  },
};
