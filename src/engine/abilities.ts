import { approximationsOf, usedBy } from '../domain/abilities.ts';
import { unreadContext } from '../domain/context-fields.ts';
import type { AbilityName } from '../domain/abilities.ts';
import type { RecallQuery } from '../domain/query.ts';
import { RecallError } from '../errors.ts';
import type { UserEncoder } from './ports/ports.ts';

type Able = Pick<UserEncoder, 'abilities' | 'groups'>;

const uses: Readonly<Record<AbilityName, string>> = {
  weights: 'weights other than 0 and 1',
  groups: 'a feature group taken out',
  events: 'behaviours knocked out or added',
};

/** Throws `unsupported` with the model's own reason. `what` names the question: `explaining a score`. */
export const requireAbility = (
  { abilities }: Pick<Able, 'abilities'>,
  ability: AbilityName,
  what = uses[ability],
): void => {
  const reason = abilities[ability];
  if (reason === true) return;
  throw new RecallError('unsupported', `this model does not support ${what}: ${reason}`, {
    todo: 'ask without it, or ask the rules (--mode legacy); all of it needs a model with a user tower',
  });
};

/** Throws `unsupported` for a query that the model cannot follow: nothing that is asked is passed over in silence. */
export const requireAbilities = (encoder: Able, query: RecallQuery): void => {
  for (const ability of usedBy(query)) requireAbility(encoder, ability);
  const read = new Set(encoder.groups.map(({ name }) => name));
  const [ignored] = Object.entries(query.weights).filter(([group, weight]) => weight !== 1 && !read.has(group));
  if (ignored === undefined) return;
  throw new RecallError('unsupported', `this model has no input that reads the group ${ignored[0]}`, {
    expected: `a weight of one of ${[...read].join(', ')}`,
    found: `${ignored[0]}=${ignored[1]}`,
    todo: 'leave its weight at 1, or map an input of the model to it in recall.json',
  });
};

/** Fields of the query's context that reach no input of the model. */
export const unreadOf = (
  { groups, contextFields }: Pick<UserEncoder, 'groups' | 'contextFields'>,
  { context }: Pick<RecallQuery, 'context'>,
): string[] => {
  if (groups.some(({ source }) => source === 'context'))
    return contextFields === undefined ? [] : unreadContext(context, contextFields);
  const fields = Object.keys(context);
  return fields.length === 0
    ? []
    : [`the context (${fields.join(', ')}) reaches no input of this model: it changes nothing`];
};

/**
 * What holds only approximately of an answer to this query that used these abilities besides, and what of its context
 * is not read: said with every answer of the model. Nothing without a model.
 */
export const approximately = (
  encoder: Pick<UserEncoder, 'abilities' | 'groups' | 'contextFields'> | null,
  query: RecallQuery,
  more: readonly AbilityName[] = [],
): string[] =>
  encoder === null
    ? []
    : [...approximationsOf(encoder.abilities, [...usedBy(query), ...more]), ...unreadOf(encoder, query)];
