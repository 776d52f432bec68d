import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { checkBisect } from './claims/bisect.ts';
import { checkCertificates } from './claims/certificates.ts';
import { checkCounterfactual } from './claims/counterfactual.ts';
import { checkLists } from './claims/lists.ts';
import { checkReplay } from './claims/replay.ts';
import { checkServed } from './claims/served.ts';
import { checkShopWhyNot } from './claims/shop-why-not.ts';
import { checkStability } from './claims/stability.ts';
import { checkTimeline } from './claims/timeline.ts';
import { checkWhyNot } from './claims/why-not.ts';
import { folderSpecs, makeFolder, type FolderSpec } from './folders.ts';
import { setHome } from './program.ts';
import { createRandom } from './random.ts';
import { makeShop, shopSpecs, type ShopSpec } from './shops.ts';
import { makeSwaps } from './swaps.ts';
import { createTally, type Tally } from './tally.ts';

/*
 * The adversary: makes worlds, asks the program, and refutes what brute force refutes. It knows the command line and its
 * JSON only. `npm run test:truth -- --seed 7` asks all; `--worlds a,b` some.
 */

export const attack = async (
  specs: readonly FolderSpec[],
  seed: number,
  users: number,
  log: (line: string) => void,
  shops: readonly ShopSpec[] = [],
): Promise<Tally> => {
  const root = mkdtempSync(join(tmpdir(), 'recall-truth-'));
  setHome(join(root, 'home'));
  const tally = createTally();
  try {
    for (const [i, spec] of specs.entries()) {
      const random = createRandom(seed * 1000 + i);
      const before = tally.refuted.length;
      const at = { world: spec.name, command: `seed ${seed}, world ${spec.name}` };
      const folder = await makeFolder(root, spec, seed * 1000 + i).catch((error: unknown) => String(error));
      tally.check('the folder becomes a workspace', typeof folder !== 'string', at, () => String(folder));
      if (typeof folder === 'string') continue;
      // Side by side, so that what they ask goes into the same scripts.
      await Promise.all([
        checkLists(folder, random.fork(), tally, users),
        checkWhyNot(folder, random.fork(), tally, users),
        checkCertificates(folder, random.fork(), tally, Math.ceil(users / 2)),
        checkServed(folder, random.fork(), tally, users),
      ]);
      for (const one of tally.refuted.slice(before)) log(`REFUTED ${one.kind}: ${one.why}\n  ${one.command}`);
      log(
        `${spec.name}: ${[...tally.counts.values()].reduce((a, b) => a + b, 0)} claims so far, ${tally.refuted.length} refuted, ${tally.minimal} repairs proved minimal`,
      );
    }
    for (const [i, spec] of shops.entries()) {
      const random = createRandom(seed * 1000 + 500 + i);
      const before = tally.refuted.length;
      const at = { world: spec.name, command: `seed ${seed}, world ${spec.name}` };
      const shop = await makeShop(root, spec, seed * 1000 + 500 + i).catch((error: unknown) => String(error));
      tally.check('the shop becomes a workspace', typeof shop !== 'string', at, () => String(shop));
      if (typeof shop === 'string') continue;
      for (const swap of spec.swaps ?? []) {
        const swaps = await makeSwaps(shop, swap, seed);
        await checkBisect(swaps, tally);
        await checkReplay(swaps, random, tally, Math.min(2, users));
      }
      if (spec.swaps === undefined)
        await Promise.all([
          checkShopWhyNot(shop, random.fork(), tally, users),
          checkCounterfactual(shop, random.fork(), tally, Math.ceil(users / 2)),
          checkStability(shop, random.fork(), tally, users),
          checkTimeline(shop, random.fork(), tally, users),
        ]);
      for (const one of tally.refuted.slice(before)) log(`REFUTED ${one.kind}: ${one.why}\n  ${one.command}`);
      log(
        `${spec.name}: ${[...tally.counts.values()].reduce((a, b) => a + b, 0)} claims so far, ${tally.refuted.length} refuted, ${tally.minimal} repairs proved minimal`,
      );
    }
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
  return tally;
};

const main = async (): Promise<void> => {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      worlds: { type: 'string' },
      users: { type: 'string', default: '6' },
    },
  });
  const seed = Number(values.seed);
  const names = values.worlds?.split(',');
  const specs = folderSpecs.filter(({ name }) => names === undefined || names.includes(name));
  const shops = shopSpecs.filter(({ name }) => names === undefined || names.includes(name));
  console.log(`seed ${seed}`);
  const { counts, refuted, minimal } = await attack(
    specs,
    seed,
    Number(values.users),
    (line) => console.log(line),
    shops,
  );
  for (const [kind, n] of counts) console.log(`${String(n).padStart(6)}  ${kind}`);
  for (const one of refuted) console.log(`REFUTED ${one.kind} in ${one.world}: ${one.why}\n  ${one.command}`);
  console.log(`${minimal} repairs proved minimal`);
  console.log(`${[...counts.values()].reduce((a, b) => a + b, 0)} claims, ${refuted.length} refuted, seed ${seed}`);
  process.exitCode = refuted.length === 0 ? 0 : 1;
};

if (process.argv[1]?.endsWith('run.ts') === true) await main();
