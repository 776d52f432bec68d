import { realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { RecallError } from '../errors.ts';

/**
 * The path of a file that a manifest names: against the manifest's folder, or as it is where it is absolute. The one
 * resolution there is: what is hashed, checked and read is the same file.
 */
export const placeOf = (dir: string, file: string): string => resolve(dir, file);

/** Where a path really leads; of one that is not there, its folder's. */
const realPlace = (path: string): string => {
  try {
    return realpathSync(path);
  } catch {
    const parent = dirname(path);
    return parent === path ? path : join(realPlace(parent), basename(path));
  }
};

const liesIn = (dir: string, path: string): boolean => {
  const way = relative(dir, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
};

/**
 * The files of a workspace lie inside it, through `..`, symlinks and absolute paths too, unless its manifest says
 * `outside: true`. Throws `bad-manifest` naming the first that does not.
 */
export const checkPlaces = (
  dir: string,
  named: ReadonlyArray<{ readonly title: string; readonly path: string }>,
): void => {
  const root = realPlace(resolve(dir));
  for (const { title, path } of named) {
    const real = realPlace(placeOf(dir, path));
    if (liesIn(root, real)) continue;
    throw new RecallError('bad-manifest', `${title}: outside the workspace (${path})`, {
      expected: `a file inside ${root}`,
      found: real,
      todo: 'move it there, or add "outside": true to recall.json if it is meant to lie elsewhere',
    });
  }
};
