import { createHash } from 'node:crypto';
import { open, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { byCodeUnit } from '../../base/order.ts';
import { missingFile } from './missing.ts';

const chunkBytes = 4 << 20;

/** sha256 of a file's bytes, lower-case hex; read in chunks. Throws `missing-artefact`. */
export const sha256File = async (path: string): Promise<string> => {
  const handle = await open(path, 'r').catch(missingFile(path));
  try {
    const hash = createHash('sha256');
    const buffer = new Uint8Array(chunkBytes);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes, null);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
};

/** Files of a folder, in code-unit order of name; hidden and unfinished ones are no part of an artefact. */
export const filesOf = async (dir: string): Promise<string[]> => {
  const entries = await readdir(dir, { withFileTypes: true }).catch(missingFile(dir));
  return entries
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && !entry.name.endsWith('.partial'))
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
