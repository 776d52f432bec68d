import { mkdirSync } from 'node:fs';
import { anHour } from './hour.ts';

/** `npm run test:hour -- --seed N [--minutes 60] [--snapshots DIR]`: exit 1 where memory grew by more than 10 %. */
const value = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const seed = Number(value('seed') ?? 1);
const snapshots = value('snapshots');
if (snapshots !== undefined) mkdirSync(snapshots, { recursive: true });
const log = (line: string): void => void process.stdout.write(`${line}\n`);
log(`seed ${seed}`);
const hour = await anHour({
  seed,
  minutes: Number(value('minutes') ?? 60),
  ...(snapshots === undefined ? {} : { snapshots }),
  log,
});
for (const { who, what, early, late } of hour.grown)
  log(`${who} ${what}: ${early.toFixed(1)} → ${late.toFixed(1)} (${((late / early - 1) * 100).toFixed(1)} %)`);
for (const problem of hour.problems) log(`PROBLEM ${problem}`);
log(`${hour.keys} keys in ${hour.seconds.toFixed(0)} s, ${hour.problems.length} problems`);
process.exitCode = hour.problems.length === 0 ? 0 : 1;
