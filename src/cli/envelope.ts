import type { CommandResult } from '../commands/command.ts';
import type { OpenedWorkspace } from './library.ts';

type Json = Readonly<Record<string, unknown>>;

const isRecord = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** What an answer was computed from: enough to find the same artefacts again. */
export const workspaceHeader = (workspace: OpenedWorkspace): Json => {
  const { manifest } = workspace;
  return {
    name: workspace.name,
    dir: workspace.dir,
    users: workspace.store.userCount,
    ads: workspace.catalog.adCount,
    events: workspace.store.eventCount,
    groups: manifest.groups.map((g) => g.name),
    builtUntil: manifest.model?.builtUntil ?? null,
    fingerprints: workspace.fingerprints,
    backend: workspace.backend(),
    notices: workspace.notices,
  };
};

/**
 * The one JSON object of a headless answer: schema, workspace, query, the command's fields, timings
 * last. A command's own `workspace` fields join the header.
 */
export const envelope = (result: CommandResult, workspace: OpenedWorkspace | null): Json => {
  const { workspace: more, ...data } = result.data;
  const header = { ...(workspace === null ? {} : workspaceHeader(workspace)), ...(isRecord(more) ? more : {}) };
  return {
    schema: `recall-tui/${result.schema}@1`,
    ...(Object.keys(header).length === 0 ? {} : { workspace: header }),
    ...(result.query === undefined ? {} : { query: result.query }),
    ...data,
    timingsMs: result.timingsMs ?? {},
  };
};
