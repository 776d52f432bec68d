import type { Preset, PresetOrigin } from '../../answers/change.ts';
import { join } from 'node:path';
import type { Workspace } from '../../workspace/workspace.ts';
import { presetsPath, readPresetsFile, type Presets } from './presets-file.ts';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where a person's own presets of a workspace live: `$XDG_CONFIG_HOME/recall-tui/presets/<name>.json`,
 * by default under `~/.config`. null where the environment names neither folder.
 */
export const personalPresetsPath = (workspace: Pick<Workspace, 'name'>, env: Env): string | null => {
  const home = env['HOME'];
  const config = env['XDG_CONFIG_HOME'] || (home === undefined || home === '' ? undefined : join(home, '.config'));
  return config === undefined
    ? null
    : join(config, 'recall-tui', 'presets', `${encodeURIComponent(workspace.name)}.json`);
};

export const personalPresets = async (workspace: Workspace, env: Env): Promise<Presets> => {
  const path = personalPresetsPath(workspace, env);
  return path === null ? {} : readPresetsFile(path);
};

/** The workspace's presets with the person's own laid over them. Throws `bad-input` on a file that is none. */
export const allPresets = async (workspace: Workspace, env: Env): Promise<Presets> => ({
  ...(await readPresetsFile(presetsPath(workspace))),
  ...(await personalPresets(workspace, env)),
});

/** Every preset by name, in code-unit order, with the file it comes from. */
export const presetsWithOrigin = async (
  workspace: Workspace,
  env: Env,
): Promise<Array<Preset & { name: string; from: PresetOrigin }>> => {
  const own = await personalPresets(workspace, env);
  const all = await allPresets(workspace, env);
  return Object.entries(all)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, preset]) => ({ name, ...preset, from: Object.hasOwn(own, name) ? 'personal' : 'workspace' }));
};
