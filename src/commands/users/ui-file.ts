import { join } from 'node:path';
import { privateFile } from '../../base/atomic-file.ts';
import { ownFolder } from '../../base/homes.ts';
import { readText } from '../../base/text-file.ts';
import { isRecord, readJson } from '../../base/json.ts';
import type { FileTools } from '../../engine/ports/artefacts.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Where the screen's positions are kept: `$XDG_STATE_HOME/recall-tui/ui.json`; null without a home: nothing is kept. */
export const uiPath = (env: Env): string | null => {
  const folder = ownFolder('state', env);
  return folder === null ? null : join(folder, 'ui.json');
};

const format = 'recall-tui/ui@1';
/** Workspaces beyond this many are forgotten, the longest unused first. */
const keptWorkspaces = 50;

export interface KeptUi {
  /** By the folder of the workspace, as it was written; whoever reads it looks at each field. */
  readonly workspaces: Readonly<Record<string, unknown>>;
  /** Why the file was ignored; null where it was read or is not there. */
  readonly notice: string | null;
}

const damaged = (path: string): KeptUi => ({
  workspaces: {},
  notice: `${path} cannot be read and is ignored; it is written anew`,
});

export const readUi = async (env: Env): Promise<KeptUi> => {
  const path = uiPath(env);
  if (path === null) return { workspaces: {}, notice: null };
  try {
    const parsed: unknown = readJson(await readText(path));
    return isRecord(parsed) && parsed['format'] === format && isRecord(parsed['workspaces'])
      ? { workspaces: parsed['workspaces'], notice: null }
      : damaged(path);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ENOENT'
      ? { workspaces: {}, notice: null }
      : damaged(path);
  }
};

/** Replaces what is kept of one workspace; the others stay as they are. */
export const keepUi = async (
  env: Env,
  files: Pick<FileTools, 'atomicWrite'>,
  dir: string,
  position: unknown,
): Promise<void> => {
  const path = uiPath(env);
  if (path === null) return;
  const { workspaces } = await readUi(env);
  const others = Object.entries(workspaces)
    .filter(([name]) => name !== dir)
    .slice(-(keptWorkspaces - 1));
  await files.atomicWrite(
    path,
    `${JSON.stringify({ format, workspaces: Object.fromEntries([...others, [dir, position]]) }, null, 2)}\n`,
    privateFile,
  );
};

/** Users marked with B in this workspace. */
export const bookmarksOf = (kept: KeptUi, dir: string): readonly string[] => {
  const position = kept.workspaces[dir];
  const marked = isRecord(position) ? position['bookmarks'] : null;
  return Array.isArray(marked) ? marked.filter((id) => typeof id === 'string') : [];
};
