import { ask, list, number, numberOrNull, object, objectOrNull, text, type JsonObject } from '../program.ts';
import type { Random } from '../random.ts';
import type { Shop } from '../shops.ts';
import type { Tally } from '../tally.ts';
import {
  endsOf,
  groupsOf,
  line,
  membership,
  shopCases,
  withWeight,
  type At,
  type Query,
  type ShopCase,
} from './changed.ts';
import { jsonOf } from './lists.ts';

/** A merge in which the model has no place: no change of it changes the list. */
const asksNoModel = (query: JsonObject): boolean =>
  text(query, 'mode') === 'merged' && object(object(query, 'merge'), 'quota')['model'] === 0;

/** Goal, cause, change and intervals of `counterfactual`, each run again on the command line. */
export const checkCounterfactual = async (shop: Shop, random: Random, tally: Tally, most: number): Promise<void> => {
  const cases = [
    ...(await shopCases(shop, random, most, 'model')),
    ...(await shopCases(shop, random, most, 'merged')),
  ].flatMap((one) => ['weights', 'events'].map((by) => ({ one, by, own: random.fork() })));
  await Promise.all(
    cases.map(async ({ one, by, own }) => {
      const words = line('counterfactual', one.query, one.adId, '--by', by);
      const [answer] = await ask(shop.dir, [{ words }]);
      const at = { world: shop.spec.name, command: words.join(' ') };
      if (answer?.ok === false && asksNoModel(one.query)) {
        tally.check(
          'counterfactual refused without the model',
          /not ask the model/.test(answer.message),
          at,
          () => answer.message,
        );
        return;
      }
      const json = jsonOf(answer, words.join(' '));
      await Promise.all([
        checkChange(shop, one, json, tally, at),
        by === 'weights' ? checkIntervals(shop, one, json, own, tally, at) : null,
        by === 'weights' ? checkSmallest(shop, one, json, own, tally, at) : null,
        by === 'weights' ? null : checkSmallestSet(shop, one, json, tally, at),
      ]);
    }),
  );
};

const checkChange = async (shop: Shop, one: ShopCase, json: JsonObject, tally: Tally, at: At): Promise<void> => {
  const { query, adId, inList, missed } = one;
  tally.check(
    'counterfactual goal',
    (text(json, 'goal') === 'out') === inList,
    at,
    () => `in the list: ${String(inList)}`,
  );
  const cause = objectOrNull(json, 'missed');
  if (text(query, 'mode') === 'model')
    tally.check('counterfactual names a missed ad', (cause !== null) === missed, at, () => JSON.stringify(cause));
  const applied = objectOrNull(json, 'applied');
  tally.check(
    'counterfactual verified',
    (json['verified'] === true) === (applied !== null),
    at,
    () => 'applied and verified differ',
  );
  if (applied !== null) {
    const [after] = await membership(shop.dir, adId, [applied]);
    tally.check('counterfactual works', after === !inList, at, () => `after: ${String(after)}`);
  }
  const ef = cause === null ? null : objectOrNull(cause, 'ef');
  if (ef !== null) {
    const to = number(ef, 'to');
    const [works, less] = await membership(shop.dir, adId, [
      { ...query, ef: to },
      { ...query, ef: to - 1 },
    ]);
    tally.check('missed ad: its ef finds it', works === true, at, () => `ef ${to}`);
    tally.check('missed ad: one ef less does not', less === false, at, () => `ef ${to - 1}`);
  }
};

const checkIntervals = async (
  shop: Shop,
  { query, adId }: ShopCase,
  json: JsonObject,
  random: Random,
  tally: Tally,
  at: At,
): Promise<void> => {
  for (const group of groupsOf(json, 'intervals')) {
    const name = text(group, 'group');
    const ends = list(group, 'intervals').map(endsOf);
    const inside = ends.flatMap(({ from, to }) => [from, to, from + random.next() * (to - from)]);
    const gaps = [0, ...ends.flatMap(({ from, to }) => [from, to]), 4];
    const outside = [
      ...ends.flatMap(({ below, above }) => [below, above]).filter((end) => end !== null),
      ...Array.from({ length: gaps.length / 2 }, (_, i) => {
        const [low, high] = [gaps[2 * i] ?? 0, gaps[2 * i + 1] ?? 0];
        return high - low > 1e-5 ? low + (0.01 + 0.98 * random.next()) * (high - low) : null;
      }).filter((weight) => weight !== null),
    ];
    const asked = [...inside, ...outside];
    const lists = await membership(
      shop.dir,
      adId,
      asked.map((weight) => withWeight(query, name, weight)),
    );
    asked.forEach((weight, i) => {
      tally.check(
        'counterfactual interval',
        lists[i] === i < inside.length || lists[i] === null,
        at,
        () => `${name} ${weight}: in the list ${String(lists[i])}`,
      );
    });
  }
};

/** `one-group`: no nearer thousandth of one weight reaches the goal. */
const checkSmallest = async (
  shop: Shop,
  { query, adId, inList }: ShopCase,
  json: JsonObject,
  random: Random,
  tally: Tally,
  at: At,
): Promise<void> => {
  if (text(object(json, 'search'), 'method') !== 'one-group') return;
  const l1 = numberOrNull(json, 'l1');
  if (l1 === null) return;
  const steps = Array.from({ length: Math.ceil(l1 * 1000 - 1e-6) - 1 }, (_, i) => (i + 1) / 1000);
  const asked = groupsOf(json, 'intervals').flatMap((group) =>
    random.sample(steps, 40).flatMap((step) =>
      [step, -step].flatMap((by): Query[] => {
        const weight = Math.round((number(group, 'weight') + by) * 1000) / 1000;
        return weight < 0 || weight > 4 ? [] : [withWeight(query, text(group, 'group'), weight)];
      }),
    ),
  );
  const lists = await membership(shop.dir, adId, asked);
  const nearer = asked.find((_, i) => lists[i] === !inList);
  tally.check('counterfactual is the nearest thousandth', nearer === undefined, at, () =>
    JSON.stringify(nearer?.['weights']),
  );
};

/**
 * A set of two behaviours or three is said to be the smallest: no single behaviour of the user's does it, and of three no
 * two of them.
 */
const checkSmallestSet = async (
  shop: Shop,
  { query, adId, inList }: ShopCase,
  json: JsonObject,
  tally: Tally,
  at: At,
): Promise<void> => {
  const changes = list(json, 'changes').map((change) => text(change, 'eventId'));
  if (changes.length < 2) return;
  const [acts] = await ask(shop.dir, [{ words: line('events', query, '--limit', '1000') }]);
  const all = list(jsonOf(acts, 'events'), 'events').map((event) => text(event, 'eventId'));
  const pairs = changes.flatMap((a, i) => changes.slice(i + 1).map((b) => [a, b]));
  const smaller = [...all.map((id) => [id]), ...(changes.length === 3 ? pairs : [])];
  const lists = await membership(
    shop.dir,
    adId,
    smaller.map((excludedEvents) => ({ ...query, excludedEvents })),
  );
  const does = smaller.find((_, i) => lists[i] === !inList);
  tally.check('counterfactual set is minimal', does === undefined, at, () => `${String(does)} alone does it`);
};
