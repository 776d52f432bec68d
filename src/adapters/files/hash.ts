import { createHash } from 'node:crypto';
import { statSync, type Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit } from '../../base/order.ts';
import { openRegular } from '../../base/regular-file.ts';
import { cancelledError } from '../../errors.ts';
import { missingFile } from './missing.ts';

const chunkBytes = 4 << 20;

/** sha256 of a file's bytes, lower-case hex; read in chunks. Throws `missing-artefact`, `bad-input` for no regular file, `cancelled`. */
export const sha256File = async (path: string, signal?: AbortSignal): Promise<string> => {
  const handle = await openRegular(path).catch(missingFile(path));
  try {
    const hash = createHash('sha256');
    const buffer = new Uint8Array(chunkBytes);
    for (;;) {
      if (signal?.aborted === true) throw cancelledError();
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
};

/** A link that leads to a file is read as that file, and so it is hashed. */
const isFileAt = (dir: string, entry: Dirent): boolean =>
  entry.isFile() ||
  (entry.isSymbolicLink() && statSync(join(dir, entry.name), { throwIfNoEntry: false })?.isFile() === true);

/** Files of a folder, in code-unit order of name; hidden and unfinished ones are no part of an artefact. */
export const filesOf = async (dir: string): Promise<string[]> => {
  const entries = await readdir(dir, { withFileTypes: true }).catch(missingFile(dir));
  return entries
    .filter((entry) => isFileAt(dir, entry) && !entry.name.startsWith('.') && !entry.name.endsWith('.partial'))
    .map((entry) => entry.name)
    .sort(byCodeUnit);
};

/** sha256 over lines `sha256(bytes) name` of a folder's files, in code-unit order of name. */
export const sha256Dir = async (
  dir: string,
  fileHash: (path: string) => Promise<string> = sha256File,
): Promise<string> => {
  const hash = createHash('sha256');
  for (const name of await filesOf(dir)) hash.update(`${await fileHash(join(dir, name))}  ${name}\n`);
  return hash.digest('hex');
};

export const isDirectory = async (path: string): Promise<boolean> =>
  (await stat(path).catch(missingFile(path))).isDirectory();
