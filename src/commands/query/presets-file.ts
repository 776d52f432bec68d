import type { Preset, PresetOrigin } from '../../answers/change.ts';
import { join } from 'node:path';
import { z } from 'zod';
import { isOutOfReach, ownFolder } from '../../base/homes.ts';
import { jsonOf } from '../../base/json.ts';
import { byCodeUnit } from '../../base/order.ts';
import { readText } from '../../base/text-file.ts';
import { channelNames, maxWeight, minWeight, modes } from '../../domain/query.ts';
import { quotaCount, ruleFields } from '../../domain/rules.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { didYouMean, unknownField } from '../../base/nearest.ts';
import { placeOf } from '../../workspace/places.ts';

const rules = z.strictObject(ruleFields).partial();
const merge = z.strictObject({
  order: z.array(z.enum(channelNames)).optional(),
  quota: z.partialRecord(z.enum(channelNames), quotaCount).optional(),
});

/**
 * `presets.json`: name → what it changes in a query. Weights, context and quotas are merged into the
 * query's, the rest replaces. A `whole` preset, as `--save` writes it, is all there is: weights it does
 * not name are 1, context fields and quotas it does not name are gone.
 */
const preset = z.strictObject({
  title: z.string().default(''),
  weights: z.record(z.string(), z.number().min(minWeight).max(maxWeight)).default({}),
  context: z.record(z.string(), z.string()).default({}),
  k: z.number().int().min(1).optional(),
  ef: z.number().int().min(1).optional(),
  mode: z.enum(modes).optional(),
  disabled: z.array(z.enum(channelNames)).optional(),
  eligibility: z.boolean().optional(),
  rules: rules.optional(),
  merge: merge.optional(),
  whole: z.boolean().optional(),
});
const presetsFile = z.record(z.string().min(1), preset);
export type Presets = Readonly<Record<string, Preset>>;

/** Where the workspace keeps its presets, whether or not the file is there yet. */
export const presetsPath = (workspace: Workspace): string =>
  placeOf(workspace.dir, workspace.manifest.presets?.file ?? 'presets.json');

const textOf = async (path: string): Promise<string | null> => {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    if (error instanceof RecallError) throw error;
    throw new RecallError('bad-input', `the presets cannot be read: ${path}`, {
      cause: error,
      found: error instanceof Error ? error.message : String(error),
    });
  }
};

/** The first field that no preset has, with the nearest name: `short.wieghts: unknown field, did you mean "weights"?` */
const unknownIn = ({ issues }: z.ZodError): string | null => {
  const issue = issues.find(({ code }) => code === 'unrecognized_keys');
  if (issue?.code !== 'unrecognized_keys') return null;
  const [, part, inner] = issue.path;
  const known =
    part === undefined
      ? Object.keys(preset.shape)
      : inner !== undefined
        ? channelNames
        : Object.keys(part === 'rules' ? ruleFields : merge.shape);
  return unknownField([...issue.path, issue.keys[0] ?? ''], known);
};

/** The presets of a file; none where there is no file. Throws `bad-input` on a file that is none. */
export const readPresetsFile = async (path: string): Promise<Presets> => {
  const text = await textOf(path);
  if (text === null) return {};
  const read = presetsFile.safeParse(
    jsonOf(text, {
      code: 'bad-input',
      where: path,
      message: `the presets are not JSON: ${path}`,
      todo: 'mend the file by hand',
    }),
  );
  if (!read.success)
    throw new RecallError('bad-input', `the presets are not valid: ${path}`, {
      expected: 'name → {title, weights, context, k, ef, mode, disabled, eligibility, rules, merge}',
      found: unknownIn(read.error) ?? z.prettifyError(read.error).replace(/\s*\n\s*/g, ' '),
    });
  return read.data;
};

export const presetNames = (presets: Presets): string[] => Object.keys(presets).sort();

export const findPreset = (presets: Presets, name: string): Preset => {
  const found = Object.hasOwn(presets, name) ? presets[name] : undefined;
  if (found !== undefined) return found;
  const names = presetNames(presets);
  throw new RecallError('usage', `no preset "${name}"`, {
    expected: names.length === 0 ? 'none: this workspace has no presets' : `one of ${names.join(', ')}`,
    ...(didYouMean(name, names) === '' ? {} : { todo: didYouMean(name, names) }),
  });
};

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Where a person's own presets of a workspace live: `$XDG_CONFIG_HOME/recall-tui/presets/<name>.json`,
 * by default under `~/.config`. null where the environment names neither folder.
 */
export const personalPresetsPath = (workspace: Pick<Workspace, 'name'>, env: Env): string | null => {
  const folder = ownFolder('config', env);
  return folder === null ? null : join(folder, 'presets', `${encodeURIComponent(workspace.name)}.json`);
};

export const personalPresets = async (workspace: Workspace, env: Env): Promise<Presets> => {
  const path = personalPresetsPath(workspace, env);
  if (path === null) return {};
  return readPresetsFile(path).catch((error: unknown) => {
    // In a home that cannot be reached there are none; the notice about the config says so.
    if (error instanceof RecallError && isOutOfReach(error.cause)) return {};
    throw error;
  });
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
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([name, preset]) => ({ name, ...preset, from: Object.hasOwn(own, name) ? 'personal' : 'workspace' }));
};
