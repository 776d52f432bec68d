import { ask, object, text } from '../program.ts';
import type { Random } from '../random.ts';
import type { Shop } from '../shops.ts';
import type { Tally } from '../tally.ts';
import { endsOf, groupsOf, line, membership, shopCases, withWeight, type ShopCase } from './changed.ts';
import { jsonOf } from './lists.ts';

/** Where `stability` says an ad stays, it stays; just outside it does not. */
export const checkStability = async (shop: Shop, random: Random, tally: Tally, most: number): Promise<void> => {
  const cases = (await shopCases(shop, random, most, 'model')).map((one) => ({ one, own: random.fork() }));
  await Promise.all(cases.map(({ one, own }) => checkCase(shop, one, own, tally)));
};

const checkCase = async (
  shop: Shop,
  { query, adId, inList, missed }: ShopCase,
  random: Random,
  tally: Tally,
): Promise<void> => {
  const words = line('stability', query, adId);
  const [answer] = await ask(shop.dir, [{ words }]);
  const json = jsonOf(answer, words.join(' '));
  const at = { world: shop.spec.name, command: words.join(' ') };
  const subject = object(json, 'subject');
  tally.check('stability subject', subject['inList'] === inList, at, () => JSON.stringify(subject));
  tally.check('stability names a missed ad', (subject['missed'] !== null) === missed, at, () =>
    JSON.stringify(subject),
  );
  await Promise.all(
    groupsOf(json, 'groups').map(async (group) => {
      const { from, to, below, above } = endsOf(group);
      const stays = [from, to, from + random.next() * (to - from), from + random.next() * (to - from)];
      const changes = [below, above].filter((end) => end !== null);
      const asked = [...stays, ...changes];
      const lists = await membership(
        shop.dir,
        adId,
        asked.map((weight) => withWeight(query, text(group, 'group'), weight)),
      );
      asked.forEach((weight, i) => {
        tally.check(
          'stability interval',
          lists[i] === (i < stays.length ? inList : !inList),
          at,
          () => `${text(group, 'group')} ${weight}: in the list ${String(lists[i])}`,
        );
      });
    }),
  );
};
