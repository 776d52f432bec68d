import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

/**
 * Records the accepted sessions of the demo again, one for each named case and each planted verdict of
 * `fixtures/planted.jsonl`. Run it after the demo's data or model changed on purpose, and read the diff:
 *
 *     npm run build && node --import tsx sessions/record.ts
 *
 * What is pinned is what must survive another machine, backend and index seed: the planted ad's presence with
 * room in its rank, RBO with the list, the group that carries it, the verdict. A case whose planted cause is
 * not what the tool answers stops the recording: it is a regression, not a session.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));

const row = z.looseObject({
  case: z.string(),
  userId: z.string(),
  asOf: z.number(),
  adId: z.string(),
  group: z.string().nullable().default(null),
  verdict: z.string().optional(),
  query: z.looseObject({ mode: z.string().optional(), k: z.number().optional(), ef: z.number().optional() }).optional(),
});
type Row = z.infer<typeof row>;

const answer = z.looseObject({
  verdict: z.string().optional(),
  headline: z.looseObject({ group: z.string().nullable() }).optional(),
  candidates: z.array(z.looseObject({ adId: z.string(), rank: z.number() })).optional(),
});

const cli = (args: readonly string[], input = ''): string =>
  execFileSync(process.execPath, [join(root, 'dist', 'main.js'), '-w', 'demo', ...args], {
    encoding: 'utf8',
    input,
    maxBuffer: 1 << 28,
    stdio: ['pipe', 'pipe', 'inherit'],
  });

const ask = (args: readonly string[]): z.infer<typeof answer> => answer.parse(JSON.parse(cli([...args, '--json'])));

const options = ({ asOf, query }: Row): string[] => [
  '--at',
  String(asOf),
  ...(query?.mode === undefined ? [] : ['--mode', query.mode]),
  ...(query?.k === undefined ? [] : ['-k', String(query.k)]),
  ...(query?.ef === undefined ? [] : ['--ef', String(query.ef)]),
];

/** Twice the rank and ten more: another seed of the index or another backend moves an ad by less. */
const room = (rank: number): number => rank * 2 + 10;

const caseLines = (one: Row): string[] => {
  const about = [one.userId, ...options(one)];
  const rank = ask(['recall', ...about]).candidates?.find(({ adId }) => adId === one.adId)?.rank;
  const asked = `recall ${about.join(' ')}`;
  if (rank === undefined)
    return [
      asked,
      'expect rbo 0.8',
      `why-not ${one.userId} ${one.adId} --no-repair`,
      'expect verdict',
      `explain ${one.userId} ${one.adId}`,
      `note planted on ${one.group ?? 'nothing'}; the model does not recall the ad`,
    ];
  const carried = ask(['explain', one.userId, one.adId, ...options(one)]).headline?.group ?? null;
  return [
    asked,
    'expect rbo 0.8',
    `expect present ${one.adId} --rank ${room(rank)}`,
    `note planted on ${one.group ?? 'nothing'}`,
    `explain ${one.userId} ${one.adId}`,
    ...(carried === one.group ? ['expect top-group'] : [`note the strongest group is ${carried ?? 'none'}`]),
    ...(one.group === null
      ? []
      : [
          `recall ${one.userId} --weight ${one.group}=0`,
          `note without ${one.group}`,
          'expect rbo 0.8',
          `recall ${one.userId} --weight ${one.group}=1`,
        ]),
    `recall ${one.userId} --mode legacy`,
    'note the legacy rules beside it',
    'expect rbo 0.8',
    `recall ${one.userId} --mode model`,
  ];
};

const verdictLines = (one: Row): string[] => {
  const about = [one.userId, one.adId, ...options(one)];
  // With its repair: the channel with the cheapest one speaks for the verdict.
  const found = ask(['why-not', ...about]).verdict;
  if (found !== one.verdict)
    throw new Error(`${one.userId} ${one.adId}: planted ${one.verdict ?? ''}, answered ${found ?? 'nothing'}`);
  return [`why-not ${about.join(' ')}`, 'expect verdict'];
};

const record = (name: string, title: string, lines: readonly string[]): void => {
  const dir = mkdtempSync(join(tmpdir(), 'record-'));
  const file = join(dir, `${name}.jsonl`);
  writeFileSync(join(dir, 'script'), lines.join('\n'));
  cli(['exec', join(dir, 'script'), '--record', file, '--title', title]);
  const target = join(here, `${name}.jsonl`);
  rmSync(target, { force: true });
  writeFileSync(`${target}.partial`, readFileSync(file));
  renameSync(`${target}.partial`, target);
  rmSync(dir, { recursive: true });
  process.stdout.write(`${name}: ${lines.filter((line) => !/^(expect|note) /.test(line)).length} steps\n`);
};

const rows = readFileSync(join(root, 'fixtures', 'planted.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => row.parse(JSON.parse(line)));
const named = rows.filter((one) => one.case !== 'planted');
for (const name of new Set(named.filter((one) => one.verdict === undefined).map((one) => one.case))) {
  record(
    name,
    `the case "${name}" of the demo`,
    named.filter((one) => one.case === name && one.verdict === undefined).flatMap(caseLines),
  );
}
const verdicts = new Map(named.flatMap((one) => (one.verdict === undefined ? [] : [[one.verdict, one] as const])));
for (const [verdict, one] of verdicts) record(`why-not-${verdict}`, `why not: ${verdict}`, verdictLines(one));
