import type { RecallQuery } from '../domain/query.ts';
import type { Workspace } from '../workspace/workspace.ts';

/** The workspace's own query of a user: the manifest's defaults, its rules, its as-of. Throws `unknown-user`. */
export const defaultQuery = ({ engine, manifest, rules }: Workspace, userId: string): RecallQuery =>
  engine.defaultQuery({ ...manifest.defaults, rules, asOf: manifest.asOf }, userId);
