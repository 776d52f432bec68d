import { rankRange, type Scored } from '../oracle.ts';
import { number, object, text, type JsonObject } from '../program.ts';
import type { Tally } from '../tally.ts';
import type { At } from './changed.ts';

/** Exact rank and score in the evidence of the model channel, of what is below the cutoff and of what was missed. */
export const checkStanding = (
  all: readonly Scored[],
  adId: string,
  channel: JsonObject,
  tally: Tally,
  at: At,
): void => {
  const standing = rankRange(all, adId);
  const evidence = object(channel, 'evidence');
  if (standing === null || !['rank', 'ef', 'no-ef'].includes(text(evidence, 'type'))) return;
  const [rank, score] = [number(evidence, 'rank'), number(evidence, 'score')];
  tally.check(
    'exact rank',
    rank >= standing.from && rank <= standing.to,
    at,
    () => `${rank}, brute force ${standing.from}–${standing.to}`,
  );
  tally.check(
    'why-not score',
    Math.abs(score - standing.score) <= standing.eps,
    at,
    () => `${score}, brute force ${standing.score}`,
  );
};
