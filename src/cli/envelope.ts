import type { Result } from '../answers/answers.ts';
import { answerJson } from '../console/answer-json.ts';
import type { OpenedWorkspace } from './library.ts';

type Json = Readonly<Record<string, unknown>>;

/** The artefacts that an answer was computed from, by their fingerprints. */
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

/** The one JSON object of a headless answer. */
export const envelope = (result: Result, workspace: OpenedWorkspace | null): Json =>
  answerJson(result, workspace === null ? {} : workspaceHeader(workspace));
