import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { sha256Dir } from '../../src/adapters/files/hash.ts';
import { isRecord } from '../../src/base/json.ts';
import { seededRandom, seedOf, type Random } from '../../src/domain/random.ts';
import { realCli, type Ran } from '../support/real-cli.ts';
import { envOf, sha256, type Base, type Bases } from './bases.ts';
import { disagreement, wrongAnswer, type Answered } from './judge.ts';
import { isProbe, probe } from './probes.ts';
import type { Ask, Target } from './targets.ts';

/** `stale`: the manifest names the hash of the sound file. `right`: that of the damaged one. `plain`: it names none. */
export type Variant = 'stale' | 'right' | 'plain';

export interface Opened {
  readonly variant: Variant;
  readonly outcome: 'refused' | 'answered' | 'failed';
  readonly problems: readonly string[];
  readonly ms: number;
}

export interface CaseResult {
  readonly kind: string;
  readonly what: string;
  readonly breaks: boolean;
  /** null: the damage changed nothing. */
  readonly opens: readonly Opened[];
}

const fieldAt = (json: unknown, field: string): string =>
  String(field.split('.').reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), json));

/** The file that a target names: by a field of the manifest in braces, by a `*`, or as it is. */
const place = (dir: string, named: string): string =>
  named
    .replace(/\{([^}]+)\}/g, (_, field: string) =>
      fieldAt(JSON.parse(readFileSync(join(dir, 'ws', 'recall.json'), 'utf8')), field),
    )
    .split('/')
    .reduce((at, part) => {
      if (!part.includes('*')) return join(at, part);
      const pattern = new RegExp(
        `^${part
          .split('*')
          .map((one) => one.replaceAll('.', '\\.'))
          .join('.*')}$`,
      );
      const name = readdirSync(at).find((one) => pattern.test(one));
      if (name === undefined) throw new Error(`no ${part} in ${at}`);
      return join(at, name);
    }, dir);

const allFiles = (dir: string): string[] =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).flatMap((entry) =>
    entry.isFile() ? [join(entry.parentPath, entry.name)] : [],
  );

const hashOf = async (target: Target, path: string): Promise<string> =>
  target.hash === 'folder' ? sha256Dir(dirname(path)) : sha256(readFileSync(path));

const fullPaths = (argv: readonly string[], dir: string): string[] =>
  argv.map((word) => (word.startsWith('./') ? join(dir, word) : word === '.' ? dir : word));

export interface CaseOptions {
  readonly bases: Bases;
  readonly seed: number;
  readonly n: number;
  readonly target: Target;
  /** A folder for the case; it is removed unless it is kept. */
  readonly dir: string;
  readonly keep?: boolean;
  /** Before each question, whose end may be waited for in vain. */
  readonly onAsk: (what: string) => void;
}

const run = ({ argv }: Ask, dir: string): Promise<Ran> =>
  isProbe(argv[0]) ? probe(argv[0], dir) : realCli(fullPaths(argv, dir), envOf(dir));

/** Of a question that failed without an error of ours: a rejected promise is one too. */
const answered = async (ask: Ask, dir: string): Promise<Answered> => {
  try {
    return { ask, ran: await run(ask, dir) };
  } catch (error) {
    return { ask, ran: { code: 70, out: '', err: error instanceof Error ? (error.stack ?? '') : String(error) } };
  }
};

const openOnce = async (
  variant: Variant,
  asks: readonly Ask[],
  { target, dir, onAsk }: CaseOptions,
  base: Base,
  breaks: boolean,
): Promise<Opened> => {
  const started = performance.now();
  const answers: Answered[] = [];
  const problems: string[] = [];
  const mustRefuse = variant === 'stale' ? target.editable !== true : breaks;
  const adIds = /sample|manifest/.test(target.kind) || base.adIds.length === 0 ? null : new Set(base.adIds);
  for (const ask of asks) {
    const what = `${variant}: ${ask.argv.join(' ')}`;
    onAsk(what);
    const one = await answered(ask, dir);
    answers.push(one);
    const wrong = wrongAnswer(one, { mustRefuse, adIds });
    if (wrong !== null) problems.push(`${what}: ${wrong}`);
  }
  const apart = disagreement(answers);
  if (apart !== null) problems.push(`${variant}: ${apart}`);
  const [first] = answers;
  const outcome = problems.length > 0 ? 'failed' : first?.ran.code === 2 ? 'refused' : 'answered';
  return { variant, outcome, problems, ms: performance.now() - started };
};

const isDoctor = ({ role }: Ask): boolean => role === 'doctor';

/** Of the sound hash it is enough that the list is refused, and now and then that doctor says so. */
const whenStale = (asks: readonly Ask[], random: Random): readonly Ask[] => {
  const doctor = random.next() < 0.2;
  return asks.filter((ask) => ask.role === 'list' || (doctor && isDoctor(ask)));
};

/** Damages one file of a copy of its base, asks, and says what was wrong with the answers. */
export const openCase = async (options: CaseOptions): Promise<CaseResult> => {
  const { bases, seed, n, target, dir, keep, onAsk } = options;
  const random = seededRandom(seedOf(`${seed}:${n}`));
  const base = bases[target.base];
  if (base === undefined) throw new Error(`no base ${target.base}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  try {
    cpSync(base.dir, dir, { recursive: true });
    if (target.warm === true) await warm(dir, base, onAsk);
    const path = place(dir, target.file);
    const before = readFileSync(path);
    const { bytes, what, breaks } = target.mutate(before, random);
    const label = { kind: target.kind, what, breaks };
    if (bytes.equals(before)) return { ...label, opens: [] };
    const manifestPath = join(dir, 'ws', 'recall.json');
    const oldHash = target.hash === undefined ? '' : await hashOf(target, path);
    writeFileSync(path, bytes);
    const asks = target.asks(base, random);
    if (target.hash === undefined) return { ...label, opens: [await openOnce('plain', asks, options, base, breaks)] };
    const stale = await openOnce('stale', whenStale(asks, random), options, base, breaks);
    const manifest = readFileSync(manifestPath, 'utf8');
    writeFileSync(manifestPath, manifest.replaceAll(oldHash, await hashOf(target, path)));
    return { ...label, opens: [stale, await openOnce('right', asks, options, base, breaks)] };
  } finally {
    if (keep !== true && existsSync(dir)) rmSync(dir, { recursive: true, force: true });
  }
};

/** Opens it once, so that what is remembered of it is there: of files that have lain a while. */
const warm = async (dir: string, { user }: Base, onAsk: (what: string) => void): Promise<void> => {
  const old = new Date(Date.now() - 60_000);
  for (const path of allFiles(join(dir, 'ws'))) utimesSync(path, old, old);
  onAsk('warm');
  const { code, err } = await realCli(['recall', user, '-w', join(dir, 'ws')], envOf(dir));
  if (code !== 0) throw new Error(`the sound folder is refused: ${err}`);
};
