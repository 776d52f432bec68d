import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { seeded } from './seeded.ts';

export const userCount = 24;
export const adCount = 120;
/** Events are one hour apart from here on; the last three of each user come after `worldAsOf`. */
const start = Date.UTC(2025, 5, 1);
const hour = 3_600_000;
export const worldAsOf = start + 20 * hour;

const adId = (i: number): string => (i === 7 ? '4294967301' : `ad-${String(i).padStart(3, '0')}`);
const titles = ['智能音箱', 'desk lamp', '扫地机器人', 'kettle', '跑鞋', '\u001b[2J\u0007 \u202ehostile'];

const ads = (): string =>
  Array.from({ length: adCount }, (_, i) =>
    [
      adId(i),
      `${titles[i % titles.length] ?? ''} ${i}`,
      `shop > c${i % 6}`,
      `b${i % 5}`,
      10 + i,
      i % 9 === 0 ? '2025-06-10' : '',
      i % 11 === 0 ? 0 : 50,
      i % 7 === 0 ? '"{""city"":[""x""]}"' : '',
    ].join(','),
  ).join('\n');

const events = (): string => {
  const random = seeded(11);
  const pick = (user: number): string => adId((user % 6) + 6 * Math.floor(random() * (adCount / 6)));
  return Array.from({ length: userCount * 23 }, (_, i) => {
    const [user, e] = [Math.floor(i / 23), i % 23];
    const kind = e % 5 === 4 ? 'search' : e % 4 === 3 ? 'purchase' : 'click';
    return `e${i},u${user},${kind},${start + e * hour},${kind === 'search' ? '' : pick(user)},${kind === 'search' ? (titles[user % 5] ?? '') : ''}`;
  }).join('\n');
};

export interface Future {
  readonly events: string;
  readonly friends: string;
}

export const writeSource = (dir: string, more: Future): string => {
  mkdirSync(dir, { recursive: true });
  const friends = Array.from({ length: userCount }, (_, i) => `u${i},u${(i + 5) % userCount},`).join('\n');
  writeFileSync(
    join(dir, 'users.csv'),
    `userId,city\n${Array.from({ length: userCount }, (_, i) => `u${i},${i % 2 === 0 ? 'x' : 'y'}`).join('\n')}\nempty,x\n`,
  );
  writeFileSync(join(dir, 'ads.csv'), `adId,title,category,brand,price,startAt,budgetLeft,targeting\n${ads()}\n`);
  writeFileSync(join(dir, 'events.csv'), `eventId,userId,kind,at,adId,query\n${events()}\n${more.events}`);
  writeFileSync(join(dir, 'friends.csv'), `userId,peerId,since\n${friends}\n${more.friends}`);
  return dir;
};
