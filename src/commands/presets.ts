import { isAbsolute } from 'node:path';
import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { flagArg, textArg } from './arg-values.ts';
import type { Command, CommandContext } from './command.ts';
import { findPreset, presetNames, presetsPath, readPresets, type Preset, type Presets } from './presets-file.ts';
import { queryFromArgs } from './query-args.ts';

export interface PresetRow extends Preset { readonly name: string }

const rowsOf = (presets: Presets): PresetRow[] => presetNames(presets).map((name) => ({ name, ...findPreset(presets, name) }));

/** What of a query a preset keeps: its weights and context. */
const presetOf = (query: RecallQuery, title: string): Preset => ({ title, weights: { ...query.weights }, context: { ...query.context } });

const write = async (context: CommandContext, workspace: Workspace, presets: Presets): Promise<void> => {
  const path = presetsPath(workspace);
  if (!isAbsolute(path)) throw new RecallError('internal', 'the workspace has no absolute folder', { found: path });
  const sorted = Object.fromEntries(presetNames(presets).map((name) => [name, findPreset(presets, name)]));
  await context.tools.files.atomicWrite(path, `${JSON.stringify(sorted, null, 2)}\n`);
};

/** Saves the query's weights and context under a name; an existing one only with `replace`. */
export const savePreset = async (context: CommandContext, name: string, query: RecallQuery, options: { title?: string; replace?: boolean } = {}): Promise<Presets> => {
  const workspace = await context.workspace();
  const before = await readPresets(workspace);
  const old = Object.hasOwn(before, name) ? before[name] : undefined;
  if (old !== undefined && options.replace !== true) throw new RecallError('usage', `there is a preset "${name}" already`, { todo: 'give another name, or --replace' });
  const presets = { ...before, [name]: presetOf(query, options.title ?? old?.title ?? '') };
  await write(context, workspace, presets);
  return presets;
};

export const deletePreset = async (context: CommandContext, name: string): Promise<Presets> => {
  const workspace = await context.workspace();
  const before = await readPresets(workspace);
  findPreset(before, name);
  const presets = Object.fromEntries(Object.entries(before).filter(([other]) => other !== name));
  await write(context, workspace, presets);
  return presets;
};

export const presetsCommand: Command = {
  id: 'presets',
  title: 'Presets',
  doc: 'Lists the saved sets of weights and context; --save keeps the weights and context of the query under a name, --delete removes one.',
  family: 'change',
  needs: 'workspace',
  takesQuery: true,
  args: [
    { name: 'user', type: 'user', position: 0, doc: 'The user of the query (default: that of --query, else the first of the sample).' },
    { name: 'save', type: 'string', doc: 'Save the query’s weights and context under this name.' },
    { name: 'title', type: 'string', doc: 'What the saved preset is for.' },
    { name: 'replace', type: 'flag', doc: 'Overwrite a preset of that name.' },
    { name: 'delete', type: 'preset', doc: 'Delete the preset of this name.' },
  ],
  examples: ['presets', 'presets --save night --weight context=1.5 --context hour=23', 'presets --delete night'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const [save, gone] = [textArg(args, 'save'), textArg(args, 'delete')];
    if (save !== undefined && gone !== undefined) throw new RecallError('usage', '--save and --delete do not go together');
    if (gone !== undefined) return { schema: 'presets', data: { presets: rowsOf(await deletePreset(context, gone)), deleted: gone } };
    if (save === undefined) return { schema: 'presets', data: { presets: rowsOf(await readPresets(workspace)) } };
    const query = await queryFromArgs(context, args, textArg(args, 'user') ?? workspace.store.listUsers({ limit: 1 })[0]?.userId);
    const title = textArg(args, 'title');
    const presets = await savePreset(context, save, query, { replace: flagArg(args, 'replace'), ...(title === undefined ? {} : { title }) });
    return { schema: 'presets', data: { presets: rowsOf(presets), saved: save } };
  },
};
