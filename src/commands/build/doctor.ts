import { resolve } from 'node:path';
import { RecallError } from '../../errors.ts';
import { examine } from '../../workspace/doctor/doctor.ts';
import { checkSessions } from './accepted-sessions.ts';
import type { Table } from '../session/tools.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';

export const doctorCommand = (table: Table): Command<'doctor'> => ({
  id: 'doctor',
  title: 'Check a workspace',
  doc: 'Checks every artefact: it is present, its sha256 (always recomputed), header and counts match the manifest, it was built from the artefacts that are here, vectors are finite and of norm 1, ids are unique, index, vectors and sample agree on ordinals. It also measures recall@10 against the exact scan, counts unreachable ads, names the TensorFlow backend in use and the reason, and runs the sessions in DIR/sessions and ./sessions that were recorded on it: accepted ones whose answers changed are named. Exit 1 when a check fails.',
  family: 'build',
  needs: 'nothing',
  args: [{ name: 'dir', type: 'path', position: 0, required: true, doc: 'The folder with recall.json.' }],
  examples: ['doctor shop', 'doctor shop --json | jq ".checks[] | select(.ok | not)"'],
  run: async (context, args) => {
    const dir = textArg(args, 'dir');
    if (dir === undefined) throw new RecallError('usage', 'no folder', { expected: 'doctor DIR' });
    const started = performance.now();
    let done = 0;
    const onCheck = (name: string): void => {
      if (context.signal.aborted) throw new RecallError('cancelled', 'the check was stopped');
      context.progress({ stage: name, done: ++done, total: null });
    };
    const report = await examine(resolve(dir), context.tools, onCheck, context.signal);
    const checks = [...report.checks, ...(await checkSessions(report.dir, table, context))];
    const failed = checks.filter((check) => !check.ok).length;
    return {
      schema: 'doctor',
      data: {
        workspace: { name: report.name, dir: report.dir },
        name: report.name,
        dir: report.dir,
        ok: failed === 0,
        failed,
        checks,
      },
      exitCode: failed === 0 ? 0 : 1,
      timingsMs: { total: performance.now() - started },
    };
  },
});
