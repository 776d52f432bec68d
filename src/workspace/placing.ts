import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { z } from 'zod';
import { syncFolder } from '../base/atomic-file.ts';
import { parseJson } from '../base/json.ts';
import { isGone, ownerPattern, ownName } from '../base/owner.ts';
import { readText } from '../base/text-file.ts';
import type { FileTools } from '../engine/ports/artefacts.ts';
import type { FileHash } from './artefact-file.ts';
import { builtFiles, isBuiltName, isModelFile } from './built-files.ts';
import { filesNamedBy } from './artefacts.ts';
import { readManifest, writeManifest } from './manifest/file.ts';
import type { Manifest } from './manifest/manifest.ts';
import { placeOf } from './places.ts';

/**
 * New artefacts are built in a folder of their own, moved next to the old ones under names that are free, and named by
 * the manifest: its rename is the one instant at which the workspace changes. A note in the folder says before the first
 * move what is new and what will be old, so that whoever starts next can clear what a killed process left.
 */
export interface Placing {
  /** Where to build. */
  readonly folder: string;
  /** The name that the file or folder built as `plain` will have in the workspace, and its hash. */
  place(plain: string): Promise<FileHash>;
  /** Moves what has a name, writes the manifest, clears what it names no more. */
  commit(manifest: Manifest): Promise<void>;
  /** After a commit or a failure: nothing stays that the manifest does not name. */
  end(): Promise<void>;
}

interface Move extends FileHash {
  readonly plain: string;
}

const fileHash = z.object({ file: z.string(), sha256: z.string() });
const noteSchema = z.object({ placed: z.array(fileHash), replaced: z.array(fileHash) });
type Note = z.infer<typeof noteSchema>;

const noteName = 'placing.json';
const prefixes = ['.building-', '.training-'] as const;

type Tools = { readonly files: FileTools };

/** Starts to build in `dir`, after clearing what killed builds have left there. */
export const startPlacing = async (
  dir: string,
  prefix: (typeof prefixes)[number],
  before: Manifest,
  { files }: Tools,
): Promise<Placing> => {
  await clearAbandoned(dir, files);
  const folder = join(dir, `${prefix}${ownName()}`);
  await mkdir(folder, { recursive: true });
  const had = builtFiles(before);
  const moves: Move[] = [];

  const holds = async (file: string, sha256: string): Promise<boolean> =>
    existsSync(join(dir, file)) && (await files.rememberedSha256(join(dir, file))) === sha256;

  const nameOf = async (plain: string, sha256: string): Promise<string> => {
    const same = had.find((one) => one.sha256 === sha256 && extname(one.file) === extname(plain));
    if (same !== undefined) return same.file;
    if (!existsSync(join(dir, plain)) || (await holds(plain, sha256))) return plain;
    const end = extname(plain);
    return `${plain.slice(0, plain.length - end.length)}-${sha256.slice(0, 12)}${end}`;
  };

  return {
    folder,
    place: async (plain) => {
      const path = join(folder, plain);
      const sha256 = await ((await stat(path)).isDirectory() ? files.sha256Dir(path) : files.sha256File(path));
      const file = await nameOf(plain, sha256);
      if (!(await holds(file, sha256))) moves.push({ plain, file, sha256 });
      return { file, sha256 };
    },
    commit: async (manifest) => {
      const { left, ...rest } = manifest;
      const stays = left?.filter((one) => isModelFile(one) && manifest.model === null) ?? [];
      const note: Note = {
        placed: moves.map(({ file, sha256 }) => ({ file, sha256 })),
        replaced: [...builtFiles(await readManifest(dir)), ...(left ?? [])].filter((one) => !stays.includes(one)),
      };
      await files.atomicWrite(join(folder, noteName), JSON.stringify(note));
      for (const { plain, file } of moves) {
        // A folder in the way is not what its name says: the name is that of its content.
        await rm(join(dir, file), { recursive: true, force: true });
        await rename(join(folder, plain), join(dir, file));
      }
      await syncFolder(dir);
      await writeManifest(dir, { ...rest, ...(stays.length === 0 ? {} : { left: stays }) }, files);
    },
    end: async () => {
      await clearNoted(dir, folder, files);
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Clears what killed builds have left in `dir`; those that run are left alone. */
const clearAbandoned = async (dir: string, files: FileTools): Promise<void> => {
  for (const name of await readdir(dir)) {
    const prefix = prefixes.find((one) => name.startsWith(one));
    if (prefix === undefined) continue;
    const [, owner = ''] = new RegExp(`^(${ownerPattern})(?:-[\\w-]+)?$`).exec(name.slice(prefix.length)) ?? [];
    if (!isGone(owner)) continue;
    await clearNoted(dir, join(dir, name), files);
    await rm(join(dir, name), { recursive: true, force: true });
  }
};

const noteIn = async (folder: string): Promise<Note | null> => {
  const text = await readText(join(folder, noteName)).catch(() => null);
  return text === null ? null : (noteSchema.safeParse(parseJson(text)).data ?? null);
};

/** Removes what a build's note names and the manifest does not: the new files before it was written, the old ones after. */
const clearNoted = async (dir: string, folder: string, files: FileTools): Promise<void> => {
  const note = await noteIn(folder);
  if (note === null) return;
  const named = new Set(filesNamedBy(dir, await readManifest(dir)).map(({ path }) => path));
  // A note or a manifest may come from anybody: a path that leads out of the workspace is no name of ours.
  const unnamed = ({ file }: FileHash): boolean =>
    isBuiltName(file) && !named.has(placeOf(dir, file)) && existsSync(placeOf(dir, file));
  const gone = note.replaced.filter(unnamed).map(({ file }) => file);
  for (const { file, sha256 } of note.placed.filter(unnamed)) {
    // Somebody may have put another file there since.
    if ((await files.rememberedSha256(placeOf(dir, file))) === sha256) gone.push(file);
  }
  for (const file of gone) await rm(placeOf(dir, file), { recursive: true, force: true });
};
