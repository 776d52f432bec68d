import type { ResultOf } from '../../answers/answers.ts';
import type { PresetsData, ServingPreset } from '../../answers/change.ts';
import { isAbsolute, resolve } from 'node:path';
import type { RecallQuery } from '../../domain/query.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { flagArg, textArg } from '../../console/arg-values.ts';
import type { ArgValues, Command, CommandContext } from '../../console/command.ts';
import { settingDifferences } from '../query/presets-diff.ts';
import { applyPreset } from '../query/preset-settings.ts';
import { allPresets, findPreset, presetsWithOrigin } from '../query/presets-file.ts';
import { deletePreset, savePreset } from '../query/presets-store.ts';
import { queryFromArgs } from '../query/args.ts';

const currentQuery = async (context: CommandContext, args: ArgValues): Promise<RecallQuery> => {
  const { store } = await context.workspace();
  const nobody = context.baseQuery === null && textArg(args, 'query') === undefined;
  return queryFromArgs(
    context,
    args,
    textArg(args, 'user') ?? (nobody ? store.listUsers({ limit: 1 })[0]?.userId : undefined),
  );
};

const servingPreset = (workspace: Workspace, name: string, title: string, query: RecallQuery): ServingPreset => {
  const { weights, context, k, ef, mode, disabled, eligibility, rules, merge } = query;
  const { model, index, rules: rulesHash } = workspace.fingerprints;
  return {
    format: 'recall-tui/preset@1',
    name,
    title,
    madeWith: { workspace: workspace.name, model, index, rules: rulesHash },
    settings: { weights, context, k, ef, mode, disabled, eligibility, rules, merge },
  };
};

type Answer = Omit<PresetsData, 'presets'> & { readonly notices?: readonly string[] };

const save = async (context: CommandContext, args: ArgValues, name: string): Promise<Answer> => {
  const title = textArg(args, 'title');
  const { path, notices } = await savePreset(context, name, await currentQuery(context, args), {
    replace: flagArg(args, 'replace'),
    ...(title === undefined ? {} : { title }),
  });
  return { saved: name, path, notices };
};

const remove = async (context: CommandContext, name: string): Promise<Answer> => {
  const { path, notices } = await deletePreset(context, name);
  return { deleted: name, path, notices };
};

/** Both presets laid over the same query; without `--with`: the current query itself. */
const diff = async (context: CommandContext, args: ArgValues, name: string): Promise<Answer> => {
  const presets = await allPresets(await context.workspace(), context.env);
  const base = await currentQuery(context, args);
  const other = textArg(args, 'with');
  const b = other === undefined ? base : applyPreset(base, findPreset(presets, other));
  return {
    diff: {
      a: name,
      b: other ?? 'the current query',
      differences: settingDifferences(applyPreset(base, findPreset(presets, name)), b),
    },
  };
};

const exportFor = async (context: CommandContext, args: ArgValues, name: string): Promise<Answer> => {
  const workspace = await context.workspace();
  const found = findPreset(await allPresets(workspace, context.env), name);
  const exported = servingPreset(workspace, name, found.title, applyPreset(await currentQuery(context, args), found));
  const out = textArg(args, 'out');
  if (out === undefined) return { exported };
  const path = isAbsolute(out) ? out : resolve(out);
  await context.tools.files.atomicWrite(path, `${JSON.stringify(exported, null, 2)}\n`);
  return { exported, path };
};

const actions: ReadonlyArray<
  readonly [string, (context: CommandContext, args: ArgValues, name: string) => Promise<Answer>]
> = [
  ['save', save],
  ['delete', (context, _args, name) => remove(context, name)],
  ['diff', diff],
  ['export', exportFor],
  [
    'show',
    async (context, _args, name) => {
      findPreset(await allPresets(await context.workspace(), context.env), name);
      return { shown: name };
    },
  ],
];

const run = async (context: CommandContext, args: ArgValues): Promise<ResultOf<'presets'>> => {
  const asked = actions.filter(([name]) => textArg(args, name) !== undefined);
  if (asked.length > 1)
    throw new RecallError('usage', `${asked.map(([name]) => `--${name}`).join(' and ')} do not go together`);
  const [action] = asked;
  const { notices, ...answer }: Answer =
    action === undefined ? {} : await action[1](context, args, textArg(args, action[0]) ?? '');
  const all = await presetsWithOrigin(await context.workspace(), context.env);
  const presets = answer.shown === undefined ? all : all.filter((p) => p.name === answer.shown);
  return { schema: 'presets', data: { presets, ...answer }, ...(notices === undefined ? {} : { notices }) };
};

export const presetsCommand: Command<'presets'> = {
  id: 'presets',
  title: 'List, save, compare and export presets',
  doc: 'Lists the presets: saved sets of weights, context, quotas and list settings. --save stores those of the query under a name (nothing else is ever written to a workspace), --show prints one in full, --diff compares two, --export writes one as JSON for the serving team, --delete removes one.',
  family: 'change',
  needs: 'workspace',
  takesQuery: true,
  keys: ['P'],
  args: [
    {
      name: 'user',
      type: 'user',
      position: 0,
      doc: 'The user of the query (default: that of --query, else the first of the sample).',
    },
    { name: 'save', type: 'string', doc: 'Save the query’s settings under this name.' },
    { name: 'title', type: 'string', personal: 'words', doc: 'Purpose of the saved preset.' },
    { name: 'replace', type: 'flag', doc: 'Overwrite a preset of that name.' },
    { name: 'delete', type: 'preset', doc: 'Delete the preset of this name.' },
    { name: 'show', type: 'preset', doc: 'Show every setting of this preset.' },
    { name: 'diff', type: 'preset', doc: 'Show where this preset differs from --with, or from the current query.' },
    { name: 'with', type: 'preset', doc: 'The preset that --diff compares with.' },
    {
      name: 'export',
      type: 'preset',
      doc: 'Export this preset with every setting resolved, as JSON for the serving team.',
    },
    { name: 'out', type: 'path', doc: 'The file that --export writes (default: the JSON stays in the answer).' },
  ],
  examples: [
    'presets',
    'presets --save night --weight context=1.5 --context hour=23',
    'presets --diff 618 --with everyday',
    'presets --export 618 --out 618.json',
    'presets --delete night',
  ],
  run,
};
