import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { channelNames, maxWeight, minWeight, modes, type RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { didYouMean } from './nearest.ts';

/** `presets.json`: name → what it changes in a query. Weights and context are merged into the query's, the rest replaces. */
const preset = z.strictObject({
  title: z.string().default(''),
  weights: z.record(z.string(), z.number().min(minWeight).max(maxWeight)).default({}),
  context: z.record(z.string(), z.string()).default({}),
  k: z.number().int().min(1).optional(),
  ef: z.number().int().min(1).optional(),
  mode: z.enum(modes).optional(),
  disabled: z.array(z.enum(channelNames)).optional(),
  eligibility: z.boolean().optional(),
});
const presetsFile = z.record(z.string().min(1), preset);

export type Preset = z.infer<typeof preset>;
export type Presets = Readonly<Record<string, Preset>>;

/** Where the workspace keeps its presets, whether or not the file is there yet. */
export const presetsPath = (workspace: Workspace): string => join(workspace.dir, workspace.manifest.presets?.file ?? 'presets.json');

const readText = async (path: string): Promise<string | null> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new RecallError('bad-input', `the presets cannot be read: ${path}`, { cause: error, found: error instanceof Error ? error.message : String(error) });
  }
};

const parseJson = (text: string, path: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new RecallError('bad-input', `the presets are not JSON: ${path}`, { cause: error, found: error instanceof Error ? error.message : String(error), todo: 'mend the file by hand' });
  }
};

/** Presets in code-unit order of name; none where the workspace has no file. Throws `bad-input` on a file that is none. */
export const readPresets = async (workspace: Workspace): Promise<Presets> => {
  const path = presetsPath(workspace);
  const text = await readText(path);
  if (text === null) return {};
  const read = presetsFile.safeParse(parseJson(text, path));
  if (!read.success) throw new RecallError('bad-input', `the presets are not valid: ${path}`, { expected: 'name → {title, weights, context, k, ef, mode, disabled, eligibility}', found: z.prettifyError(read.error).replace(/\s*\n\s*/g, ' ') });
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

/** The query with the preset laid over it. */
export const applyPreset = (query: RecallQuery, { title: _title, weights, context, ...rest }: Preset): RecallQuery => ({
  ...query,
  ...Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)),
  weights: { ...query.weights, ...weights },
  context: { ...query.context, ...context },
});
