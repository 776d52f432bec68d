import { approximationsOf, usedBy } from '../domain/abilities.ts';
import type { AbilityName } from '../domain/abilities.ts';
import type { RecallQuery } from '../domain/query.ts';
import { requireAbilities, requireAbility, unreadOf } from '../engine/abilities.ts';
import { readsModel } from '../domain/sources.ts';
import type { Workspace } from '../workspace/workspace.ts';
import type { CommandFacts } from './command.ts';
import { lacksModel } from './needs.ts';

/** For `when`: a model that can be asked for any of these; else the reason of the first. */
export const modelCan = (
  { hasModel, abilities }: Pick<CommandFacts, 'hasModel' | 'abilities'>,
  ...any: readonly AbilityName[]
): true | string => {
  if (!hasModel) return lacksModel();
  const answers = any.map((ability) => abilities?.[ability] ?? true);
  return answers.includes(true) ? true : (answers[0] ?? true);
};

/**
 * Parts of an answer about these queries that hold only approximately, and context fields that the model does not read.
 * The model is opened only for a query with a context.
 */
export const saidOfModel = async (
  { abilities, encoder }: Pick<Workspace, 'abilities' | 'encoder'>,
  queries: readonly RecallQuery[],
  more: readonly AbilityName[] = [],
): Promise<string[]> => {
  const asked = queries.filter(readsModel);
  if (abilities === null || asked.length === 0) return [];
  const withContext = asked.filter(({ context }) => Object.keys(context).length > 0);
  const model = withContext.length === 0 ? null : await encoder();
  const unread = model === null ? [] : withContext.flatMap((query) => unreadOf(model, query));
  return [...new Set([...approximationsOf(abilities, [...asked.flatMap(usedBy), ...more]), ...unread])];
};

/**
 * A question over many users that the model cannot follow is refused once, before the first of them. Throws
 * `unsupported`.
 */
export const refuseUnable = (
  { abilities, settings: { groups } }: Pick<Workspace, 'abilities' | 'settings'>,
  queries: readonly RecallQuery[],
  more: readonly AbilityName[] = [],
): void => {
  const asked = queries.filter(readsModel);
  if (abilities === null || asked.length === 0) return;
  for (const query of asked) requireAbilities({ abilities, groups }, query);
  for (const ability of more) requireAbility({ abilities }, ability);
};
