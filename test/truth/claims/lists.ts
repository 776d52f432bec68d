import type { Folder } from '../folders.ts';
import { indexStep, ranking, rankRange } from '../oracle.ts';
import {
  ask,
  list,
  number,
  numberOrNull,
  numbers,
  object,
  text,
  texts,
  type Answer,
  type JsonObject,
} from '../program.ts';
import type { Random } from '../random.ts';
import type { Tally } from '../tally.ts';

export interface Asked {
  readonly userId: string;
  readonly k: number;
  readonly ef: number;
}

/** A question with all its settings, so that lines of one script do not share them. */
export const words = (command: string, { userId, k, ef }: Asked, ...more: readonly string[]): string[] => [
  command,
  userId,
  ...more,
  '--query',
  JSON.stringify({ userId, k, ef, mode: 'model' }),
];

export const jsonOf = (answer: Answer | undefined, what: string): JsonObject => {
  if (answer?.ok !== true) throw new Error(`${what} was refused: ${answer?.message ?? 'no answer'}`);
  return answer.json;
};

export const adIdsOf = (json: JsonObject): string[] => list(json, 'candidates').map((row) => text(row, 'adId'));

/** Scores, order, cutoff and missed ads of model lists, against brute force over the folder's own numbers. */
export const checkLists = async (folder: Folder, random: Random, tally: Tally, most: number): Promise<void> => {
  const { spec, dir, userIds, adIds } = folder;
  const asked: Asked[] = random.sample(userIds, most).map((userId) => ({
    userId,
    k: random.pick([1, 5, 20, Math.max(1, Math.floor(adIds.length / 3)), adIds.length + 10]),
    ef: random.pick([1, 10, 40, 128]),
  }));
  const lines = asked.map((one) => ({ words: words('recall', one, '--check-ann', '--with-vectors') }));
  const [answers, atK] = await Promise.all([
    ask(dir, lines),
    ask(
      dir,
      asked.map((one) => ({ words: words('recall', { ...one, ef: Math.max(one.ef, one.k) }) })),
    ),
  ]);
  asked.forEach((one, i) => {
    const json = jsonOf(answers[i], `recall ${one.userId}`);
    const at = { world: spec.name, command: (lines[i]?.words ?? []).join(' ') };
    const user = numbers(json, 'userVector');
    const all = ranking(folder, user, true);
    const rows = list(json, 'candidates');
    const ids = adIdsOf(json);
    const ann = object(json, 'ann');
    if (one.ef < one.k)
      tally.check('an ef below k acts as k', ids.join() === adIdsOf(jsonOf(atK[i], 'recall')).join(), at, () =>
        ids.join(' '),
      );
    tally.check(
      'list length',
      rows.length <= Math.min(one.k, all.length),
      at,
      () => `${rows.length} ads of ${all.length} for k ${one.k}`,
    );
    tally.check('list has no ad twice', new Set(ids).size === ids.length, at, () => ids.join(' '));
    rows.forEach((row, r) => {
      const standing = rankRange(all, text(row, 'adId'));
      tally.check('listed ad is live and eligible', standing !== null, at, () => text(row, 'adId'));
      if (standing === null) return;
      const score = number(row, 'score');
      tally.check(
        'score',
        Math.abs(score - standing.score) <= standing.eps + indexStep(spec.space, standing.score),
        at,
        () => `${text(row, 'adId')}: ${score}, brute force ${standing.score}`,
      );
      const before = rows[r - 1];
      tally.check('order', before === undefined || number(before, 'score') >= score, at, () => `rank ${r + 1}`);
    });
    const exact = all.slice(0, one.k);
    const missed = new Set(texts(ann, 'missed'));
    const last = exact.at(-1);
    for (const ad of exact) {
      const sure = last !== undefined && (ad.score > last.score + ad.eps + last.eps || exact.length === all.length);
      if (sure)
        tally.check(
          'missed ads',
          missed.has(ad.adId) === !ids.includes(ad.adId),
          at,
          () => `${ad.adId}: in the list ${String(ids.includes(ad.adId))}, missed ${String(missed.has(ad.adId))}`,
        );
    }
    const recallAtK = numberOrNull(ann, 'recallAtK');
    tally.check(
      'recall at k',
      recallAtK !== null && Math.abs(recallAtK - (exact.length - missed.size) / Math.max(1, exact.length)) < 1e-9,
      at,
      () => `${String(recallAtK)} with ${missed.size} of ${exact.length} missed`,
    );
  });
};
