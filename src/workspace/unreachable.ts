import { join } from 'node:path';
import { z } from 'zod';
import { privateFile } from '../base/atomic-file.ts';
import { readJson } from '../base/json.ts';
import { readText } from '../base/text-file.ts';
import type { FileTools } from '../engine/ports/artefacts.ts';
import type { Workspace } from './workspace.ts';

const format = z.object({ index: z.string(), unreachable: z.array(z.number().int().min(0)) });

/**
 * Ordinals that no search of this index can visit, ascending; null without an index. Counted once per
 * index: kept in the cache folder under its sha256, and counted again where that file is missing or damaged.
 */
export const unreachableAds = async (
  workspace: Pick<Workspace, 'fingerprints' | 'graph'>,
  files: Partial<Pick<FileTools, 'cacheDir' | 'atomicWrite'>>,
): Promise<readonly number[] | null> => {
  const {
    fingerprints: { index },
    graph,
  } = workspace;
  if (index === null) return null;
  const path = files.cacheDir === undefined ? null : join(files.cacheDir, `census-live-${index}.json`);
  const known = path === null ? null : await readKept(path, index);
  if (known !== null) return known;
  const opened = (await graph?.()) ?? null;
  if (opened === null) return null;
  const unreachable = [...opened.unreachable()];
  // The cache only saves time: a read-only home must not stop the work.
  if (path !== null)
    await files.atomicWrite?.(path, `${JSON.stringify({ index, unreachable })}\n`, privateFile).catch(() => undefined);
  return unreachable;
};

const readKept = async (path: string, index: string): Promise<readonly number[] | null> => {
  try {
    const kept = format.parse(readJson(await readText(path)));
    return kept.index === index ? kept.unreachable : null;
  } catch {
    return null;
  }
};
