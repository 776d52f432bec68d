import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { privateFile, privateFolder } from '../../base/atomic-file.ts';
import { canonicalJson } from '../../base/json.ts';
import { readRegularSync } from '../../base/regular-file.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import type { UserRows, UserTask } from './jobs.ts';

/** Rows of the batches that a run over many users has finished: a run that is stopped goes on where it was. */
export interface Checkpoint {
  /** Batches of an earlier, stopped run of the same question, by their place. */
  readonly before: ReadonlyMap<number, UserRows>;
  /** Keeps a finished batch; nothing is written before the run has lasted `afterMs`. */
  add(place: number, rows: UserRows): void;
  /** The run is complete: nothing of it stays. */
  complete(): void;
}

/** Raised when rows have another shape or meaning. */
const version = 1;
const defaultAfterMs = 60_000;
/** A run that nobody went on with. */
const keptDays = 7;

interface Kept {
  readonly place: number;
  readonly rows: UserRows;
}

const isKept = (value: unknown): value is Kept =>
  typeof value === 'object' && value !== null && 'place' in value && 'rows' in value && Number.isInteger(value.place);

const lineOf = (kept: Kept): string => `${serialize(kept).toString('base64')}\n`;

/** A last line that was torn, or one that two runs wrote into, counts as not finished. */
const keptOf = (line: string): readonly [number, UserRows] | null => {
  try {
    const value: unknown = deserialize(Buffer.from(line, 'base64'));
    return isKept(value) ? [value.place, value.rows] : null;
  } catch {
    return null;
  }
};

const read = (path: string): Map<number, UserRows> =>
  new Map(
    readRegularSync(path)
      .toString('latin1')
      .split('\n')
      .flatMap((line) => {
        const kept = line === '' ? null : keptOf(line);
        return kept === null ? [] : [kept];
      }),
  );

const removeOld = (folder: string): void => {
  const oldest = Date.now() - keptDays * 86_400_000;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).mtimeMs < oldest) rmSync(path, { force: true });
  }
};

/** The question to the byte, and the contents that answer it. */
const keyOf = ({ fingerprints }: Workspace, tasks: readonly UserTask[]): string =>
  createHash('sha256').update(canonicalJson({ version, fingerprints, tasks })).digest('hex').slice(0, 32);

/**
 * Opens what is kept of a run over these batches in the cache folder (null: nothing is kept). It only saves time: what
 * cannot be read or written is done again.
 */
export const openCheckpoint = (
  cache: string | null,
  workspace: Workspace,
  tasks: readonly UserTask[],
  afterMs = defaultAfterMs,
): Checkpoint => {
  if (cache === null) return { before: new Map(), add: () => undefined, complete: () => undefined };
  const folder = join(cache, 'runs');
  const started = performance.now();
  let path: string | null = null;
  const place = (): string => (path ??= join(folder, `${keyOf(workspace, tasks)}.rows`));
  const quietly = (work: () => void): void => {
    try {
      work();
    } catch {
      // A read-only or full home must not stop the run.
    }
  };
  let before = new Map<number, UserRows>();
  quietly(() => {
    if (!existsSync(folder)) return;
    removeOld(folder);
    if (readdirSync(folder).length > 0 && existsSync(place())) before = read(place());
  });
  let waiting: string[] = [];
  return {
    before,
    add: (at, rows) => {
      waiting.push(lineOf({ place: at, rows }));
      if (performance.now() - started < afterMs) return;
      quietly(() => {
        mkdirSync(folder, { recursive: true, mode: privateFolder });
        appendFileSync(place(), waiting.join(''), { mode: privateFile });
      });
      waiting = [];
    },
    complete: () => quietly(() => path !== null && rmSync(path, { force: true })),
  };
};
