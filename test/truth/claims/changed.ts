import { ask, list, object, text, texts, type Answer, type JsonObject } from '../program.ts';
import type { Random } from '../random.ts';
import type { Shop } from '../shops.ts';
import { adIdsOf, jsonOf } from './lists.ts';

export type Query = JsonObject;
export type At = { readonly world: string; readonly command: string };

/** One question with its whole query, and the words that ask it. */
export const line = (command: string, query: Query, ...more: readonly string[]): string[] => [
  command,
  text(query, 'userId'),
  ...more,
  '--query',
  JSON.stringify(query),
];

/** Is the ad in each of these lists? null: the program refused the query. */
export const membership = async (
  dir: string,
  adId: string,
  queries: readonly Query[],
): Promise<Array<boolean | null>> => {
  const answers = await ask(
    dir,
    queries.map((query) => ({ words: line('recall', query) })),
  );
  return answers.map((answer) => (answer.ok ? adIdsOf(answer.json).includes(adId) : null));
};

export const withWeight = (query: Query, group: string, weight: number): Query => ({
  ...query,
  weights: { ...object(query, 'weights'), [group]: weight },
});

export interface ShopCase {
  /** As the program resolved it. */
  readonly query: Query;
  readonly adId: string;
  readonly inList: boolean;
  /** The exact list has it, and the list does not. */
  readonly missed: boolean;
}

/** Ads worth asking about: the last of the list, one that the index missed, one outside. */
export const shopCases = async (shop: Shop, random: Random, most: number, mode: string): Promise<ShopCase[]> => {
  const asked = random.sample(shop.userIds, most).map((userId) => ({
    userId,
    k: random.pick([5, 12, 30]),
    ef: random.pick([5, 12, 40]),
    mode,
  }));
  const answers = await ask(
    shop.dir,
    asked.map((query) => ({ words: line('recall', query, '--check-ann') })),
  );
  return answers.flatMap((answer: Answer): ShopCase[] => {
    const json = jsonOf(answer, 'recall');
    const ids = adIdsOf(json);
    const missed = mode === 'model' ? texts(object(json, 'ann'), 'missed') : [];
    const outside = shop.adIds.filter((id) => !ids.includes(id) && !missed.includes(id));
    return [...ids.slice(-1), ...missed.slice(0, 1), ...random.sample(outside, 1)].map((adId) => ({
      query: object(json, 'query'),
      adId,
      inList: ids.includes(adId),
      missed: missed.includes(adId),
    }));
  });
};

export interface Ends {
  readonly from: number;
  readonly to: number;
  readonly below: number | null;
  readonly above: number | null;
}

const numberOf = (json: JsonObject, key: string): number | null => {
  const value = json[key];
  return typeof value === 'number' ? value : null;
};

export const endsOf = (json: JsonObject): Ends => ({
  from: numberOf(json, 'from') ?? Number.NaN,
  to: numberOf(json, 'to') ?? Number.NaN,
  below: numberOf(json, 'outsideBelow'),
  above: numberOf(json, 'outsideAbove'),
});

export const groupsOf = (json: JsonObject, key: string): JsonObject[] =>
  list(json, key).filter((group) => group['present'] === true);
