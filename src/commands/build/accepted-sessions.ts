import { basename, join, resolve } from 'node:path';
import type { StepOutcome } from '../../answers/session.ts';
import { createEngine } from '../../engine/create-engine.ts';
import { RecallError } from '../../errors.ts';
import type { CommandContext } from '../../console/command.ts';
import { sessionFiles } from '../../session/listing.ts';
import { readSession } from '../../session/read.ts';
import { replaySession } from '../../session/replay.ts';
import { openVault } from '../../session/vault.ts';
import { verdict, type Check } from '../../workspace/doctor/check.ts';
import { openWorkspaceAt } from '../../workspace/open.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { runnerOf, type Table } from '../session/tools.ts';

const most = 3;

/** `step 4 (why-not): verdict below-cutoff, expected ann-missed`; at most three steps. */
const failures = (outcomes: readonly StepOutcome[]): string => {
  const failed = outcomes.filter(({ status }) => status === 'fail');
  const named = failed
    .slice(0, most)
    .map(
      ({ step, command, failures: of }) => `step ${step} (${command}): ${of.map(({ message }) => message).join(', ')}`,
    );
  return `${named.join('; ')}${failed.length > most ? `; ${failed.length - most} more` : ''}`;
};

const checkSession = async (
  file: string,
  workspace: Workspace,
  table: Table,
  context: CommandContext,
): Promise<Check> => {
  const name = `session ${basename(file)}`;
  const expected = 'its expectations hold';
  try {
    const vault = await openVault(workspace);
    const runner = runnerOf(table, context);
    const { outcomes, failed, pinned } = await replaySession(await readSession(file), {
      ...{ workspace, vault, runner, recorded: undefined, signal: context.signal, cause: false },
    });
    const said = `${pinned} of ${outcomes.length} steps with an expectation`;
    return verdict(name, failed === 0, expected, failed === 0 ? said : failures(outcomes));
  } catch (error) {
    if (!(error instanceof RecallError) || error.code === 'cancelled' || error.code === 'internal') throw error;
    return verdict(
      name,
      false,
      expected,
      error.found === undefined ? error.message : `${error.message}: ${error.found}`,
    );
  }
};

/** The sessions in `./sessions` that were recorded on this workspace, by its key. */
const sealedBy = async (files: readonly string[], keyId: string): Promise<string[]> => {
  const own: string[] = [];
  for (const file of files) {
    const session = await readSession(file).catch(() => null);
    if (session?.header.privacy.key === keyId) own.push(file);
  }
  return own;
};

/**
 * A check for each session in `DIR/sessions`, and in `./sessions` for each that was recorded on this workspace: whether
 * what was accepted there still holds.
 */
export const checkSessions = async (dir: string, table: Table, context: CommandContext): Promise<readonly Check[]> => {
  const inside = await sessionFiles([join(dir, 'sessions')]);
  const here = (await sessionFiles([resolve('sessions')])).filter((file) => !inside.includes(file));
  if (inside.length + here.length === 0) return [];
  let workspace: Workspace | null = null;
  try {
    workspace = await openWorkspaceAt(dir, { tools: context.tools, createEngine, signal: context.signal });
    const files = [...inside, ...(await sealedBy(here, (await openVault(workspace)).keyId))];
    const checks: Check[] = [];
    for (const file of files) {
      context.progress({ stage: basename(file), done: checks.length, total: files.length });
      checks.push(await checkSession(file, workspace, table, context));
    }
    return checks;
  } catch (error) {
    if (!(error instanceof RecallError) || error.code === 'cancelled' || error.code === 'internal') throw error;
    // Another check reports why the workspace does not open; without a session of its own no check is needed.
    return inside.length === 0 ? [] : [verdict('sessions', false, 'a workspace that opens', error.message)];
  } finally {
    await workspace?.close();
  }
};
