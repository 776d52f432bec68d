import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { privateFile } from '../../base/atomic-file.ts';
import { isRecord, readJson } from '../../base/json.ts';
import { readText } from '../../base/text-file.ts';
import { byCodeUnit } from '../../base/order.ts';
import type { BlastChange } from '../../engine/blast.ts';
import type { FileTools } from '../../engine/ports/artefacts.ts';
import type { Workspace } from '../../workspace/workspace.ts';
import { refuseUnable } from '../../console/abilities.ts';
import { blastRows } from '../change/blast.ts';
import type { CommandContext } from '../../console/command.ts';
import { sidesFromArgs } from '../recall/compare-sides.ts';

/** How far apart two recalls of a user are: 1 − RBO of the lists; null where the user could not be answered. */
export type Differences = ReadonlyMap<string, number | null>;

/** Legacy against the model; against i2i in a workspace without one. */
const modesOf = ({ fingerprints }: Pick<Workspace, 'fingerprints'>): readonly [string, string] => [
  'legacy',
  fingerprints.model === null ? 'i2i' : 'model',
];

const format = 'recall-tui/disagreement@1';
/** Raised when the same artefacts and queries would be answered otherwise. */
const answersOf = 1;

type Kept = Readonly<Record<string, number | null>>;

interface Store {
  readonly read: () => Promise<Kept>;
  readonly write: (kept: Kept) => Promise<void>;
}

const nothing: Store = { read: () => Promise.resolve({}), write: () => Promise.resolve() };

/** Everything that a user's two lists depend on. */
const keyOf = ({ fingerprints, settings, manifest: { index } }: Workspace, plan: BlastChange): string =>
  createHash('sha256')
    .update(JSON.stringify([format, answersOf, fingerprints, settings, index?.space ?? null, plan]))
    .digest('hex');

const isDifference = (value: unknown): value is number | null =>
  value === null || (typeof value === 'number' && value >= 0 && value <= 1);

const readKept = async (path: string, key: string): Promise<Kept> => {
  try {
    const parsed: unknown = readJson(await readText(path));
    if (!isRecord(parsed) || parsed['key'] !== key || !isRecord(parsed['differences'])) return {};
    const entries = Object.entries(parsed['differences']).flatMap(([userId, value]): Array<[string, number | null]> =>
      isDifference(value) ? [[userId, value]] : [],
    );
    return entries.length === Object.keys(parsed['differences']).length ? Object.fromEntries(entries) : {};
  } catch {
    // Missing or damaged: what can be computed again.
    return {};
  }
};

/**
 * The cache folder's file for these artefacts and queries. Without a fingerprint of the sample nothing says whose lists
 * they were.
 */
const storeFor = (
  files: Partial<Pick<FileTools, 'cacheDir' | 'atomicWrite'>>,
  workspace: Workspace,
  plan: BlastChange,
): Store => {
  if (files.cacheDir === undefined || workspace.fingerprints.sample === null) return nothing;
  const key = keyOf(workspace, plan);
  const path = join(files.cacheDir, `disagreement-${key.slice(0, 16)}.json`);
  return {
    read: () => readKept(path, key),
    // The cache only saves time: a read-only home must not stop the work.
    write: async (differences) => {
      await files.atomicWrite?.(path, `${JSON.stringify({ key, differences })}\n`, privateFile).catch(() => undefined);
    },
  };
};

export interface Disagreement {
  readonly sides: readonly [string, string];
  readonly plan: BlastChange;
  readonly differences: Differences;
  /** Users whose difference the cache had. */
  readonly kept: number;
}

/**
 * 1 − RBO between what legacy and model recall each of these users by default, at the user's own as-of:
 * what `compare --all --modes legacy,model` measures. Computed where it is not kept, in worker threads
 * where that pays; kept once all of it is there. Throws `cancelled`, and then nothing is kept.
 */
export const disagreementOf = async (
  context: CommandContext,
  workspace: Workspace,
  users: readonly string[],
  workers?: number,
): Promise<Disagreement> => {
  const sides = modesOf(workspace);
  const { plan } = await sidesFromArgs({ ...context, baseQuery: null }, { modes: sides.join(',') });
  refuseUnable(workspace, [plan.before, plan.after]);
  const store = storeFor(context.tools.files, workspace, plan);
  const kept = await store.read();
  const left = users.filter((userId) => !Object.hasOwn(kept, userId));
  const rows = left.length === 0 ? [] : (await blastRows(context, workspace, plan, left, workers)).rows;
  const made = rows.map((row): [string, number | null] => [
    row.userId,
    row.failed === null ? Math.min(1, Math.max(0, 1 - row.rbo)) : null,
  ]);
  if (made.length > 0) await store.write({ ...kept, ...Object.fromEntries(made) });
  const all = new Map([...Object.entries(kept), ...made]);
  return {
    sides,
    plan,
    differences: new Map(users.map((userId) => [userId, all.get(userId) ?? null])),
    kept: users.length - left.length,
  };
};

/** The most different first; ties by id in code units. Users whose recall failed are omitted. */
export const mostDifferent = (
  differences: Differences,
): Array<{ readonly userId: string; readonly difference: number }> =>
  [...differences]
    .flatMap(([userId, difference]) => (difference === null ? [] : [{ userId, difference }]))
    .sort((a, b) => b.difference - a.difference || byCodeUnit(a.userId, b.userId));
