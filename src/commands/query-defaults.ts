import { defaultAsOf, plainQuery } from '../domain/query-defaults.ts';
import type { RecallQuery } from '../domain/query.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** As-of when nothing is said: the manifest's, else the user's last event + 1 ms, else now. Throws `unknown-user`. */
export const userAsOf = (workspace: Workspace, userId: string): number => {
  workspace.engine.core.user(userId);
  return defaultAsOf(workspace.manifest.asOf, workspace.store.lastEventAt(userId), () => workspace.clock.now());
};

/** The workspace's own query of a user. Throws `unknown-user`. */
export const defaultQuery = (workspace: Workspace, userId: string): RecallQuery =>
  plainQuery({ ...workspace.manifest.defaults, rules: workspace.rules, asOf: workspace.manifest.asOf, groups: workspace.settings.groups }, userId, userAsOf(workspace, userId));
