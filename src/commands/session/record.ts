import { RecallError } from '../../errors.ts';
import { flagArg, textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';

export const recordCommand: Command<'record'> = {
  id: 'record',
  title: 'Record a session',
  doc: "Starts to write every question and its answer to a session file, each on the disk before the next; without a file, ends the recording. Ids of users and events are hashed, and text is encrypted with the workspace's key.",
  family: 'session',
  needs: 'workspace',
  keys: ['R'],
  args: [
    { name: 'file', type: 'path', position: 0, doc: "The new session's file; without it the recording ends." },
    { name: 'title', type: 'string', personal: 'words', doc: "The session's note." },
    { name: 'with-text', type: 'flag', doc: 'Leave searched text and context readable in the session.' },
  ],
  examples: ['record bug-1234.jsonl', 'record'],
  run: async (context, args) => {
    if (context.session === undefined)
      throw new RecallError('usage', 'record works in a script or on the screen, not as a single command', {
        todo: 'recall-tui exec SCRIPT --record FILE, or R in the screen',
      });
    const file = textArg(args, 'file');
    if (file === undefined) {
      const path = context.session.path();
      return { schema: 'record', data: { session: path, recording: false, steps: await context.session.stop() } };
    }
    await context.session.start(file, { note: textArg(args, 'title') ?? '', text: flagArg(args, 'with-text') });
    return { schema: 'record', data: { session: file, recording: true, steps: 0 } };
  },
};
