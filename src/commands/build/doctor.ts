import { resolve } from 'node:path';
import { RecallError } from '../../errors.ts';
import { createEngine } from '../../engine/create-engine.ts';
import { attempt, type Check } from '../../workspace/doctor/check.ts';
import { examine, type DoctorReport } from '../../workspace/doctor/doctor.ts';
import { openWorkspaceAt } from '../../workspace/open.ts';
import { checkSessions } from './accepted-sessions.ts';
import { bundleText, checkBundlePlace } from './bundle.ts';
import { checkSideFiles } from './side-files.ts';
import type { Table } from '../session/tools.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command, CommandContext } from '../../console/command.ts';

/**
 * The checks of the artefacts and those that need the workspace open; `isUser` tells a user's id. The latter are run where
 * the former all passed: a workspace that cannot be opened was told so already.
 */
const withOpened = async (
  { dir, checks }: DoctorReport,
  table: Table,
  context: CommandContext,
): Promise<{ readonly checks: readonly Check[]; readonly isUser: ((text: string) => boolean) | null }> => {
  if (checks.some((check) => !check.ok))
    return { checks: [...checks, ...(await checkSessions(dir, table, context))], isUser: null };
  const { tools, signal } = context;
  const sample: { users: ReadonlySet<string> | null } = { users: null };
  let beside: readonly Check[] = [];
  const opens = await attempt('workspace', 'opened as every command opens it', async () => {
    const workspace = await openWorkspaceAt(dir, { tools, createEngine, signal });
    try {
      beside = await checkSideFiles(workspace, context);
      sample.users = new Set(workspace.store.userIds());
    } finally {
      await workspace.close();
    }
    return { ok: true, found: 'opens' };
  });
  const { users } = sample;
  return {
    checks: [...checks, opens, ...beside, ...(await checkSessions(dir, table, context))],
    isUser: users === null ? null : (text) => users.has(text),
  };
};

export const doctorCommand = (table: Table): Command<'doctor'> => ({
  id: 'doctor',
  title: 'Check a workspace',
  doc: 'Checks every artefact: it is present, its sha256 (always recomputed), header and counts match the manifest, it was built from the artefacts that are here, vectors are finite and of norm 1, ids are unique, index, vectors and sample agree on ordinals. It also measures recall@10 against the exact scan, counts unreachable ads, names the TensorFlow backend in use and the reason, and runs the sessions in DIR/sessions and ./sessions that were recorded on it: accepted ones whose answers changed are named. Where all artefacts are sound, it opens the workspace as every command does, and reads presets, key, serving log and planted clicks. --bundle writes what a report of a fault needs, without any user. Exit 1 when a check fails.',
  family: 'build',
  needs: 'nothing',
  args: [
    { name: 'dir', type: 'path', position: 0, required: true, doc: 'The folder with recall.json.' },
    {
      name: 'bundle',
      type: 'path',
      doc: 'Write versions, machine, manifest, checks and times here, as JSON; ids of users are masked.',
    },
  ],
  examples: [
    'doctor shop',
    'doctor shop --bundle report.json',
    'doctor shop --json | jq ".checks[] | select(.ok | not)"',
  ],
  run: async (context, args) => {
    const dir = textArg(args, 'dir');
    if (dir === undefined) throw new RecallError('usage', 'no folder', { expected: 'doctor DIR' });
    const bundle = textArg(args, 'bundle');
    if (bundle !== undefined) await checkBundlePlace(resolve(bundle));
    const started = performance.now();
    let done = 0;
    const onCheck = (name: string): void => {
      if (context.signal.aborted) throw new RecallError('cancelled', 'the check was stopped');
      context.progress({ stage: name, done: ++done, total: null });
    };
    const report = await examine(resolve(dir), context.tools, onCheck, context.signal);
    const { checks, isUser } = await withOpened(report, table, context);
    const failed = checks.filter((check) => !check.ok).length;
    const timingsMs = { total: performance.now() - started };
    if (bundle !== undefined)
      await context.tools.files.atomicWrite(
        resolve(bundle),
        await bundleText({ dir: report.dir, checks, timingsMs, isUser }),
      );
    return {
      schema: 'doctor',
      data: {
        workspace: { name: report.name, dir: report.dir },
        name: report.name,
        dir: report.dir,
        ok: failed === 0,
        failed,
        checks,
        ...(bundle === undefined ? {} : { bundle: resolve(bundle) }),
      },
      exitCode: failed === 0 ? 0 : 1,
      timingsMs,
    };
  },
});
