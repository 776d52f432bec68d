import { findKills, workNames } from './kills.ts';

/** `npm run test:kills -- --seed N [--moments N] [--last N] [--only NAME]`: exit 1 where something was lost or left behind. */
const value = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const only = value('only');
if (only !== undefined && !workNames.includes(only)) throw new Error(`--only is one of ${workNames.join(', ')}`);
const found = await findKills({
  seed: Number(value('seed') ?? 1),
  moments: Number(value('moments') ?? 300),
  last: Number(value('last') ?? 40),
  ...(only === undefined ? {} : { only: [only] }),
  log: (line) => process.stdout.write(`${line}\n`),
});
const problems = found.flatMap((one) => one.problems);
process.stdout.write(
  `${found.reduce((sum, { moments }) => sum + moments, 0)} moments, ${found.reduce((sum, { hit }) => sum + hit, 0)} hit, ${problems.length} problems\n`,
);
process.exitCode = problems.length === 0 ? 0 : 1;
