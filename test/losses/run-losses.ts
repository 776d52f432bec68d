import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { commands } from '../../src/commands/registry.ts';
import { lossesOf } from '../../src/commands/users/losses.ts';
import { openUserWorkers } from '../../src/commands/users/workers.ts';
import { parseLine } from '../../src/console/parse.ts';
import { defaultQuery } from '../../src/console/query-defaults.ts';
import type { FunnelData } from '../../src/answers/funnel.ts';
import { summariseLosses } from '../../src/domain/loss-reasons.ts';
import { modes } from '../../src/domain/query.ts';
import type { RecallQuery } from '../../src/domain/query.ts';
import { seededRandom } from '../../src/domain/random.ts';
import { whyNot } from '../../src/engine/why-not/why-not.ts';
import { fakeContext } from '../commands/fake-workspace.ts';
import { openDemo } from '../support/demo.ts';

/**
 * What the funnel claims, over the whole demo: `npm run test:losses -- --seed 1 --ads 50 --loop 5 --mode model`.
 * All pairs of the users and the ads are judged at once; their reasons add up to the pairs. For `--loop` of the ads
 * every pair is asked again by a why-not of its own, and each change that a query says is applied: the funnel of the
 * changed query then has what the change promised. Prints the figures; exit 1 where one differs.
 */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    ads: { type: 'string', default: '50' },
    loop: { type: 'string', default: '5' },
    users: { type: 'string', default: 'all' },
    mode: { type: 'string', default: 'model' },
  },
});

const seed = Number(values.seed);
const mode = modes.find((one) => one === values.mode) ?? 'model';
const demo = await openDemo();
const context = fakeContext(demo);
const users = demo.store.userIds().slice(0, values.users === 'all' ? undefined : Number(values.users));
const order = seededRandom(seed).shuffle(Uint32Array.from({ length: demo.catalog.adCount }, (_, i) => i));
/** Ads with a planted verdict first: among random ones most are far below the cutoff for everybody. */
const planted = readFileSync(join(import.meta.dirname, '../../fixtures/verdicts.jsonl'), 'utf8')
  .split('\n')
  .flatMap((line) => /"adId":"([^"]+)"/.exec(line)?.[1] ?? [])
  .filter((adId) => demo.catalog.ordinalOf(adId) !== null);
const adIds = [...new Set([...planted, ...Array.from(order, (ordinal) => demo.catalog.idOf(ordinal))])].slice(
  0,
  Number(values.ads),
);
const queryOf = (userId: string): RecallQuery => ({ ...defaultQuery(demo, userId), mode });
let wrong = 0;
const say = (holds: boolean, line: string): void => {
  if (!holds) wrong += 1;
  process.stdout.write(`${holds ? 'ok   ' : 'WRONG'} ${line}\n`);
};
const seconds = (from: number): string => `${((performance.now() - from) / 1000).toFixed(1)} s`;

const funnelOf = async (line: string): Promise<FunnelData> => {
  const outcome = parseLine(line.replace(/^recall-tui /, ''), { commands, globals: [] });
  if (!outcome.ok || outcome.parsed.command === null) throw new Error(line);
  const result = await outcome.parsed.command.run(context, outcome.parsed.args);
  if (result.schema !== 'funnel') throw new Error(result.schema);
  return result.data;
};

const started = performance.now();
const threads = openUserWorkers(context, demo);
const { rows } = await lossesOf(threads, demo, {
  questions: users.map((userId) => ({ query: queryOf(userId), adIds })),
  workers: undefined,
  stage: 'verdicts',
});
await threads.end();
const reasons = summariseLosses(rows);
const pairs = reasons.reduce((sum, one) => sum + one.pairs, 0);
say(
  pairs === users.length * adIds.length,
  `mode ${mode}, seed ${seed}: ${adIds.length} ads × ${users.length} users = ${pairs} pairs by reason, ${seconds(started)}`,
);
for (const { reason, detail, pairs: n } of reasons) process.stdout.write(`        ${n} ${reason} ${detail ?? ''}\n`);

const chosen = seededRandom(seed).shuffle(Uint32Array.from(planted, (_, a) => a));
for (const a of [...chosen, ...adIds.keys()].slice(0, Number(values.loop))) {
  const adId = adIds[a] ?? '';
  const from = performance.now();
  let differ = 0;
  for (const [u, userId] of users.entries()) {
    const { verdict, reason, channel } = await whyNot(demo.engine, queryOf(userId), adId, { repair: false });
    const loss = rows[u]?.losses[a];
    if (loss?.verdict !== verdict || loss.channel !== channel || (reason !== null && loss.detail !== reason))
      differ += 1;
  }
  say(differ === 0, `${adId}: ${differ} of ${users.length} pairs differ from their own why-not, ${seconds(from)}`);
  const data = await funnelOf(`funnel ${adId} --mode ${mode} --users ${users.length}`);
  for (const { command, change, reached, regained, lost } of data.changes) {
    if (command === null) continue;
    const after = await funnelOf(`${command} --no-changes`);
    const promised = data.reached + regained - lost;
    say(
      after.reached === promised && reached.after === promised,
      `${adId}: ${JSON.stringify(change)} promises ${data.reached} + ${regained} − ${lost} users, applied: ${after.reached}`,
    );
  }
}
process.stdout.write(`${wrong} wrong, ${seconds(started)}\n`);
await demo.close();
process.exitCode = wrong === 0 ? 0 : 1;
