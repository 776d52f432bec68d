import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import { readSession, type ReadSession } from './read.ts';
import { checkKey } from './replay.ts';
import { createUnsealer } from './unseal.ts';
import type { Vault } from './vault.ts';
import type { SessionWorkspace } from './workspace.ts';

const lastQuery = (session: ReadSession, workspace: SessionWorkspace, vault: Vault): RecallQuery => {
  const sealed = session.steps.findLast(({ query }) => query !== undefined)?.query;
  if (sealed === undefined)
    throw new RecallError('usage', 'the session asked no question of a user', { found: session.path });
  return createUnsealer(
    workspace.store,
    workspace.settings.groups.map(({ name }) => name),
    vault,
  ).query(sealed);
};

/** A session to go on with, and the query it was cut off at. Throws `bad-input`, `usage`. */
export const readCutOff = async (
  path: string,
  workspace: SessionWorkspace,
  vault: Vault,
): Promise<{ readonly session: ReadSession; readonly query: RecallQuery }> => {
  const session = await readSession(path);
  checkKey(session, vault);
  return { session, query: lastQuery(session, workspace, vault) };
};
