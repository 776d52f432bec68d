import { endOfDay } from '../../base/time.ts';
import { plainAd, plainEvent, type Format } from './format.ts';
import { eventsGroup } from './groups.ts';
import { timeSplit } from './times.ts';

/** The log says month and day only. 2014 is the year the contest ran in. */
const year = 2014;
const china = 480;
const kinds: Readonly<Record<string, string>> = { 0: 'click', 1: 'purchase', 2: 'favourite', 3: 'cart' };

/** Alibaba's 2014 contest log: one row a behaviour with a brand; the brand is the ad. */
export const tmall: Format = {
  id: 'tmall',
  title: 'Alibaba contest log 2014 (t_alibaba_data.csv)',
  name: 'tmall',
  read: async (run) => {
    await run.each(
      't_alibaba_data.csv',
      { columns: ['user_id', 'brand_id', 'type', 'visit_datetime'], header: true },
      ([user = '', brand = '', type = '', date = ''], line) => {
        const [month, dayOfMonth] = date.split('-').map(Number);
        const at = endOfDay(year, month ?? Number.NaN, dayOfMonth ?? Number.NaN, china);
        const kind = kinds[type];
        if (user === '' || brand === '') return 'missing-id';
        if (kind === undefined) return 'unknown-type';
        if (at === null) return 'bad-date';
        if (!run.seen.users.has(user)) run.addUser({ userId: user, attributes: {} });
        if (!run.seen.ads.has(brand)) run.addAd(plainAd(brand, { title: `brand ${brand}`, brand }));
        run.addEvent(plainEvent(`row:${line}`, user, kind, at, { adId: brand }));
        return null;
      },
    );
    const engagementKinds = ['click', 'purchase'];
    const asOf = timeSplit(run.seen, engagementKinds, china);
    return {
      groups: [
        eventsGroup('browse', ['click']),
        eventsGroup('favourite', ['favourite', 'cart']),
        eventsGroup('purchase', ['purchase']),
      ],
      engagementKinds,
      syntheticTimes: false,
      tzOffsetMinutes: china,
      asOf,
      trainUntil: asOf,
      decisions: [
        'The dates have no year: 2014 is assumed, in China time. They have no hour either: an event counts from the last millisecond of its day, so that nothing is visible before it can have happened.',
        'Every row is one event, repeated rows too (a brand clicked five times in a day). The hour of day is unknown and brands have no category: there is no context group and no trend group.',
      ],
    };
  },
};
