import { readdirSync, realpathSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { kindOfPath, kindWords } from '../base/regular-file.ts';
import { RecallError } from '../errors.ts';

/**
 * The path of a file that a manifest names: against the manifest's folder, or as it is where it is absolute. The one
 * resolution there is: what is hashed, checked and read is the same file.
 */
export const placeOf = (dir: string, file: string): string => resolve(dir, file);

/** A path that a manifest names. */
export interface NamedFile {
  readonly title: string;
  readonly path: string;
  readonly folder: boolean;
}

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

/** The files of a folder that are links: each is read where it leads. Hidden ones are no part of an artefact. */
const linksIn = ({ title, path, folder }: NamedFile): NamedFile[] => {
  if (!folder || kindOfPath(path) !== 'folder') return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isSymbolicLink() && !entry.name.startsWith('.'))
    .map(({ name }) => ({ title, path: join(path, name), folder: false }));
};

/**
 * The files of a workspace lie inside it, through `..`, symlinks (those in a folder too) and absolute paths, unless
 * its manifest says `outside: true`. Throws `bad-manifest` naming the first that does not.
 */
export const checkPlaces = (dir: string, named: readonly NamedFile[]): void => {
  const root = realPlace(resolve(dir));
  for (const { title, path } of named.flatMap((one) => [one, ...linksIn(one)])) {
    const real = realPlace(placeOf(dir, path));
    if (liesIn(root, real)) continue;
    throw new RecallError('bad-manifest', `${title}: outside the workspace (${path})`, {
      expected: `a file inside ${root}`,
      found: real,
      todo: 'move it there, or add "outside": true to recall.json if it is meant to lie elsewhere',
    });
  }
};

/**
 * What is there is what the manifest says: a file where it names a file, a folder where it names one. A pipe or a device
 * would be waited for. Throws `bad-manifest` naming the first that is neither.
 */
export const checkKinds = (named: readonly NamedFile[]): void => {
  for (const { title, path, folder } of named) {
    const found = kindAt(path, folder);
    if (found !== null)
      throw new RecallError('bad-manifest', `${title}: not a ${folder ? 'folder' : 'regular file'} (${path})`, {
        expected: folder ? 'a folder' : 'a regular file',
        found,
        todo: 'put it there, or correct its path in recall.json',
      });
  }
};

/** In words, where it is not as it should be; null also where nothing is there, or may be looked at. */
const kindAt = (path: string, folder: boolean): string | null => {
  const kind = kindOfPath(path);
  return kind === null || kind === (folder ? 'folder' : 'file') ? null : kindWords[kind];
};
