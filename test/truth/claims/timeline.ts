import { ask, list, number, numberOrNull, text } from '../program.ts';
import type { Random } from '../random.ts';
import type { Shop } from '../shops.ts';
import type { Tally } from '../tally.ts';
import { line, membership, shopCases, type ShopCase } from './changed.ts';
import { adIdsOf, jsonOf } from './lists.ts';

const hour = 3_600_000;

/** Each point and crossing of `timeline` as a query of its own; as-of and every behaviour of the user's is a point. */
export const checkTimeline = async (shop: Shop, random: Random, tally: Tally, most: number): Promise<void> => {
  const cases = (await shopCases(shop, random, most, 'model')).map((one) => ({ one, own: random.fork() }));
  await Promise.all(cases.map(({ one, own }) => checkCase(shop, one, own, tally)));
};

const checkCase = async (shop: Shop, { query, adId }: ShopCase, random: Random, tally: Tally): Promise<void> => {
  const asOf = number(query, 'asOf');
  const [from, to] = [asOf - random.pick([24, 96, 240]) * hour, asOf + random.pick([0, 5]) * hour];
  const words = line('timeline', query, adId, '--from', String(from), '--to', String(to), '--step', '12h');
  const [answer, acts] = await ask(shop.dir, [
    { words },
    { words: line('events', { ...query, asOf: to + 1 }, '--limit', '1000') },
  ]);
  const json = jsonOf(answer, words.join(' '));
  const at = { world: shop.spec.name, command: words.join(' ') };
  const points = list(json, 'points').map((point) => ({
    at: number(point, 'at'),
    rank: numberOrNull(point, 'listRank'),
  }));
  const answers = await ask(
    shop.dir,
    points.map((point) => ({ words: line('recall', { ...query, asOf: point.at }) })),
  );
  points.forEach((point, i) => {
    const ids = adIdsOf(jsonOf(answers[i], 'recall'));
    const rank = ids.includes(adId) ? ids.indexOf(adId) + 1 : null;
    tally.check(
      'timeline point',
      rank === point.rank,
      at,
      () => `${point.at}: ${String(point.rank)}, recall ${String(rank)}`,
    );
  });
  const probed = new Set(points.map((point) => point.at));
  tally.check('timeline probes as-of', probed.has(asOf), at, () => `no point at ${asOf}`);
  const own = list(jsonOf(acts, 'events'), 'events').map((event) => number(event, 'at'));
  for (const event of own.filter((one) => one >= from && one < to))
    tally.check('timeline probes each behaviour', probed.has(event + 1), at, () => `no point at ${event + 1}`);
  const differ = points.filter((p, i) => i > 0 && (p.rank === null) !== (points[i - 1]?.rank === null)).length;
  const crossings = list(json, 'crossings');
  tally.check(
    'timeline crossings',
    crossings.length === differ,
    at,
    () => `${crossings.length}, ${differ} pairs differ`,
  );
  await Promise.all(
    crossings.map(async (crossing) => {
      const enters = text(crossing, 'kind') === 'enters';
      const states = await membership(shop.dir, adId, [
        { ...query, asOf: number(crossing, 'before') },
        { ...query, asOf: number(crossing, 'at') },
      ]);
      tally.check('timeline crossing', states[0] === !enters && states[1] === enters, at, () =>
        JSON.stringify(crossing),
      );
    }),
  );
};
