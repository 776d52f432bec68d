import { readFileSync, writeFileSync } from 'node:fs';
import { list, mustRun, number, numberOrNull, object, objectOrNull, parseJson, text, texts } from '../program.ts';
import type { JsonObject } from '../program.ts';
import type { Random } from '../random.ts';
import { listsBetween, masksOf, minimalMasks, unitsOf, type Swaps } from '../swaps.ts';
import type { Tally } from '../tally.ts';

const modes = ['model', 'legacy', 'merged'];

const replay = async (dir: string, session: string, recorded: string): Promise<JsonObject> => {
  const out = await mustRun(['-w', dir, 'replay', session, '--beside', recorded, '--json'], { codes: [0, 1] });
  const [one] = list(parseJson(out), 'sessions');
  if (one === undefined) throw new Error(`no session in ${out.slice(0, 500)}`);
  return one;
};

/** The session with the query of its first step changed in the file. */
const edited = (file: string, field: string, change: (query: JsonObject) => JsonObject): string => {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .map((line) => {
      if (line === '') return line;
      const json = parseJson(line);
      return json['step'] === 1 ? JSON.stringify({ ...json, query: change(object(json, 'query')) }) : line;
    });
  const path = file.replace('.jsonl', `-${field}.jsonl`);
  writeFileSync(path, lines.join('\n'));
  return path;
};

/** Every named set of the cause as a mask; a single set stands in `names`. */
const namedBy = (units: readonly string[], cause: JsonObject): number[] =>
  masksOf(units, cause['sets'] ?? [texts(cause, 'names')]);

/**
 * Sessions recorded on the first folder and on the second. Replayed there they pass; replayed on folders between the two,
 * the first step that diverges and every set of units that mends it are those that brute force over all folders finds;
 * a query edited in the file is blamed only where the edit changes the list.
 */
export const checkReplay = async (swaps: Swaps, random: Random, tally: Tally, most: number): Promise<void> => {
  const { units, shop } = swaps;
  const queries = random
    .sample(shop.userIds, most)
    .flatMap((userId) => modes.map((mode) => ({ userId, k: 20, ef: 12, mode })));
  const lists = await listsBetween(swaps, queries);
  for (const home of [0, 2 ** units.length - 1]) {
    const session = await record(swaps, home, queries);
    await checkCauses(swaps, home, session, lists, random, tally);
    if (home === 0) await checkEdits(swaps, session, lists, tally);
  }
};

const record = async (
  { shop, name, folderOf }: Swaps,
  home: number,
  queries: ReadonlyArray<{ readonly userId: string }>,
): Promise<string> => {
  const session = `${shop.dir}-${name}-${home}.jsonl`;
  const script = queries.map((query) => `recall ${query.userId} --query '${JSON.stringify(query)}'\nexpect ids\n`);
  await mustRun(['-w', folderOf(home), 'exec', '-', '--record', session], { stdin: script.join('') });
  return session;
};

/** Replays on folders that differ from the recording's in the units of a mask. */
const checkCauses = async (
  { units, folderOf, name }: Swaps,
  home: number,
  session: string,
  lists: ReadonlyArray<readonly string[]>,
  random: Random,
  tally: Tally,
): Promise<void> => {
  const whole = 2 ** units.length - 1;
  const single = home === 0 ? units.map((_, i) => 1 << i) : [];
  for (const mask of new Set([0, ...single, random.below(whole) + 1, whole])) {
    const report = await replay(folderOf(home ^ mask), session, folderOf(home));
    const at = {
      world: name,
      command: `replay of ${unitsOf(units, home).join('+') || 'the first'} with ${unitsOf(units, mask).join('+') || 'nothing'} changed`,
    };
    const holds = (q: number, changed: number): boolean => lists[home ^ changed]?.[q] === lists[home]?.[q];
    const steps = (lists[0] ?? []).map((_, q) => q);
    const failing = steps.filter((q) => !holds(q, mask));
    tally.check(
      'replay fails the steps whose list changed',
      number(report, 'failed') === failing.length && number(report, 'passed') === steps.length - failing.length,
      at,
      () => `${number(report, 'failed')} failed, ${failing.length} lists changed`,
    );
    const first = objectOrNull(report, 'first');
    const [q] = failing;
    tally.check(
      'the first step that diverges',
      (first === null ? null : numberOrNull(first, 'step')) === (q === undefined ? null : q + 1),
      at,
      () => JSON.stringify(first),
    );
    if (first === null || q === undefined) continue;
    const cause = object(first, 'cause');
    const minimal = minimalMasks(units.length, (back) => (back & mask) === back && holds(q, mask & ~back));
    const sets = namedBy(units, cause);
    tally.check('replay proves a unit', text(cause, 'kind') === 'unit' && cause['proved'] === true, at, () =>
      JSON.stringify(cause),
    );
    tally.check(
      minimal.length > 1 ? 'replay names each of several minimal sets' : 'replay names the minimal set, and no other',
      sets.length === minimal.length && minimal.every((one) => sets.includes(one)),
      at,
      () => `${JSON.stringify(cause)}, minimal: ${minimal.map((one) => unitsOf(units, one).join('+')).join(', ')}`,
    );
  }
};

/** The first step with a field of its query edited in the file, replayed where it was recorded and with a unit changed. */
const checkEdits = async (
  { units, folderOf, name }: Swaps,
  session: string,
  lists: ReadonlyArray<readonly string[]>,
  tally: Tally,
): Promise<void> => {
  const home = folderOf(0);
  // Step 1 is of the model alone: the quotas of the merge take no part in its list, k does.
  const shorter = edited(session, 'k', (query) => ({ ...query, k: 15 }));
  const idle = edited(session, 'merge', (query) => {
    const merge = object(query, 'merge');
    return { ...query, merge: { ...merge, quota: { ...object(merge, 'quota'), popular: 3 } } };
  });
  for (const mask of [0, 1]) {
    const changed = unitsOf(units, mask).join('+') || 'nothing';
    const at = (field: string): { world: string; command: string } => ({
      world: name,
      command: `replay with ${field} edited in step 1 and ${changed} changed`,
    });
    const first = objectOrNull(await replay(folderOf(mask), shorter, home), 'first');
    const cause = first === null ? null : object(first, 'cause');
    tally.check(
      'an edited field is blamed where the edit changes the list',
      first !== null && number(first, 'step') === 1 && cause !== null && named(cause, 'knob', ['k']),
      at('k'),
      () => JSON.stringify(first),
    );
    const other = objectOrNull(await replay(folderOf(mask), idle, home), 'first');
    const blamed = other !== null && number(other, 'step') === 1 ? object(other, 'cause') : null;
    const differs = lists[mask]?.[0] !== lists[0]?.[0];
    tally.check(
      'an edited field without effect is not blamed',
      differs ? blamed !== null && named(blamed, 'unit', unitsOf(units, mask)) : blamed === null,
      at('merge'),
      () => JSON.stringify(other),
    );
  }
};

const named = (cause: JsonObject, kind: string, names: readonly string[]): boolean =>
  text(cause, 'kind') === kind && texts(cause, 'names').join() === names.join();
