import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { RecallError } from '../errors.ts';

export const manifestName = 'recall.json';

export interface FindOptions {
  /** `-w DIR`; the word `demo` means the bundled demo (a folder of that name is `./demo`). */
  readonly dir?: string | undefined;
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** How a workspace was found; `demo`: none was named or near, so the bundled one is meant. */
export type Found =
  { readonly how: 'option' | 'environment' | 'upward'; readonly dir: string } | { readonly how: 'demo' };

/**
 * `-w DIR` > `RECALL_TUI_WORKSPACE` > `recall.json` here or above > the bundled demo. Throws `no-workspace` when a
 * named folder holds none.
 */
export const findWorkspace = ({ dir, cwd, env }: FindOptions): Found => {
  if (dir === 'demo') return { how: 'demo' };
  if (dir !== undefined) return { how: 'option', dir: named(cwd, dir, '-w') };
  const variable = env['RECALL_TUI_WORKSPACE'];
  if (variable) return { how: 'environment', dir: named(cwd, variable, 'RECALL_TUI_WORKSPACE') };
  const near = upward(resolve(cwd));
  return near === null ? { how: 'demo' } : { how: 'upward', dir: near };
};

/** A folder, or the manifest in it. */
const named = (cwd: string, path: string, source: string): string => {
  const full = resolve(cwd, path);
  const dir = full.endsWith(`/${manifestName}`) ? dirname(full) : full;
  if (existsSync(join(dir, manifestName))) return dir;
  throw new RecallError('no-workspace', `${source} names no workspace: ${path}`, {
    expected: `a folder with ${manifestName}`,
    found: existsSync(dir) ? `a folder without ${manifestName}` : 'nothing at this path',
    todo: 'make one with `recall-tui import FORMAT SOURCE --out DIR`, or leave out -w to use the demo',
  });
};

const upward = (dir: string): string | null => {
  if (existsSync(join(dir, manifestName))) return dir;
  const parent = dirname(dir);
  return parent === dir ? null : upward(parent);
};
