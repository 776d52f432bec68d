import type { BranchData } from '../../answers/session.ts';
import { branchSession } from '../../session/branch.ts';
import { writeSession } from '../../session/hold.ts';
import { readSession } from '../../session/read.ts';
import { RecallError } from '../../errors.ts';
import { sidesOf } from './answer-sides.ts';
import { numberArg, textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { queryFromArgs } from '../query/args.ts';
import { prepareReplay, requiredPath, sessionArg, type Table } from './tools.ts';

export const branchCommand = (table: Table): Command<'branch'> => ({
  id: 'branch',
  title: 'Change one step and run the rest',
  doc: 'Changes the query of one recorded step, runs that step and the rest again, and shows both answers side by side. Later steps take the change along until the recording changes the same setting itself. The steps before stay byte for byte (prefix is their sha256).',
  family: 'session',
  needs: 'workspace',
  takesQuery: true,
  args: [
    sessionArg,
    { name: 'step', type: 'int', position: 1, required: true, unit: 'step', doc: 'The step to change.' },
    { name: 'out', type: 'path', doc: 'Write the branch as a session of its own.' },
  ],
  examples: [
    'branch sessions/smart-speaker.jsonl 2 --weight social=2',
    'branch sessions/smart-speaker.jsonl 1 --mode merged --out branch.jsonl',
  ],
  run: async (context, args) => {
    const session = await readSession(requiredPath(args, 'session'));
    const at = numberArg(args, 'step');
    if (at === undefined) throw new RecallError('usage', 'no step', { expected: 'STEP' });
    const workspace = await context.workspace();
    const { options, close } = await prepareReplay(table, context, {});
    try {
      const branched = await branchSession(
        session,
        at,
        (query) => queryFromArgs({ ...context, baseQuery: query }, args, undefined),
        options,
      );
      const out = textArg(args, 'out');
      if (out !== undefined) await writeSession(context.tools, out, branched.session);
      const sides = branched.sides.map((side) => ({ ...side, rows: sidesOf(side.recorded, side.branched, workspace) }));
      const data: BranchData = {
        step: at,
        changed: branched.changed,
        prefix: branched.prefix,
        sides,
        written: out ?? null,
      };
      return { schema: 'branch', data, notices: session.notices };
    } finally {
      await close();
    }
  },
});
