import { isAbsolute, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

const kinds = {
  cache: { variable: 'XDG_CACHE_HOME', below: '.cache' },
  config: { variable: 'XDG_CONFIG_HOME', below: '.config' },
  state: { variable: 'XDG_STATE_HOME', below: join('.local', 'state') },
} as const;

const absolute = (path: string | undefined): string | null => (path !== undefined && isAbsolute(path) ? path : null);

/** The person's home; null where `HOME` is not set, empty or relative: nothing may land in the current folder. */
export const homeOf = (env: Env): string | null => absolute(env['HOME']);

/**
 * The program's own folder of a kind: `$XDG_…_HOME/recall-tui`, by default under `HOME`; null where the environment
 * names none. As the XDG specification asks, a relative path is none.
 */
export const ownFolder = (kind: keyof typeof kinds, env: Env): string | null => {
  const { variable, below } = kinds[kind];
  const home = homeOf(env);
  const base = absolute(env[variable]) ?? (home === null ? null : join(home, below));
  return base === null ? null : join(base, 'recall-tui');
};

/** Of an error of the file system: the path is somebody else's, or none; it is not that the file were not there. */
export const isOutOfReach = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'ENOTDIR', 'ELOOP'].includes(String(error.code));
