import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

/** `npm run test:fuzz -- --seed N [--opens N] [--case N] [--workers N] [--bases DIR]`: exit 1 where an open
 * failed. DIR keeps the sound folders for the next run. */
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    opens: { type: 'string', default: '20000' },
    case: { type: 'string', multiple: true },
    workers: { type: 'string', default: '2' },
    bases: { type: 'string' },
  },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const seed = Number(values.seed);
print(`seed ${seed}`);
const started = performance.now();
const { opens, tallies, failures } = await fuzz({
  seed,
  opens: Number(values.opens),
  workers: Number(values.workers),
  log: print,
  ...(values.bases === undefined ? {} : { basesDir: values.bases }),
  ...(values.case === undefined ? {} : { cases: values.case.map(Number) }),
});
print(
  `${'artefact'.padEnd(34)}${'stale hash refused'.padStart(20)}${'refused'.padStart(10)}${'answered'.padStart(10)}${'failed'.padStart(8)}`,
);
for (const [kind, { refusedStale, refused, answered, failed }] of tallies)
  print(
    `${kind.padEnd(34)}${String(refusedStale).padStart(20)}${String(refused).padStart(10)}${String(answered).padStart(10)}${String(failed).padStart(8)}`,
  );
print(
  `seed ${seed}: ${opens} opens, ${failures.length} problems, ${Math.round((performance.now() - started) / 1000)} s`,
);
process.exitCode = failures.length === 0 ? 0 : 1;
