import { writeSession } from '../../session/hold.ts';
import { minimiseSession } from '../../session/minimise.ts';
import { readSession } from '../../session/read.ts';
import { replaySession } from '../../session/replay.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { prepareReplay, requiredPath, recordedArg, sessionArg, type Table } from './tools.ts';

export const minimiseCommand = (table: Table): Command<'minimise'> => ({
  id: 'minimise',
  title: 'Shrink a failing session',
  doc: 'Shrinks a failing session to the fewest steps that still fail in the same way: the first failing step and the steps that it is compared with. The result is replayed before it is written.',
  family: 'session',
  needs: 'workspace',
  args: [sessionArg, { name: 'out', type: 'path', doc: 'Write the smallest session here.' }, recordedArg],
  examples: ['minimise failing.jsonl --out smallest.jsonl'],
  run: async (context, args) => {
    const session = await readSession(requiredPath(args, 'session'));
    const { options, close } = await prepareReplay(table, context, args);
    try {
      const { session: smallest, ...found } = await minimiseSession(session, options);
      const report = await replaySession(smallest, options);
      const out = textArg(args, 'out');
      if (out !== undefined) await writeSession(context.tools, out, smallest);
      return {
        schema: 'minimise',
        data: {
          ...found,
          steps: smallest.steps.map(({ step, command }) => ({ step, command })),
          first: report.first,
          written: out ?? null,
        },
        notices: session.notices,
      };
    } finally {
      await close();
    }
  },
});
