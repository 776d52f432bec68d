import type { InputItem, TowerInput, UserInputs } from '../../domain/groups.ts';
import type { TowerModel } from '../../domain/tower/model.ts';
import { thingsOf } from '../../domain/tower/pool.ts';
import type { Thing } from '../../domain/tower/pool.ts';
import { wordsOf } from '../../domain/tower/words.ts';
import type { UserPool } from './user-pool.ts';

/**
 * Every input as the tower looks it up: one line an ad, a field or a rising category, and one a word of
 * a search. An ad's row is that of its own embedding; an ad without one still counts by its features,
 * so it is out of vocabulary only where none of those is known.
 */
export const describeInputs = (pool: UserPool, model: TowerModel, inputs: UserInputs): TowerInput[] =>
  inputs.groups.flatMap(({ group, items }) =>
    items.flatMap((item) => thingsOf(item).flatMap((thing) => linesOf(pool, model, group, item, thing))),
  );

const linesOf = (
  pool: UserPool,
  { vocabulary }: TowerModel,
  group: string,
  item: InputItem,
  thing: Thing,
): TowerInput[] => {
  const line = (field: string, value: string, id: number | null, outOfVocabulary: boolean): TowerInput => ({
    group,
    field,
    value,
    id,
    outOfVocabulary,
    ageMs: item.ageMs,
    eventId: item.eventId,
    excluded: item.excluded,
  });
  switch (thing.type) {
    case 'ad':
      return [
        line(`${item.kind}.ad`, thing.adId, vocabulary.rowOf('id', thing.adId), pool.rowsOf(thing).rows.length === 0),
      ];
    case 'query':
      return wordsOf(thing.text).map((word) => {
        const row = vocabulary.rowOf('word', word);
        return line(`${item.kind}.word`, word, row, row === null);
      });
    case 'category': {
      const row = vocabulary.rowOf('category', thing.category);
      return [line('category', thing.category, row, row === null)];
    }
    case 'context': {
      const row = vocabulary.rowOf('context', `${thing.field}=${thing.value}`);
      return [line(thing.field, thing.value, row, row === null)];
    }
  }
};
