import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seededRandom } from '../../src/domain/random.ts';
import { worldAsOf, writeSource } from '../support/trained-source.ts';

/**
 * Real disks that are too small, as tmpfs: SQLite and hnswlib, whose writes no patched adapter sees, meet ENOSPC too. The
 * program ends in words, what was there before is whole, and with more space the same command works. Needs root.
 */
export interface SmallDiskOptions {
  readonly seed: number;
  /** Sizes tried for each command. */
  readonly moments: number;
  readonly log?: (line: string) => void;
}

export interface SmallDisks {
  /** Why no disk could be made; null: they were. */
  readonly skipped: string | null;
  readonly moments: number;
  /** Disks that were full before the command had ended. */
  readonly full: number;
  readonly problems: readonly string[];
}

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const pageBytes = 4096;
const ampleBytes = 256 * 2 ** 20;

interface Ended {
  readonly code: number | null;
  readonly err: string;
}

const program = (dir: string, argv: readonly string[]): Promise<Ended> =>
  new Promise((resolve) => {
    const child = spawn(process.execPath, [main, ...argv], {
      cwd: dir,
      env: {
        ...process.env,
        HOME: join(dir, 'home'),
        XDG_CACHE_HOME: join(dir, 'cache'),
        XDG_CONFIG_HOME: join(dir, 'home'),
        XDG_STATE_HOME: join(dir, 'home'),
        TMPDIR: dir,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let err = '';
    child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString('utf8')));
    child.once('close', (code) => resolve({ code, err }));
  });

const must = async (dir: string, argv: readonly string[]): Promise<void> => {
  const { code, err } = await program(dir, argv);
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${String(code)}: ${err}`);
};

const importing = ['import', 'csv', 'source', '--out', 'ws'];
const training = ['train', 'ws', '--epochs', '1', '--dim', '8', '--batch', '64', '--until', String(worldAsOf)];
const recording = ['exec', 'script.recall', '-w', 'ws', '--record', 's.jsonl'];

interface Work {
  readonly name: string;
  readonly argv: readonly string[];
  /** What makes the folder as it is before; each step begins where the one before has ended. */
  readonly before: readonly (readonly string[])[];
}

const works: readonly Work[] = [
  { name: 'import', argv: importing, before: [] },
  { name: 'import again', argv: importing, before: [importing] },
  { name: 'train', argv: training, before: [importing] },
  { name: 'index', argv: ['index', 'ws'], before: [importing, training] },
  { name: 'index again', argv: ['index', 'ws'], before: [importing, training, ['index', 'ws']] },
  { name: 'record', argv: recording, before: [importing, training, ['index', 'ws']] },
];

const bytesIn = (dir: string): number =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).reduce(
    (sum, entry) =>
      sum + pageBytes * (entry.isFile() ? Math.ceil(statSync(join(entry.parentPath, entry.name)).size / pageBytes) : 1),
    0,
  );

const left = (dir: string): string[] =>
  readdirSync(dir, { recursive: true })
    .map(String)
    .filter((name) => !name.startsWith('cache') && /partial|building-|\.training-|recall-lock|staging/.test(name));

const mount = (dir: string, bytes: number, again = false): void => {
  const size = `${again ? 'remount,' : ''}size=${Math.ceil(bytes / pageBytes) * pageBytes}`;
  execFileSync('mount', ['-t', 'tmpfs', '-o', size, 'none', dir], { stdio: 'pipe' });
};
const unmount = (dir: string): void => void execFileSync('umount', [dir], { stdio: 'pipe' });

/** null: a disk can be made here. */
const reasonAgainst = (root: string): string | null => {
  if (process.getuid?.() !== 0) return 'not root';
  const dir = join(root, 'try');
  mkdirSync(dir);
  try {
    mount(dir, 2 ** 20);
    unmount(dir);
    return null;
  } catch (error) {
    return `no tmpfs can be mounted: ${error instanceof Error ? error.message.trim() : String(error)}`;
  }
};

const opens = async (dir: string): Promise<string | null> => {
  if (!existsSync(join(dir, 'ws', 'recall.json'))) return 'no workspace';
  const { code, err } = await program(dir, ['users', '-w', 'ws', '--limit', '1']);
  return code === 0 ? null : err.trim();
};

/** One disk: what was wrong; null: nothing. */
const trial = async (
  { name, argv }: Work,
  before: string,
  dir: string,
  bytes: number,
): Promise<{ full: boolean; problem: string | null }> => {
  mount(dir, bytes);
  try {
    cpSync(before, dir, { recursive: true });
    const manifest = join(dir, 'ws', 'recall.json');
    const was = existsSync(manifest) ? readFileSync(manifest, 'utf8') : null;
    const { code, err } = await program(dir, argv);
    const full = code !== 0;
    const wrong = (problem: string): { full: boolean; problem: string } => ({
      full,
      problem: `${name} on a disk of ${bytes} bytes: ${problem}`,
    });
    if (code !== 0 && code !== 2) return wrong(`exit ${String(code)}: ${err.slice(0, 300)}`);
    if (code === 2 && !err.startsWith('recall-tui: ')) return wrong(`no message: ${err.slice(0, 300)}`);
    const remains = left(dir);
    if (full && remains.length > 0) return wrong(`it left ${remains.join(', ')}`);
    if (full && was !== null && readFileSync(manifest, 'utf8') !== was) return wrong('the manifest was changed');
    mount(dir, ampleBytes, true);
    const whole = was === null && full ? null : await opens(dir);
    if (whole !== null) return wrong(`the workspace does not open: ${whole.slice(0, 300)}`);
    if (name === 'record') rmSync(join(dir, 's.jsonl'), { force: true });
    const next = full ? await program(dir, argv) : { code: 0, err: '' };
    if (next.code !== 0) return wrong(`with space it fails: ${next.err.slice(0, 300)}`);
    const end = await opens(dir);
    return end === null
      ? { full, problem: null }
      : wrong(`after that the workspace does not open: ${end.slice(0, 300)}`);
  } finally {
    unmount(dir);
  }
};

export const findSmallDisks = async ({
  seed,
  moments,
  log = () => undefined,
}: SmallDiskOptions): Promise<SmallDisks> => {
  const root = mkdtempSync(join(tmpdir(), 'recall-disks-'));
  const problems: string[] = [];
  let [tried, full] = [0, 0];
  try {
    const skipped = reasonAgainst(root);
    if (skipped !== null) return { skipped, moments: 0, full: 0, problems };
    const random = seededRandom(seed);
    const disk = join(root, 'disk');
    mkdirSync(disk);
    for (const [i, work] of works.entries()) {
      const before = join(root, `before-${i}`);
      const after = join(root, `after-${i}`);
      writeSource(join(before, 'source'), { events: '', friends: '' });
      cpSync(fileURLToPath(new URL('small-disk.recall', import.meta.url)), join(before, 'script.recall'));
      for (const argv of work.before) await must(before, argv);
      cpSync(before, after, { recursive: true });
      await must(after, work.argv);
      const [least, most] = [bytesIn(before), bytesIn(after)];
      const found: string[] = [];
      for (let n = 0; n < moments; n += 1) {
        // While it works it needs more than what remains: up to twice as much.
        const bytes = least + 16 * pageBytes + Math.floor(random.next() * 2 * (most - least + 64 * pageBytes));
        const one = await trial(work, before, disk, bytes);
        tried += 1;
        if (one.full) full += 1;
        if (one.problem !== null) found.push(one.problem);
      }
      problems.push(...found);
      log(`${work.name}: ${moments} disks, ${found.length} problems`);
      for (const problem of new Set(found)) log(`  ${problem}`);
    }
    return { skipped: null, moments: tried, full, problems };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
