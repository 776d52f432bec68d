import { parseArgs } from 'node:util';
import { findSmallDisks } from './small-disk.ts';

/** `npm run test:disks -- --seed N [--moments N]`: exit 1 where a full disk cost something; 0 where none can be made. */
const { values } = parseArgs({
  options: { seed: { type: 'string', default: '1' }, moments: { type: 'string', default: '50' } },
});
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const { skipped, moments, full, problems } = await findSmallDisks({
  seed: Number(values.seed),
  moments: Number(values.moments),
  log: print,
});
print(
  skipped === null
    ? `seed ${values.seed}: ${moments} disks, ${full} full, ${problems.length} problems`
    : `skipped: ${skipped}`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
