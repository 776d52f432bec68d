import { createHash } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { lazy } from './lazy.ts';

/**
 * What a process leaves while it works carries its name: `pid-start-where`. A pid is used again, in a container soon;
 * with the start of the process, in ticks since the machine's, it is not, and no clock has a say in it. `where` is
 * machine, boot and pid space: who runs elsewhere, on a shared disk, cannot be told to be gone.
 */
const short = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 4);

const systemText = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

/** Ticks from the start of the machine to that of the process, in base 36; '0': the system does not say. */
const startOf = (pid: number): string => {
  const stat = systemText(`/proc/${pid}/stat`);
  // The second field is the program's name in parentheses, which may hold anything.
  const ticks = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  return ticks === undefined ? '0' : Number(ticks).toString(36);
};

interface Where {
  readonly host: string;
  readonly boot: string;
  readonly space: string;
}

const here = lazy((): Where => {
  const space = ((): string => {
    try {
      return readlinkSync('/proc/self/ns/pid');
    } catch {
      return '';
    }
  })();
  return {
    host: short(hostname()),
    boot: short(systemText('/proc/sys/kernel/random/boot_id')),
    space: short(space),
  };
});

export const ownName = lazy((): string => {
  const { host, boot, space } = here();
  return `${process.pid}-${startOf(process.pid)}-${host}${boot}${space}`;
});

/** A part of names: that of a process, or the pid alone, as it was written before 0.2. */
export const ownerPattern = '\\d+(?:-[0-9a-z]+-[0-9a-f]{12})?';

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
};

/** Is the process of this name gone? false where that cannot be told. */
export const isGone = (name: string): boolean => {
  const [, number, start, host, boot, space] =
    /^(\d+)(?:-([0-9a-z]+)-([0-9a-f]{4})([0-9a-f]{4})([0-9a-f]{4}))?$/.exec(name) ?? [];
  const pid = Number(number ?? 0);
  if (pid === 0) return false;
  if (start === undefined) return pid === process.pid || !isRunning(pid);
  const now = here();
  if (host !== now.host) return false;
  if (boot !== now.boot) return true;
  if (space !== now.space) return false;
  return !isRunning(pid) || (start !== '0' && startOf(pid) !== start);
};
