import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rankRange, scoreOf, tolerance, type Scored } from '../oracle.ts';
import { ask, list, number, numbers, object, parseJson, text, type JsonObject } from '../program.ts';
import type { Random } from '../random.ts';
import type { Shop } from '../shops.ts';
import type { Tally } from '../tally.ts';
import { line, type At, type Query } from './changed.ts';
import { adIdsOf, jsonOf } from './lists.ts';
import { checkRepair } from './repairs.ts';
import { checkStanding } from './standing.ts';

/** Weights that are as trained, on the scale of thousandths, and beside it. */
const weightsOf = (random: Random, groups: readonly string[]): JsonObject =>
  Object.fromEntries(
    groups.map((group) => [
      group,
      random.pick([1, 1, 1, 0, Math.round(2000 * random.next()) / 1000, 2 * random.next()]),
    ]),
  );

const quotasOf = (random: Random, channels: readonly string[]): JsonObject =>
  Object.fromEntries(channels.map((channel) => [channel, random.below(6)]));

/** A query with lists short enough that quotas, weights and ef all matter. */
const randomQuery = (random: Random, base: Query, mode: string): Query => {
  const { merge, rules } = { merge: object(base, 'merge'), rules: object(base, 'rules') };
  const order = Object.keys(object(merge, 'quota'));
  const ruleOrder = Object.keys(object(rules, 'quota'));
  return {
    ...base,
    mode,
    k: random.pick([3, 8, 15, 30]),
    ef: random.pick([1, 10, 40, 300]),
    weights: random.next() < 0.5 ? object(base, 'weights') : weightsOf(random, Object.keys(object(base, 'weights'))),
    merge: { ...merge, order: random.sample(order, order.length), quota: quotasOf(random, order) },
    rules: { ...rules, order: random.sample(ruleOrder, ruleOrder.length), quota: quotasOf(random, ruleOrder) },
    disabled: mode === 'merged' || mode === 'legacy' ? random.sample(order, random.below(2)) : [],
  };
};

/** Every ad by the vectors that lie in the folder, best first: rows are in code-unit order of the ids. */
const exactly = ({ dir, adIds }: Shop, user: readonly number[]): Scored[] => {
  const entry = object(parseJson(readFileSync(join(dir, 'recall.json'), 'utf8')), 'vectors');
  const bytes = readFileSync(join(dir, text(entry, 'file')));
  const dim = number(entry, 'dim');
  return [...adIds]
    .sort()
    .map((adId, row): Scored => {
      const v = Float32Array.from({ length: dim }, (_, d) => bytes.readFloatLE(4 * (row * dim + d)));
      return { adId, score: scoreOf('ip', user, v), eps: tolerance('ip', user, v) };
    })
    .sort((a, b) => b.score - a.score || (a.adId < b.adId ? -1 : 1));
};

/**
 * Why-not over a model whose weights move, in every mode: exact rank and score against brute force over the vectors of
 * the folder, and the repair with all that was searched for it.
 */
export const checkShopWhyNot = async (shop: Shop, random: Random, tally: Tally, most: number): Promise<void> => {
  const users = ['model', 'merged', 'legacy', 'i2i'].flatMap((mode) =>
    random
      .sample(shop.userIds, mode === 'i2i' ? Math.ceil(most / 3) : most)
      .map((userId) => ({ mode, userId, own: random.fork() })),
  );
  await Promise.all(users.map(({ mode, userId, own }) => checkUser(shop, own, tally, mode, userId)));
};

const checkUser = async (shop: Shop, random: Random, tally: Tally, mode: string, userId: string): Promise<void> => {
  const [plain] = await ask(shop.dir, [{ words: ['recall', userId, '--query', JSON.stringify({ userId })] }]);
  const query = randomQuery(random, object(jsonOf(plain, 'recall'), 'query'), mode);
  const longer = { ...query, k: 2 * number(query, 'k') + 10 };
  const [now, more] = await ask(shop.dir, [
    { words: line('recall', query, '--with-vectors') },
    { words: line('recall', longer) },
  ]);
  // All weights at 0, or a merge without a channel: the program refuses, and there is no list to ask about.
  if (now?.ok !== true || more?.ok !== true) return;
  const ids = adIdsOf(now.json);
  const near = adIdsOf(more.json).filter((adId) => !ids.includes(adId));
  const all = mode === 'model' ? exactly(shop, numbers(now.json, 'userVector')) : null;
  const best = all?.slice(0, number(query, 'k')).flatMap(({ adId }) => (ids.includes(adId) ? [] : [adId])) ?? [];
  const outside = shop.adIds.filter((adId) => !ids.includes(adId));
  const ads = new Set([...random.sample(near, 2), ...random.sample(best, 1), ...random.sample(outside, 1)]);
  const lines = [...ads].map((adId) => ({ adId, own: random.fork(), words: line('why-not', query, adId) }));
  const answers = await ask(shop.dir, lines);
  await Promise.all(
    lines.map(async ({ adId, own, words }, i) => {
      const at = { world: shop.spec.name, command: words.join(' ') };
      const json = jsonOf(answers[i], at.command);
      tally.check('why-not of an ad outside the list', text(json, 'verdict') !== 'recalled', at, () =>
        text(json, 'verdict'),
      );
      const channel = list(json, 'channels').find((row) => text(row, 'channel') === 'model');
      if (all !== null && channel !== undefined) {
        checkStanding(all, adId, channel, tally, at);
        checkMissed(all, adId, number(query, 'k'), channel, tally, at);
      }
      await checkRepair({ dir: shop.dir, query, adId, ads: shop.adIds.length, json, at }, own, tally);
    }),
  );
};

const checkMissed = (
  all: readonly Scored[],
  adId: string,
  k: number,
  channel: JsonObject,
  tally: Tally,
  at: At,
): void => {
  const standing = rankRange(all, adId);
  const type = text(object(channel, 'evidence'), 'type');
  if (standing === null || !['rank', 'ef', 'no-ef'].includes(type)) return;
  tally.check(
    'missed ads are among the exact best',
    type !== 'rank' ? standing.from <= k : standing.to > k || number(channel, 'margin') === 0,
    at,
    () => `${text(channel, 'verdict')}, brute force rank ${standing.from}–${standing.to}, k ${k}`,
  );
};
