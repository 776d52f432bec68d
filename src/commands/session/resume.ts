import { RecallError } from '../../errors.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { runRecall } from '../recall/recall.ts';

export const resumeCommand: Command<'recall'> = {
  id: 'resume',
  title: 'Go on with a session that was cut off',
  doc: 'Continues a session that was cut off, in its own file: the user, query and mode of its last question come back, and later questions are appended until record ends it. If a recording of your own ran along with an autosaved session, it continues too. The screen offers the newest such session when it starts.',
  family: 'session',
  needs: 'workspace',
  args: [
    {
      name: 'file',
      type: 'path',
      position: 0,
      required: true,
      doc: 'The session file; the command sessions lists them.',
    },
  ],
  examples: ['resume ~/.local/state/recall-tui/sessions/live-1750249800000-4711.jsonl'],
  run: async (context, args) => {
    const resume = context.session?.resume;
    if (resume === undefined)
      throw new RecallError('usage', 'resume works on the screen, not as a single command', {
        todo: 'start recall-tui: it offers the newest session that was cut off',
      });
    const { query, ...resumed } = await resume(textArg(args, 'file') ?? '');
    const { result, data } = await runRecall(await context.workspace(), query, context);
    return { schema: 'recall', query: result.query, data: { ...data, resumed }, timingsMs: result.timingsMs };
  },
};
