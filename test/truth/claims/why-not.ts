import type { Folder } from '../folders.ts';
import { indexStep, ranking, rankRange, type Scored } from '../oracle.ts';
import { ask, list, number, numberOrNull, numbers, object, text, type JsonObject } from '../program.ts';
import type { Random } from '../random.ts';
import type { Tally } from '../tally.ts';
import { adIdsOf, jsonOf, words, type Asked } from './lists.ts';
import { checkRepair } from './repairs.ts';
import { checkStanding } from './standing.ts';

interface Case {
  readonly asked: Asked;
  readonly adId: string;
  readonly all: readonly Scored[];
  readonly ids: readonly string[];
}

/** Ads worth asking about: in the list, just below the cutoff, far below, deleted, over, not there at all. */
const adsToAsk = (
  folder: Folder,
  all: readonly Scored[],
  ids: readonly string[],
  k: number,
  random: Random,
): string[] => {
  const outside = all.filter(({ adId }) => !ids.includes(adId)).map(({ adId }) => adId);
  const near = all
    .slice(0, k + 5)
    .map(({ adId }) => adId)
    .filter((adId) => !ids.includes(adId));
  return [
    ...new Set([
      ...random.sample([...ids], 1),
      ...random.sample(near, 3),
      ...random.sample(outside, 2),
      ...random.sample([...folder.deleted], 1),
      ...random.sample([...folder.ended], 1),
      'sku-nowhere',
    ]),
  ];
};

const channelOf = (json: JsonObject, name: string): JsonObject | null =>
  list(json, 'channels').find((row) => text(row, 'channel') === name) ?? null;

/** Which verdict brute force allows for an ad that is not in the list. */
const allowed = (folder: Folder, one: Case): { readonly verdicts: readonly string[]; readonly why: string } => {
  const { adId, asked, ids, all } = one;
  if (!folder.adIds.includes(adId)) return { verdicts: ['unknown-ad'], why: 'the sample has no such ad' };
  if (folder.ended.has(adId)) return { verdicts: ['ineligible'], why: 'it is over' };
  if (ids.includes(adId)) return { verdicts: ['recalled'], why: 'it is in the list' };
  if (folder.deleted.has(adId)) return { verdicts: ['not-indexed'], why: 'it is marked as deleted in the index' };
  const own = all.find((ad) => ad.adId === adId)?.score ?? 0;
  const standing = rankRange(all, adId, indexStep(folder.spec.space, own));
  if (standing === null) return { verdicts: ['not-indexed'], why: 'it has no vector' };
  const missed = ['ann-missed', 'unreachable'];
  if (standing.to <= asked.k)
    return { verdicts: missed, why: `exact rank ${standing.from}–${standing.to} of k ${asked.k}` };
  if (standing.from > asked.k)
    return { verdicts: ['below-cutoff'], why: `exact rank ${standing.from}–${standing.to} of k ${asked.k}` };
  return { verdicts: ['below-cutoff', ...missed], why: `a tie at rank ${standing.from}–${standing.to}` };
};

const efsBelow = (ef: number, from: number): number[] =>
  Array.from({ length: Math.max(0, ef - from) }, (_, i) => from + i);

/** Verdicts, margins, certificates and repairs, each run again. */
export const checkWhyNot = async (folder: Folder, random: Random, tally: Tally, most: number): Promise<void> => {
  const { spec, dir, userIds, adIds } = folder;
  const asked: Asked[] = random.sample(userIds, most).map((userId) => ({
    userId,
    k: random.pick([1, 3, 10, 20]),
    ef: random.pick([1, 10, 20, 40]),
  }));
  const lists = await ask(
    dir,
    asked.map((one) => ({ words: words('recall', one, '--with-vectors') })),
  );
  const cases = asked.flatMap((one, i): Case[] => {
    const json = jsonOf(lists[i], `recall ${one.userId}`);
    const all = ranking(folder, numbers(json, 'userVector'), true);
    const ids = adIdsOf(json);
    return adsToAsk(folder, all, ids, one.k, random).map((adId) => ({ asked: one, adId, all, ids }));
  });
  const lines = cases.map(({ asked: one, adId }) => ({ words: words('why-not', one, adId) }));
  const answers = await ask(dir, lines);
  const checkCase = async (one: Case, i: number, own: Random): Promise<void> => {
    const json = jsonOf(answers[i], `why-not ${one.asked.userId} ${one.adId}`);
    const at = { world: spec.name, command: (lines[i]?.words ?? []).join(' ') };
    const verdict = text(json, 'verdict');
    const { verdicts, why } = allowed(folder, one);
    tally.check('why-not verdict', verdicts.includes(verdict), at, () => `${verdict}, but ${why}`);
    if (verdict === 'recalled')
      tally.check(
        'why-not rank',
        number(json, 'rank') === one.ids.indexOf(one.adId) + 1,
        at,
        () => `rank ${number(json, 'rank')}`,
      );
    const channel = channelOf(json, 'model');
    if (channel !== null) checkStanding(one.all, one.adId, channel, tally, at);
    if (verdict === 'below-cutoff' && channel !== null) checkMargin(one, channel, tally, at);
    await checkCertificate(folder, one, json, verdict, tally, at);
    if (!['recalled', 'unknown-ad'].includes(verdict))
      await checkRepair({ dir, query: object(json, 'query'), adId: one.adId, ads: adIds.length, json, at }, own, tally);
  };
  const forks = cases.map(() => random.fork());
  await Promise.all(cases.map((one, i) => checkCase(one, i, forks[i] ?? random)));
};

type At = { readonly world: string; readonly command: string };

const checkMargin = ({ all, adId, asked }: Case, channel: JsonObject, tally: Tally, at: At): void => {
  const standing = rankRange(all, adId);
  if (standing === null) return;
  const evidence = object(channel, 'evidence');
  const score = number(evidence, 'score');
  const kth = all[asked.k - 1];
  const cutoff = numberOrNull(evidence, 'cutoff');
  if (kth !== undefined && cutoff !== null) {
    tally.check('cutoff', cutoff <= kth.score + kth.eps, at, () => `${cutoff}, exact k-th ${kth.score}`);
    tally.check(
      'below the cutoff is below it',
      score <= cutoff + kth.eps + standing.eps + (numberOrNull(evidence, 'step') ?? 0),
      at,
      () => `score ${score}, cutoff ${cutoff}`,
    );
  }
};

/** ann-missed: its ef finds it, no smaller one does. unreachable: the largest ef does not find it either. */
const checkCertificate = async (
  folder: Folder,
  one: Case,
  json: JsonObject,
  verdict: string,
  tally: Tally,
  at: At,
): Promise<void> => {
  const { asked, adId } = one;
  const inLists = async (efs: readonly number[]): Promise<boolean[]> => {
    const answers = await ask(
      folder.dir,
      efs.map((ef) => ({ words: words('recall', { ...asked, ef }) })),
    );
    return answers.map((answer) => adIdsOf(jsonOf(answer, 'recall')).includes(adId));
  };
  if (verdict === 'unreachable') {
    const hit = (await inLists([folder.adIds.length, folder.adIds.length * 2]))[1] ?? false;
    tally.check('unreachable', !hit, at, () => 'an ef as large as the index finds it');
  }
  if (verdict !== 'ann-missed') return;
  const evidence = object(channelOf(json, 'model') ?? json, 'evidence');
  const smallest = numberOrNull(evidence, 'foundAt');
  tally.check('ann-missed has its ef', smallest !== null, at, () => JSON.stringify(evidence));
  if (smallest === null) return;
  const efs = efsBelow(smallest, Math.max(1, asked.k));
  const found = await inLists([...efs, smallest]);
  tally.check('smallest ef finds it', found.at(-1) === true, at, () => `ef ${smallest}`);
  const earlier = efs.find((_, i) => found[i] === true);
  tally.check(
    'no smaller ef finds it',
    earlier === undefined,
    at,
    () => `ef ${String(earlier)} finds it, ${smallest} was claimed`,
  );
};
