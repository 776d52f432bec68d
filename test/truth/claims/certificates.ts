import type { Folder } from '../folders.ts';
import { ranking } from '../oracle.ts';
import { ask, list, numberOrNull, numbers, object, objectOrNull, text } from '../program.ts';
import type { Random } from '../random.ts';
import type { Tally } from '../tally.ts';
import { adIdsOf, jsonOf, words, type Asked } from './lists.ts';
import { checkStanding } from './standing.ts';

/** At which ef each ad is in the list: the list of every ef from k to as many as the index has nodes is asked. */
const listsByEf = async (folder: Folder, asked: Asked): Promise<ReadonlyMap<number, ReadonlySet<string>>> => {
  const most = Math.max(asked.k, folder.adIds.length);
  const efs = Array.from({ length: most - asked.k + 1 }, (_, i) => asked.k + i);
  const answers = await ask(
    folder.dir,
    efs.map((ef) => ({ words: words('recall', { ...asked, ef }) })),
  );
  return new Map(efs.map((ef, i) => [ef, new Set(adIdsOf(jsonOf(answers[i], 'recall')))]));
};

/** The smallest ef that `search-path` and `why-not` name, or that there is none, against the list of every ef. */
export const checkCertificates = async (folder: Folder, random: Random, tally: Tally, most: number): Promise<void> => {
  const users = random.sample(folder.userIds, most).map((userId) => ({ userId, own: random.fork() }));
  await Promise.all(users.map(({ userId, own }) => checkUser(folder, userId, own, tally)));
};

const checkUser = async (folder: Folder, userId: string, random: Random, tally: Tally): Promise<void> => {
  const { spec, dir, adIds, labels, deleted } = folder;
  const asked: Asked = { userId, k: Math.min(random.pick([1, 5, 20]), adIds.length), ef: random.pick([1, 10, 40]) };
  const lists = await listsByEf(folder, asked);
  const [first] = await ask(dir, [{ words: words('recall', asked, '--with-vectors') }]);
  const json = jsonOf(first, 'recall');
  const ranked = ranking(folder, numbers(json, 'userVector'), true);
  const all = ranked.map(({ adId }) => adId);
  const near = all.slice(0, asked.k + 3).filter((adId) => lists.get(Math.max(asked.k, asked.ef))?.has(adId) !== true);
  const ads = [
    ...new Set([
      ...random.sample(near, 4),
      ...random.sample(all.slice(0, asked.k), 2),
      ...random.sample(all, 4),
      ...random.sample([...deleted], 1),
    ]),
  ];
  checkLabels(folder, object(object(json, 'workspace'), 'index')['labels'], tally, userId);
  const lines = ads.flatMap((adId) => [
    { words: words('search-path', asked, adId) },
    { words: words('why-not', asked, adId) },
  ]);
  const answers = await ask(dir, lines);
  for (const [i, adId] of ads.entries()) {
    const at = { world: spec.name, command: (lines[2 * i]?.words ?? []).join(' ') };
    const path = jsonOf(answers[2 * i], at.command);
    const whyNot = jsonOf(answers[2 * i + 1], `why-not ${adId}`);
    const smallest = [...lists].find(([, ids]) => ids.has(adId))?.[0] ?? null;
    const certificate = objectOrNull(path, 'smallestEf');
    const named = certificate === null ? null : numberOrNull(certificate, 'foundAt');
    tally.check(
      'search-path names the smallest ef',
      named === smallest,
      at,
      () => `${String(named)}, every ef run: ${String(smallest)}`,
    );
    tally.check(
      'search-path has the index’s label',
      text(path, 'label') === String(labels[adIds.indexOf(adId)]),
      at,
      () => text(path, 'label'),
    );
    const model = list(whyNot, 'channels').find((row) => text(row, 'channel') === 'model');
    if (model !== undefined) checkStanding(ranked, adId, model, tally, at);
    const verdict = model === undefined ? '' : text(model, 'verdict');
    if (verdict === 'unreachable')
      tally.check('unreachable at every ef', smallest === null, at, () => `ef ${String(smallest)} finds it`);
    if (verdict === 'ann-missed' && model !== undefined)
      tally.check(
        'why-not names the smallest ef',
        numberOrNull(object(model, 'evidence'), 'foundAt') === smallest,
        at,
        () => `${JSON.stringify(model['evidence'])}, every ef run: ${String(smallest)}`,
      );
  }
};

const checkLabels = ({ spec, adIds, labels }: Folder, said: unknown, tally: Tally, userId: string): void => {
  const own = new Map(adIds.map((adId, i) => [adId, String(labels[i])]));
  const pairs: readonly unknown[] = Array.isArray(said) ? said : [];
  tally.check(
    'labels are the index’s',
    pairs.length === adIds.length && pairs.every((pair) => Array.isArray(pair) && own.get(String(pair[1])) === pair[0]),
    { world: spec.name, command: `recall ${userId} --with-vectors` },
    () => JSON.stringify(pairs.slice(0, 3)),
  );
};
