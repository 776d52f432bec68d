import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Folder } from '../folders.ts';
import { ask, list, number, object, objectOrNull, text, type JsonObject } from '../program.ts';
import type { Random } from '../random.ts';
import type { Tally } from '../tally.ts';
import { adIdsOf, jsonOf } from './lists.ts';

const same = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((adId, i) => adId === b[i]);

/** A cause that is another ef, alone. */
const efOf = (cause: JsonObject | null): { from: number; to: number } | null =>
  cause !== null && text(cause, 'type') === 'another-ef'
    ? { from: number(cause, 'from'), to: number(cause, 'to') }
    : null;

/**
 * Lists served with another ef, some with an ad that the sample lacks: each ef of the range that is named gives the
 * list, those next to it do not, and the strange ad makes no other one unknown.
 */
export const checkServed = async (folder: Folder, random: Random, tally: Tally, most: number): Promise<void> => {
  const users = random.sample(folder.userIds, most).map((userId) => ({ userId, own: random.fork() }));
  await Promise.all(users.map(({ userId, own }) => checkUser(folder, userId, own, tally)));
};

const checkUser = async (folder: Folder, userId: string, random: Random, tally: Tally): Promise<void> => {
  const { spec, dir, adIds } = folder;
  const k = Math.min(8, adIds.length);
  const [here, there] = [k, random.pick([k + 1, 2 * k, 5 * k, 200])];
  const asked = (command: string, ef: number, ...more: readonly string[]): string[] => [
    command,
    userId,
    ...more,
    '--query',
    JSON.stringify({ userId, k, ef, mode: 'model' }),
  ];
  const listsAt = async (efs: readonly number[]): Promise<JsonObject[]> =>
    (
      await ask(
        dir,
        efs.map((ef) => ({ words: asked('recall', ef) })),
      )
    ).map((one) => jsonOf(one, 'recall'));
  const [now, then] = await listsAt([here, there]);
  if (now === undefined || then === undefined) return;
  const [own, served] = [adIdsOf(now), adIdsOf(then)];
  const lacks = random.next() < 0.5;
  const logged = lacks ? [...served.slice(0, -1), 'sku-of-another-shop'] : served;
  const log = join(dir, `served-${userId}.jsonl`);
  const time = number(object(now, 'query'), 'asOf');
  writeFileSync(log, `${JSON.stringify({ user: userId, time, list: logged })}\n`);
  const [answer] = await ask(dir, [{ words: asked('served', here, '--log', log) }]);
  const at = { world: spec.name, command: `served ${userId}, k ${k}, ef ${here}, served with ${there}` };
  const json = jsonOf(answer, at.command);
  tally.check('served list is the same', json['same'] === same(own, logged), at, () => JSON.stringify(json['same']));
  const known = lacks ? served.slice(0, -1) : served;
  const holds = (ids: readonly string[]): boolean => same(ids.slice(0, known.length), known);
  for (const row of list(json, 'rows')) {
    const cause = objectOrNull(row, 'cause');
    const adId = text(row, 'adId');
    if (adId === 'sku-of-another-shop')
      tally.check('a lacking ad is unknown', cause !== null && text(cause, 'type') === 'unknown', at, () =>
        JSON.stringify(cause),
      );
    const range = efOf(cause);
    if (range !== null) {
      const inside = Array.from({ length: Math.min(48, range.to - range.from + 1) }, (_, i) => range.from + i);
      const outside = [...(range.from > k ? [range.from - 1] : []), range.to + 1];
      const lists = (await listsAt([range.to, ...inside, ...outside])).map(adIdsOf);
      tally.check(
        'every ef of the range gives the list',
        lists.slice(0, 1 + inside.length).every(holds),
        at,
        () => `${range.from} to ${range.to}`,
      );
      if (range.to < adIds.length)
        tally.check('no ef next to the range gives the list', !lists.slice(1 + inside.length).some(holds), at, () =>
          JSON.stringify(range),
        );
    } else if (cause !== null && !holds(own) && known.includes(adId) !== own.slice(0, known.length).includes(adId))
      tally.check(
        'another ef is found',
        text(cause, 'type') !== 'unknown',
        at,
        () => `${adId}: ${JSON.stringify(cause)}`,
      );
  }
};
