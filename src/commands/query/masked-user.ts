import { openVault } from '../../session/vault.ts';
import type { Workspace } from '../../workspace/workspace.ts';

const masked = /^user:[0-9a-f]{32}$/;

/**
 * The user behind the name that sessions and reports give them, for who has the workspace's key: a line copied from a
 * report runs. Any other name, and one that no user has, stays as it is.
 */
export const unmaskedUser = async (workspace: Workspace, name: string | undefined): Promise<string | undefined> => {
  if (name === undefined || !masked.test(name) || workspace.store.user(name) !== null) return name;
  const vault = await openVault(workspace);
  return workspace.store.userIds().find((id) => vault.user(id) === name) ?? name;
};
