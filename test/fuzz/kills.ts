import { arm, isDown, mend, type Fault } from './faulty-disk.ts';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileLocks } from '../../src/adapters/sqlite/lock.ts';
import { atomicWrite } from '../../src/base/atomic-file.ts';
import { ownName } from '../../src/base/owner.ts';
import { commands } from '../../src/commands/registry.ts';
import { seededRandom } from '../../src/domain/random.ts';
import { createEngine } from '../../src/engine/create-engine.ts';
import type { FileLock, Locks } from '../../src/engine/ports/artefacts.ts';
import { createFactories } from '../../src/index.ts';
import { importWorkspace } from '../../src/ingest/import-workspace.ts';
import { readSession } from '../../src/session/read.ts';
import { createRecorder, type Recorder } from '../../src/session/recorder.ts';
import { defaultHyper } from '../../src/training/hyper.ts';
import { trainWorkspace } from '../../src/training/train-workspace.ts';
import { buildIndexArtefacts } from '../../src/workspace/index-artefacts.ts';
import { openWorkspaceAt } from '../../src/workspace/open.ts';
import { contextOf, runnerFor, sessionWorkspace, testVault } from '../session/support.ts';
import { worldAsOf, writeSource } from '../support/trained-source.ts';

/**
 * Kills and full disks at random steps of import, train, index and record: nothing is lost beyond the step in flight,
 * nothing is half-written, and after the next start nothing is left behind.
 */
export interface KillsOptions {
  readonly seed: number;
  /** Random moments of each kind of fault for each piece of work. */
  readonly moments: number;
  /** Besides them, each of this many last steps of the work: files change names there, and the manifest. */
  readonly last?: number;
  /** Names of the pieces of work; absent: all. */
  readonly only?: readonly string[];
  readonly log?: (line: string) => void;
}

export interface Found {
  readonly work: string;
  readonly kind: Fault['kind'];
  readonly moments: number;
  /** Moments at which the fault came before the work had ended. */
  readonly hit: number;
  readonly problems: readonly string[];
}

/** A piece of work in a folder. */
interface Work {
  readonly name: string;
  /** Makes what is there before; once, it is copied for each moment. */
  prepare(dir: string): Promise<void>;
  /** Throws where it fails. Doing it again is the next start. */
  run(dir: string): Promise<void>;
  /** What is wrong with what a fault has left, for whoever reads it; null: nothing. */
  check(dir: string): Promise<string | null>;
}

/** Locks of a process that dies are given back, as the system does; their files stay. */
const held = new Set<FileLock>();
const dyingLocks: Locks = {
  ...fileLocks,
  take: (path) => {
    const taken = fileLocks.take(path);
    if ('release' in taken) held.add(taken);
    return taken;
  },
};
const giveBack = (): void => {
  for (const lock of held) {
    try {
      lock.release();
    } catch {
      // Its file cannot be removed any more.
    }
  }
  held.clear();
};

const all = (dir: string, below = ''): string[] =>
  readdirSync(join(dir, below), { withFileTypes: true })
    .flatMap((entry) => {
      const path = join(below, entry.name);
      return entry.isDirectory() ? [`${path}/`, ...all(dir, path)] : [path];
    })
    .sort();

/** The names of two ends of the same work: hashes in them may differ. */
const alike = (names: readonly string[]): string =>
  names
    .filter((name) => !name.startsWith('cache/'))
    .map((name) => name.replace(/-[0-9a-f]{12}(?=[/.])/g, ''))
    .sort()
    .join(' ');

const marks = /partial|building-|\.training-|recall-lock|\.recording$/;

/** The disk as the next process finds it: what is named by this one is named by one that is gone. */
const afterDeath = (dir: string, next: string): void => {
  cpSync(dir, next, { recursive: true });
  const gone = ownName().replace(/^\d+/, String(2 ** 22 - 1));
  for (const name of all(next).reverse()) {
    const path = join(next, name);
    const parts = name.replace(/\/$/, '').split('/');
    const last = parts.at(-1) ?? '';
    if (last.includes(ownName())) renameSync(path, join(next, ...parts.slice(0, -1), last.replace(ownName(), gone)));
  }
};

const said = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));

const tried = async (run: () => Promise<void>): Promise<string | null> => {
  try {
    await run();
    return null;
  } catch (error) {
    return said(error);
  }
};

const trial = async (
  work: Work,
  before: string,
  end: string,
  root: string,
  fault: Fault,
): Promise<[boolean, string | null]> => {
  const dir = mkdtempSync(join(root, 't-'));
  const next = `${dir}-next`;
  cpSync(before, dir, { recursive: true });
  arm(fault);
  const failed = await tried(() => work.run(dir));
  const hit = isDown();
  if (fault.kind === 'kill') giveBack();
  mend();
  giveBack();
  try {
    if (failed !== null && !hit) return [hit, `it failed without a fault: ${failed}`];
    const left = fault.kind === 'full' ? all(dir).filter((name) => marks.test(name)) : [];
    if (left.length > 0) return [hit, `left by a full disk: ${left.join(', ')}`];
    afterDeath(dir, next);
    const wrong = await work.check(next).catch(said);
    if (wrong !== null) return [hit, `after the fault: ${wrong}`];
    const again = await tried(() => work.run(next));
    giveBack();
    if (again !== null) return [hit, `the next start fails: ${again}`];
    const after = await work.check(next).catch(said);
    if (after !== null) return [hit, `after the next start: ${after}`];
    return alike(all(next)) === end ? [hit, null] : [hit, `left behind: ${alike(all(next))} instead of ${end}`];
  } finally {
    for (const one of [dir, next]) rmSync(one, { recursive: true, force: true });
  }
};

const tools = (dir: string): ReturnType<typeof createFactories> =>
  createFactories({ XDG_CACHE_HOME: join(dir, 'cache') });
const quiet = { signal: new AbortController().signal, onProgress: (): void => undefined };

const imported = (dir: string): Promise<unknown> =>
  importWorkspace({
    ...quiet,
    format: 'csv',
    source: join(dir, 'source'),
    out: join(dir, 'ws'),
    name: null,
    mappingFile: null,
    tools: tools(dir),
  });

const trained = (dir: string, seed: number): Promise<unknown> =>
  trainWorkspace(join(dir, 'ws'), tools(dir), {
    ...quiet,
    hyper: { ...defaultHyper, dim: 4, hidden: 4, epochs: 1, batch: 256, negatives: 8, maxSamples: 64, seed },
    until: worldAsOf,
  });

const indexed = (dir: string, m: number, only?: 'i2i'): Promise<unknown> =>
  buildIndexArtefacts(join(dir, 'ws'), tools(dir), { ...quiet, m, efConstruction: 20, seed: m, until: null, only });

/** Files of a person under the names that `train` and `index` like, which no manifest has named. */
const theirs = (dir: string): void => {
  for (const name of ['ads.i2i', 'ads-mine.hnsw', 'ads-0123456789ab.vectors'])
    if (!existsSync(join(dir, 'ws', name))) writeFileSync(join(dir, 'ws', name), 'mine');
};

/** Every artefact that the manifest names is there, whole and of this manifest. */
const opens = async (dir: string): Promise<string | null> => {
  if (!existsSync(join(dir, 'ws', 'recall.json'))) return 'no workspace';
  const workspace = await openWorkspaceAt(join(dir, 'ws'), { tools: tools(dir), createEngine });
  const { notices } = workspace;
  await workspace.close();
  return notices.length === 0 ? null : notices.join('; ');
};

interface Recorded {
  /** Steps whose call had returned. */
  acknowledged: number;
}
const recorded = new Map<string, Recorded>();

const steps = 4;

const record = async (dir: string, others: number): Promise<void> => {
  const path = join(dir, 's.jsonl');
  const workspace = shared();
  const runner = runnerFor(workspace);
  const open = (resume: boolean): Promise<Recorder> =>
    createRecorder({
      path,
      workspace,
      vault: testVault(),
      specsOf: runner.specsOf,
      locks: dyingLocks,
      tool: 'recall-tui/test',
      resume,
    });
  // As a person does: what cannot be gone on with is recorded anew, under the same name.
  const recorder = await open(existsSync(path)).catch(() => open(false));
  const known = { acknowledged: recorder.steps() };
  recorded.set(dir, known);
  for (let n = 0; n < steps; n += 1) {
    for (let other = 0; other < others; other += 1) {
      const refused = await open(true).then(
        () => false,
        () => true,
      );
      if (!refused) throw new Error('two recorders of one file');
    }
    recorder.record('recall', { user: `u${n}`, mode: 'i2i' }, answers()[n % 2] ?? never());
    recorder.expect({ kind: 'set' });
    known.acknowledged = recorder.steps();
  }
  await recorder.settle(atomicWrite);
};

const never = (): never => {
  throw new Error('no answer');
};

let workspaceOnce: ReturnType<typeof sessionWorkspace> | null = null;
const shared = (): ReturnType<typeof sessionWorkspace> => (workspaceOnce ??= sessionWorkspace());
type Answered = Parameters<Recorder['record']>[2];
let answersOnce: readonly Answered[] = [];
const answers = (): readonly Answered[] => answersOnce;
const ask = async (): Promise<void> => {
  const recall = commands.find(({ id }) => id === 'recall') ?? never();
  const context = contextOf(shared());
  answersOnce = [await recall.run(context, { user: 'u0', mode: 'i2i' }), await recall.run(context, { user: 'u1' })];
};

/** At least the steps that were said to be safe, in order; at most the one in flight more. */
const sessionHolds = async (dir: string): Promise<string | null> => {
  const path = join(dir, 's.jsonl');
  const safe = recorded.get(dir.replace(/-next$/, ''))?.acknowledged ?? 0;
  if (!existsSync(path)) return safe === 0 ? null : `no session, ${safe} steps were safe`;
  const read = await readSession(path).catch((error: unknown) => said(error));
  if (typeof read === 'string') return safe === 0 && /holds no session/.test(read) ? null : read;
  const numbers = read.steps.map(({ step }) => step);
  const inOrder = numbers.every((step, i) => step === i + 1);
  return inOrder && numbers.length >= safe ? null : `steps ${numbers.join(',')}, ${safe} were safe`;
};

const works: readonly Work[] = [
  {
    name: 'import',
    prepare: (dir) => Promise.resolve(void writeSource(join(dir, 'source'), { events: '', friends: '' })),
    run: async (dir) => void (await imported(dir)),
    check: async (dir) => (existsSync(join(dir, 'ws')) ? opens(dir) : null),
  },
  {
    name: 'import again',
    prepare: async (dir) => {
      writeSource(join(dir, 'source'), { events: '', friends: '' });
      await imported(dir);
      writeSource(join(dir, 'source'), { events: 'x1,u1,click,1751000000000,ad-001,\n', friends: '' });
    },
    run: async (dir) => void (await imported(dir)),
    check: opens,
  },
  {
    name: 'train',
    prepare: async (dir) => {
      writeSource(join(dir, 'source'), { events: '', friends: '' });
      await imported(dir);
      await trained(dir, 1);
    },
    run: async (dir) => void (await trained(dir, 2)),
    check: opens,
  },
  {
    name: 'index',
    prepare: async (dir) => {
      writeSource(join(dir, 'source'), { events: '', friends: '' });
      await imported(dir);
      await trained(dir, 1);
      await indexed(dir, 8);
    },
    run: async (dir) => void (await indexed(dir, 12)),
    check: opens,
  },
  {
    name: 'first index',
    prepare: async (dir) => {
      writeSource(join(dir, 'source'), { events: '', friends: '' });
      await imported(dir);
      await trained(dir, 1);
      theirs(dir);
    },
    run: async (dir) => void (await indexed(dir, 8)),
    check: opens,
  },
  {
    name: 'index i2i',
    prepare: async (dir) => {
      writeSource(join(dir, 'source'), { events: '', friends: '' });
      await imported(dir);
      await trained(dir, 1);
      await indexed(dir, 8);
      theirs(dir);
      await trained(dir, 2);
    },
    run: async (dir) => void (await indexed(dir, 8, 'i2i')),
    check: opens,
  },
  {
    name: 'train and index after an import',
    prepare: async (dir) => {
      writeSource(join(dir, 'source'), { events: '', friends: '' });
      await imported(dir);
      await trained(dir, 1);
      await indexed(dir, 8);
      writeSource(join(dir, 'source'), { events: 'x1,u1,click,1751000000000,ad-001,\n', friends: '' });
      await imported(dir);
    },
    run: async (dir) => {
      await trained(dir, 2);
      await indexed(dir, 8);
    },
    check: opens,
  },
  {
    name: 'record',
    prepare: (dir) => Promise.resolve(void mkdirSync(dir, { recursive: true })),
    run: (dir) => record(dir, 0),
    check: sessionHolds,
  },
  {
    name: 'two recorders',
    prepare: (dir) => Promise.resolve(void mkdirSync(dir, { recursive: true })),
    run: (dir) => record(dir, 1),
    check: sessionHolds,
  },
];

export const workNames: readonly string[] = works.map(({ name }) => name);

export const findKills = async ({
  seed,
  moments,
  last = 0,
  only,
  log = () => undefined,
}: KillsOptions): Promise<Found[]> => {
  const root = mkdtempSync(join(tmpdir(), 'recall-kills-'));
  const found: Found[] = [];
  try {
    await ask();
    for (const [i, work] of works.entries()) {
      if (only !== undefined && !only.includes(work.name)) continue;
      const before = join(root, `before-${i}`);
      mkdirSync(before);
      await work.prepare(before);
      const clean = join(root, `clean-${i}`);
      cpSync(before, clean, { recursive: true });
      arm(null);
      await work.run(clean);
      const count = mend();
      giveBack();
      const end = alike(all(clean));
      for (const kind of ['kill', 'full'] as const) {
        const random = seededRandom(seed * 1000 + i * 2 + (kind === 'kill' ? 0 : 1));
        const problems: string[] = [];
        let hit = 0;
        const steps = [
          ...Array.from({ length: moments }, () => random.below(count)),
          ...Array.from({ length: Math.min(last, count) }, (_, i) => count - 1 - i),
        ];
        for (const at of steps) {
          const fault: Fault = { kind, at, share: random.next() };
          const [was, problem] = await trial(work, before, end, root, fault);
          if (was) hit += 1;
          if (problem !== null) problems.push(`${work.name}, ${kind} at step ${fault.at} of ${count}: ${problem}`);
        }
        found.push({ work: work.name, kind, moments: steps.length, hit, problems });
        log(
          `${work.name}, ${kind}: ${steps.length} moments over ${count} steps, ${hit} hit, ${problems.length} problems`,
        );
        for (const problem of new Set(problems)) log(`  ${problem}`);
      }
    }
    return found;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
};
