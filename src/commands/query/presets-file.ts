import type { Preset, PresetOrigin } from '../../answers/change.ts';
import { join, basename, isAbsolute } from 'node:path';
import { z } from 'zod';
import { byCodeUnit } from '../../base/order.ts';
import { readText } from '../../base/text-file.ts';
import { channelNames, maxWeight, minWeight, modes, type RecallQuery } from '../../domain/query.ts';
import { quotaCount, ruleFields } from '../../domain/rules.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { didYouMean, unknownField } from '../../base/nearest.ts';
import type { CommandContext } from '../../console/command.ts';

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
  join(workspace.dir, workspace.manifest.presets?.file ?? 'presets.json');

const textOf = async (path: string): Promise<string | null> => {
  try {
    return await readText(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new RecallError('bad-input', `the presets cannot be read: ${path}`, {
      cause: error,
      found: error instanceof Error ? error.message : String(error),
    });
  }
};

const parseJson = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RecallError('bad-input', `the presets are not JSON: ${path}`, {
      cause: error,
      found: error instanceof Error ? error.message : String(error),
      todo: 'mend the file by hand',
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
  const read = presetsFile.safeParse(parseJson(text, path));
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

const defined = <T extends object>(record: T): Partial<T> => {
  const kept: Partial<T> = { ...record };
  for (const key in kept) if (kept[key] === undefined) delete kept[key];
  return kept;
};

const mergedRules = (query: RecallQuery, { rules: changed }: Preset): RecallQuery['rules'] =>
  changed === undefined
    ? query.rules
    : { ...query.rules, ...defined(changed), quota: { ...query.rules.quota, ...defined(changed.quota ?? {}) } };

const mergedChannels = (query: RecallQuery, { merge: changed, whole }: Preset): RecallQuery['merge'] =>
  changed === undefined
    ? query.merge
    : {
        order: changed.order ?? query.merge.order,
        quota: { ...(whole === true ? {} : query.merge.quota), ...defined(changed.quota ?? {}) },
      };

const ones = (weights: RecallQuery['weights']): RecallQuery['weights'] =>
  Object.fromEntries(Object.keys(weights).map((group) => [group, 1]));

/** The query with the preset laid over it: user, as-of and what-if events stay its own. */
export const applyPreset = (query: RecallQuery, preset: Preset): RecallQuery => {
  const { weights, context, k, ef, mode, disabled, eligibility, whole } = preset;
  return {
    ...query,
    k: k ?? query.k,
    ef: ef ?? query.ef,
    mode: mode ?? query.mode,
    disabled: disabled ?? query.disabled,
    eligibility: eligibility ?? query.eligibility,
    weights: { ...(whole === true ? ones(query.weights) : query.weights), ...weights },
    context: whole === true ? { ...context } : { ...query.context, ...context },
    rules: mergedRules(query, preset),
    merge: mergedChannels(query, preset),
  };
};

/** The rules that differ from the workspace's own; order and quotas always, for whoever reads the file. */
const ruleChanges = ({ rules: own }: RecallQuery, usual: RecallQuery['rules']): Preset['rules'] => ({
  ...Object.fromEntries(
    Object.entries(own).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(Reflect.get(usual, name))),
  ),
  order: [...own.order],
  quota: { ...own.quota },
});

/**
 * The preset that gives this query's settings to any other of the workspace: everything but its user, as-of and what-if
 * events.
 */
export const presetOf = (query: RecallQuery, title: string, usual: RecallQuery['rules']): Preset => ({
  title,
  weights: { ...query.weights },
  context: { ...query.context },
  k: query.k,
  ef: query.ef,
  mode: query.mode,
  disabled: [...query.disabled],
  eligibility: query.eligibility,
  whole: true,
  rules: ruleChanges(query, usual),
  merge: { order: [...query.merge.order], quota: { ...query.merge.quota } },
});

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
    .sort(([a], [b]) => byCodeUnit(a, b))
    .map(([name, preset]) => ({ name, ...preset, from: Object.hasOwn(own, name) ? 'personal' : 'workspace' }));
};

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
