import { plainAd, plainEvent, type Format } from './format.ts';
import { eventsGroup } from './groups.ts';
import { decodeEntities } from './entities.ts';
import { hour, syntheticTime } from './times.ts';

const t0 = Date.UTC(2018, 9, 1);

/**
 * Amazon Video Games 2018 in RecBole's files: `Games-6k.item` and `Games-6k.test.inter` (user, history,
 * target), which have an order and no times. Times are counted from the end: every user's target is at
 * T0, the item before it at T0 − 1 h, and so on; so a cut at T0 hides exactly the target of everyone,
 * and a cut at T0 − 1 h exactly the last two.
 */
export const games: Format = {
  id: 'games',
  title: 'RecBole .item and .inter files (Amazon Video Games 2018)',
  name: 'games',
  read: async (run) => {
    const tabs = { delimiter: '\t', quotes: false, header: true };
    await run.each(
      'Games-6k.item',
      { ...tabs, columns: ['item_id:token', 'title:token_seq'] },
      ([id = '', title = '']) => {
        if (id === '') return 'missing-id';
        return run.addAd(plainAd(id, { title: decodeEntities(title) })) ? null : 'duplicate-id';
      },
    );
    await run.each(
      'Games-6k.test.inter',
      { ...tabs, columns: ['user_id:token', 'item_id_list:token_seq', 'item_id:token'] },
      ([user = '', history = '', target = '']) => {
        const items = [...history.split(' ').filter((item) => item !== ''), target];
        if (user === '' || target === '') return 'missing-id';
        if (!items.every((item) => run.seen.ads.has(item))) return 'unknown-ad';
        if (!run.addUser({ userId: user, attributes: {} })) return 'duplicate-id';
        items.forEach((item, i) =>
          run.addEvent(
            plainEvent(`${user}:${i}`, user, 'purchase', syntheticTime(t0, items.length - 1 - i), { adId: item }),
          ),
        );
        return null;
      },
    );
    return {
      groups: [eventsGroup('purchase', ['purchase'])],
      engagementKinds: ['purchase'],
      syntheticTimes: true,
      tzOffsetMinutes: 0,
      asOf: t0,
      trainUntil: t0 - hour,
      decisions: [
        'The files give an order without times: the target of each user is set at 2018-10-01T00:00Z (T0), each item before it one hour earlier.',
        'As-of T0 sees all but the target; training and i2i read before T0 − 1 h and so leave out the last two items of every user.',
      ],
    };
  },
};
