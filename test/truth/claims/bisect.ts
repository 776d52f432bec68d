import { list, mustRun, number, parseJson, text } from '../program.ts';
import { listsBetween, masksOf, minimalMasks, unitsOf, type Swaps } from '../swaps.ts';
import type { Tally } from '../tally.ts';

const modes = ['model', 'merged', 'legacy'];
const [k, ef] = [20, 12];

/**
 * Every set that `bisect` names is put together as a folder and asked; every other folder between the two is asked too, so
 * that a set with a part that suffices, and a minimal set that is not named, are seen.
 */
export const checkBisect = async (swaps: Swaps, tally: Tally): Promise<void> => {
  const { units, shop, folderOf, name } = swaps;
  const whole = 2 ** units.length - 1;
  const queries = modes.flatMap((mode) => shop.userIds.map((userId) => ({ userId, k, ef, mode })));
  const lists = await listsBetween(swaps, queries);
  for (const mode of modes) {
    const asked = ['--users', String(shop.userIds.length), '--k', String(k), '--ef', String(ef), '--mode', mode];
    const out = await mustRun(['bisect', folderOf(0), folderOf(whole), ...asked, '--json'], { codes: [0, 1] });
    const rows = new Map(list(parseJson(out), 'rows').map((row) => [text(row, 'userId'), row]));
    queries.forEach((query, q) => {
      if (query.mode !== mode) return;
      const at = { world: name, command: `bisect, ${mode}, ${query.userId}` };
      const row = rows.get(query.userId);
      const works = (mask: number): boolean => lists[mask]?.[q] === lists[whole]?.[q];
      tally.check('bisect lists the users whose list changed', (row === undefined) === works(0), at, () =>
        row === undefined ? 'left out' : 'the lists are the same',
      );
      if (row === undefined || works(0)) return;
      const named = masksOf(units, row['causes']);
      const minimal = minimalMasks(units.length, works);
      const words = (masks: readonly number[]): string =>
        masks.map((mask) => unitsOf(units, mask).join('+')).join(', ');
      for (const mask of named) {
        tally.check('a set that bisect names gives the list', works(mask), at, () => words([mask]));
        tally.check(
          'no part of a set that bisect names gives the list',
          minimal.includes(mask),
          at,
          () => `${words([mask])}, minimal: ${words(minimal)}`,
        );
      }
      tally.check(
        minimal.length > 1 ? 'bisect names every one of several minimal sets' : 'bisect names the minimal set',
        minimal.every((mask) => named.includes(mask)),
        at,
        () => `${words(named)}, minimal: ${words(minimal)}`,
      );
      tally.check('bisect ran its claims', number(row, 'runs') >= 2 + named.length, at, () => String(row['runs']));
    });
  }
};
