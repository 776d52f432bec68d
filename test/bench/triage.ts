/**
 * `npm run bench:triage -- --rows 100000 --per-user 100 --seed 1`: random pairs of the demo through `triage`, once with a tenth of the
 * rows and once with all: the resident memory over the time, and rows a second. Memory that grows with rows shows.
 */
import { spawn } from 'node:child_process';
import { createWriteStream, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../../src/domain/random.ts';
import { openDemo } from '../support/demo.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string' }, seed: { type: 'string' }, 'per-user': { type: 'string' } },
});
const [rows, seed] = [Number(values.rows ?? 100_000), Number(values.seed ?? 1)];
/** Pairs of one user that follow each other: they share the work of their query. */
const perUser = Number(values['per-user'] ?? 1);
const dir = mkdtempSync(join(tmpdir(), 'recall-triage-'));
const demo = await openDemo();
const users = demo.store.userIds();

const write = async (path: string, count: number): Promise<void> => {
  const random = seededRandom(seed);
  const file = createWriteStream(path);
  file.write('user,ad,expect\n');
  let user = '';
  for (let i = 0; i < count; i += 1) {
    if (i % perUser === 0) user = users[random.below(users.length)] ?? '';
    const ad = demo.catalog.idOf(random.below(demo.catalog.adCount));
    if (!file.write(`${user},${ad},${['present', 'absent', ''][i % 3] ?? ''}\n`)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
};

const residentOf = (pid: number): number => {
  try {
    return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
};

/** The most that was resident in each tenth of the time. */
const tenths = (samples: readonly number[]): number[] =>
  Array.from({ length: 10 }, (_, i) =>
    Math.round(Math.max(0, ...samples.slice((i * samples.length) / 10, ((i + 1) * samples.length) / 10))),
  );

const measure = async (count: number): Promise<void> => {
  const [input, out] = [join(dir, `${count}.csv`), join(dir, `${count}.jsonl`)];
  await write(input, count);
  const started = Date.now();
  const child = spawn(
    process.execPath,
    ['dist/main.js', 'triage', input, '--no-repair', '--out', out, '--junit', join(dir, 'junit.xml'), '-w', demo.dir],
    { stdio: 'ignore' },
  );
  const resident: number[] = [];
  const timer = setInterval(() => {
    const now = residentOf(child.pid ?? 0);
    if (now > 0) resident.push(now);
  }, 200);
  const [code] = await once(child, 'exit');
  clearInterval(timer);
  const seconds = (Date.now() - started) / 1000;
  const lines = readFileSync(out, 'utf8').split('\n').length - 1;
  console.log(
    `${count} pairs, ${perUser} a user in a row (seed ${seed}): exit ${String(code)}, ${lines - 2} rows, ${(statSync(out).size / 2 ** 20).toFixed(1)} MB, resident by tenths of the time ${tenths(resident).join(' ')} MB, ${(count / seconds).toFixed(0)} rows a second`,
  );
};

try {
  await measure(Math.round(rows / 10));
  await measure(rows);
} finally {
  await demo.close();
  rmSync(dir, { recursive: true, force: true });
}
