import type { InputGroupRow, InputsData } from '../../answers/look.ts';
import type { GroupSpec, TowerInput } from '../../domain/groups.ts';
import type { RecallQuery } from '../../domain/query.ts';
import { checkedQuery } from '../../engine/retrieve.ts';
import { RecallError } from '../../errors.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { modelCan } from '../../console/abilities.ts';
import { textArg } from '../../console/arg-values.ts';
import type { Command } from '../../console/command.ts';
import { queryFromArgs } from '../query/args.ts';
import { lacksUser } from '../../console/needs.ts';

const share = (inputs: readonly TowerInput[]): number =>
  inputs.length === 0 ? 0 : inputs.filter((i) => i.outOfVocabulary).length / inputs.length;

/** How far back a group of behaviours reads; nothing for the others. */
export const windowOf = (spec: GroupSpec | undefined): { readonly windowMs?: number | null } =>
  spec?.source === 'events' || spec?.source === 'social' ? { windowMs: spec.windowMs } : {};

/** Every input of the user tower as the model looks it up. Throws `unsupported` without a model. */
export const inputsData = async (workspace: Workspace, asked: RecallQuery): Promise<InputsData> => {
  const { core } = workspace.engine;
  const query = checkedQuery(core, asked);
  const encoded = await core.encode(query);
  if (encoded === null)
    throw new RecallError('unsupported', 'this workspace has no model, so there are no tower inputs', {
      todo: 'recall-tui train DIR',
    });
  const { encoder, encodings } = encoded;
  const seen = await core.inputs(query);
  const inputs = encoder.describeInputs(seen);
  const weights = core.weightsOf(query, encoder);
  return {
    inputs,
    groups: encoder.groups.map((spec, i): InputGroupRow => ({
      group: spec.name,
      weight: weights[i] ?? 1,
      present: encodings.present[i] ?? false,
      ...windowOf(spec),
      items: seen.groups.find((g) => g.group === spec.name)?.items.length ?? 0,
      maxItems: spec.maxItems,
      outOfVocabulary: share(inputs.filter((input) => input.group === spec.name)),
    })),
  };
};

export const inputsCommand: Command<'inputs'> = {
  id: 'inputs',
  title: 'Show the inputs of the user tower',
  doc: 'Shows every input of the user tower as the model sees it: value, row of the embedding table, out of vocabulary or not, age, and the event it came from.',
  family: 'look',
  needs: 'workspace',
  takesQuery: true,
  keys: ['i'],
  when: (facts) => (facts.userId === null ? lacksUser() : modelCan(facts, 'events', 'groups')),
  args: [{ name: 'user', type: 'user', position: 0, doc: 'The user (default: that of --query).' }],
  examples: ['inputs u-00412', 'inputs u-00412 --exclude e-81'],
  run: async (context, args) => {
    const workspace = await context.workspace();
    const query = await queryFromArgs(context, args, textArg(args, 'user'));
    const data = await inputsData(workspace, query);
    return { schema: 'inputs', query, data };
  },
};
