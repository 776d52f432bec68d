import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { baseNames, makeBases, type BaseName, type Bases } from './bases.ts';
import { openCase } from './open-case.ts';
import { isLost, runPool, type Outcome } from './pool.ts';
import { targets } from './targets.ts';
import type { CaseTask } from './worker.ts';

export interface FuzzOptions {
  readonly seed: number;
  /** How many opens at least; `cases` instead names what is opened. */
  readonly opens: number;
  readonly cases?: readonly number[];
  readonly bases?: readonly BaseName[];
  /** Processes of their own for the opens; 0: this one. */
  readonly workers?: number;
  /** A folder whose bases are taken, or where they are made; by default they are made for this run. */
  readonly basesDir?: string;
  readonly log?: (line: string) => void;
}

/** How the opens of one kind of artefact ended. */
export interface Tally {
  refusedStale: number;
  refused: number;
  answered: number;
  failed: number;
}

export interface FuzzReport {
  readonly opens: number;
  readonly tallies: ReadonlyMap<string, Tally>;
  readonly failures: readonly string[];
}

const reproduce = (seed: number, n: number): string => `npm run test:fuzz -- --seed ${seed} --case ${n}`;

/** Case n damages a file of target n mod targets, whichever of them are wanted; the seed and n say how. */
const targetOf = (n: number): number => n % targets.length;

const basesIn = async (dir: string, wanted: readonly BaseName[]): Promise<Bases> => {
  const list = join(dir, 'bases.json');
  if (existsSync(list)) return JSON.parse(readFileSync(list, 'utf8'));
  const bases = await makeBases(dir, wanted);
  writeFileSync(list, JSON.stringify(bases));
  return bases;
};

const openHere = (dir: string, bases: Bases, { seed, n, target }: CaseTask): Promise<Outcome> => {
  const chosen = targets[target];
  if (chosen === undefined) throw new Error(`no target ${target}`);
  return openCase({ bases, seed, n, target: chosen, dir, onAsk: () => undefined });
};

export const fuzz = async ({
  seed,
  opens,
  cases,
  bases: wanted = baseNames,
  workers = 2,
  basesDir,
  log = () => undefined,
}: FuzzOptions): Promise<FuzzReport> => {
  const root = mkdtempSync(join(tmpdir(), 'recall-fuzz-'));
  const tallies = new Map<string, Tally>();
  const failures: string[] = [];
  let opened = 0;
  const failed = (kind: string, n: number, what: string): void => {
    const line = `FAILED ${kind}, case ${n}: ${what}\n  ${reproduce(seed, n)}`;
    failures.push(line);
    log(line);
  };
  const onOutcome = ({ n, target }: CaseTask, outcome: Outcome): void => {
    const kind = targets[target]?.kind ?? '';
    const tally = tallies.get(kind) ?? { refusedStale: 0, refused: 0, answered: 0, failed: 0 };
    tallies.set(kind, tally);
    if (isLost(outcome)) {
      opened += 1;
      tally.failed += 1;
      return failed(kind, n, outcome.what);
    }
    for (const one of outcome.opens) {
      opened += 1;
      if (one.outcome === 'failed') tally.failed += 1;
      else if (one.outcome === 'answered') tally.answered += 1;
      else if (one.variant === 'stale') tally.refusedStale += 1;
      else tally.refused += 1;
      for (const problem of one.problems) failed(kind, n, `${outcome.what}: ${problem}`);
    }
  };
  function* tasks(): Generator<CaseTask> {
    if (cases !== undefined) {
      for (const n of cases) yield { seed, n, target: targetOf(n) };
      return;
    }
    for (let n = 0; opened < opens; n += 1) {
      if (n > 0 && n % 250 === 0) log(`case ${n}: ${opened} opens, ${failures.length} problems`);
      const target = targetOf(n);
      if (wanted.includes(targets[target]?.base ?? 'vectors')) yield { seed, n, target };
    }
  }
  try {
    const bases = await basesIn(basesDir ?? join(root, 'bases'), wanted);
    if (workers > 0) await runPool({ root, bases, size: workers, tasks: tasks(), onOutcome });
    else for (const task of tasks()) onOutcome(task, await openHere(join(root, 'case'), bases, task));
    return { opens: opened, tallies, failures };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
