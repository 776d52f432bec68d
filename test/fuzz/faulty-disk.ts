import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { devNull } from 'node:os';

/**
 * A disk that fails at a chosen step: `kill` — nothing reaches it any more, not even what would clean up, as if the
 * process had been killed; `full` — what needs space fails until it is mended. The write at that step is torn. Imported
 * before anything that opens files by node:fs; what SQLite and hnswlib write themselves is not seen.
 */
export interface Fault {
  readonly kind: 'kill' | 'full';
  /** The step that fails, from 0. */
  readonly at: number;
  /** How much of the write at that step still arrives, 0 … 1. */
  readonly share: number;
}

let fault: Fault | null = null;
let steps = 0;

export const isDown = (): boolean => fault !== null && steps > fault.at;

/** Starts to count, and fails at the step of `next`; null: only counts. */
export const arm = (next: Fault | null): void => {
  fault = next;
  steps = 0;
};

/** Mends the disk; how many steps there were. */
export const mend = (): number => {
  fault = null;
  return steps;
};

const failure = (): Error =>
  fault?.kind === 'full'
    ? Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' })
    : new Error('killed');

type Outcome = 'works' | 'fails' | 'tears';

const step = (needsSpace: boolean): Outcome => {
  if (fault === null) {
    steps += 1;
    return 'works';
  }
  const at = steps;
  steps += 1;
  if (at < fault.at || (fault.kind === 'full' && !needsSpace)) {
    // A step that needs no space cannot be the one at which a disk is full.
    if (at === fault.at) steps -= 1;
    return 'works';
  }
  return at === fault.at ? 'tears' : 'fails';
};

const torn = (data: unknown): Uint8Array => {
  const bytes = typeof data === 'string' ? Buffer.from(data) : ArrayBuffer.isView(data) ? data : new Uint8Array();
  const all = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return all.subarray(0, Math.floor(all.length * (fault?.share ?? 0)));
};

type Any = (...args: never[]) => unknown;

/** Calls the real one unless the disk is down; `tear` does what still arrives of a write. */
const patch = (
  target: object,
  name: string,
  {
    async,
    space,
    tear,
  }: { async: boolean; space: boolean; tear?: (real: Any, self: unknown, args: unknown[]) => unknown },
): void => {
  const real: unknown = Reflect.get(target, name);
  if (typeof real !== 'function') throw new Error(`no ${name}`);
  const call = (self: unknown, args: readonly unknown[]): unknown => Reflect.apply(real, self, args);
  const patched = function (this: unknown, ...args: unknown[]): unknown {
    const outcome = step(space);
    if (outcome === 'works') return call(this, args);
    const error = failure();
    const part =
      outcome === 'tears' && tear !== undefined ? tear((...a: never[]) => call(this, a), this, args) : undefined;
    if (!async) throw error;
    return Promise.resolve(part).then(() => {
      throw error;
    });
  };
  Reflect.set(target, name, patched);
};

const isWrite = (flags: unknown): boolean =>
  typeof flags === 'number' ? (flags & 3) !== 0 : typeof flags === 'string' && /[wa+]/.test(flags);

/** Openings for reading are no step. */
const patchOpen = (target: object, name: string, async: boolean): void => {
  const real: unknown = Reflect.get(target, name);
  if (typeof real !== 'function') throw new Error(`no ${name}`);
  const patched = function (this: unknown, ...args: unknown[]): unknown {
    if (!isWrite(args[1]) || step(true) === 'works') return Reflect.apply(real, this, args);
    if (!async) throw failure();
    return Promise.reject(failure());
  };
  Reflect.set(target, name, patched);
};

const handle = await fs.promises.open(devNull, 'r');
const handles: object = Object.getPrototypeOf(handle);
await handle.close();
const writeSync = fs.writeSync.bind(fs);

patch(fs, 'writeSync', {
  async: false,
  space: true,
  tear: (_, __, [fd, data]) => (typeof fd === 'number' ? writeSync(fd, torn(data)) : undefined),
});
for (const name of ['writeFileSync', 'appendFileSync', 'mkdirSync']) patch(fs, name, { async: false, space: true });
for (const name of ['renameSync', 'rmSync', 'ftruncateSync', 'truncateSync', 'fsyncSync'])
  patch(fs, name, { async: false, space: false });
patchOpen(fs, 'openSync', false);
for (const name of ['writeFile', 'mkdir', 'mkdtemp', 'copyFile', 'cp'])
  patch(fs.promises, name, { async: true, space: true });
for (const name of ['rename', 'rm', 'rmdir', 'chmod']) patch(fs.promises, name, { async: true, space: false });
patchOpen(fs.promises, 'open', true);
patch(handles, 'writeFile', {
  async: true,
  space: true,
  tear: (real, _, [data]) => real(...([torn(data)] as never[])),
});
patch(handles, 'write', { async: true, space: true, tear: (real, _, [data]) => real(...([torn(data)] as never[])) });
patch(handles, 'sync', { async: true, space: false });
syncBuiltinESMExports();
