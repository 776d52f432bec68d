import type { PresetOrigin } from '../../answers/change.ts';
import { basename, isAbsolute } from 'node:path';
import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { CommandContext } from '../../console/command.ts';
import { presetOf } from './preset-settings.ts';
import {
  allPresets,
  findPreset,
  personalPresets,
  personalPresetsPath,
  presetNames,
  presetsPath,
  readPresetsFile,
  type Presets,
} from './presets-file.ts';

export interface PresetChange {
  readonly from: PresetOrigin;
  readonly path: string;
  readonly notices: readonly string[];
}

/** The demo is built into the cache and built again whenever its fixtures change: what is saved there would be lost. */
export const isBundledDemo = ({ dir, manifest }: Workspace): boolean =>
  manifest.import?.source === 'fixtures/demo' && basename(dir).startsWith('demo-');

const write = async (context: CommandContext, path: string, presets: Presets): Promise<void> => {
  if (!isAbsolute(path)) throw new RecallError('internal', 'the presets have no absolute path', { found: path });
  const sorted = Object.fromEntries(presetNames(presets).map((name) => [name, findPreset(presets, name)]));
  await context.tools.files.atomicWrite(path, `${JSON.stringify(sorted, null, 2)}\n`);
};

const readOnly = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  (error.code === 'EACCES' || error.code === 'EROFS' || error.code === 'EPERM');

const personalPath = (context: CommandContext, workspace: Workspace): string => {
  const path = personalPresetsPath(workspace, context.env);
  if (path === null)
    throw new RecallError('usage', 'the workspace is read-only, and there is no folder of your own', {
      expected: 'HOME or XDG_CONFIG_HOME in the environment',
    });
  return path;
};

const savePersonal = async (
  context: CommandContext,
  workspace: Workspace,
  changed: Presets,
  why: string,
): Promise<PresetChange> => {
  const path = personalPath(context, workspace);
  await write(context, path, { ...(await readPresetsFile(path)), ...changed });
  return { from: 'personal', path, notices: [`${why}: the preset is saved for you alone, in ${path}`] };
};

/**
 * Saves the query's settings under a name; an existing one only with `replace`. Into the workspace's
 * `presets.json`, or, where the workspace is the bundled demo or cannot be written, into the person's own.
 */
export const savePreset = async (
  context: CommandContext,
  name: string,
  query: RecallQuery,
  options: { title?: string; replace?: boolean } = {},
): Promise<PresetChange> => {
  const workspace = await context.workspace();
  const known = await allPresets(workspace, context.env);
  const old = Object.hasOwn(known, name) ? known[name] : undefined;
  if (old !== undefined && options.replace !== true)
    throw new RecallError('usage', `the preset "${name}" already exists`, { todo: 'give another name, or --replace' });
  const changed: Presets = { [name]: presetOf(query, options.title ?? old?.title ?? '', workspace.rules) };
  if (isBundledDemo(workspace)) return savePersonal(context, workspace, changed, 'the bundled demo stays as it is');
  const path = presetsPath(workspace);
  // A personal preset of this name would hide what is saved beneath it.
  if (Object.hasOwn(await personalPresets(workspace, context.env), name))
    return savePersonal(context, workspace, changed, 'you have a preset of your own by this name');
  try {
    await write(context, path, { ...(await readPresetsFile(path)), ...changed });
    return { from: 'workspace', path, notices: [] };
  } catch (error) {
    if (!readOnly(error)) throw error;
    return savePersonal(context, workspace, changed, 'the workspace cannot be written');
  }
};

/** Deletes a preset where it comes from. Throws `usage` for an unknown name, and for a preset of the bundled demo. */
export const deletePreset = async (context: CommandContext, name: string): Promise<PresetChange> => {
  const workspace = await context.workspace();
  findPreset(await allPresets(workspace, context.env), name);
  const personal = Object.hasOwn(await personalPresets(workspace, context.env), name);
  if (!personal && isBundledDemo(workspace))
    throw new RecallError('usage', `the preset "${name}" belongs to the bundled demo`, {
      todo: 'the demo stays as it is; only presets of your own can be deleted here',
    });
  const path = personal ? personalPath(context, workspace) : presetsPath(workspace);
  const before = await readPresetsFile(path);
  await write(
    context,
    path,
    Object.fromEntries(
      presetNames(before)
        .filter((other) => other !== name)
        .map((other) => [other, findPreset(before, other)]),
    ),
  );
  return { from: personal ? 'personal' : 'workspace', path, notices: [] };
};
