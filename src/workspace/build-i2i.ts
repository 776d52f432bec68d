import { cooccurrence, defaultCooccurrence } from '../domain/i2i/cooccurrence.ts';
import type { CooccurrenceOptions, UserItems } from '../domain/i2i/cooccurrence.ts';
import { encodeNeighbours } from '../domain/i2i/format.ts';
import { RecallError } from '../errors.ts';
import type { AdCatalog, UserStore } from '../engine/ports/ports.ts';
import type { FileTools } from '../engine/ports/artefacts.ts';

export interface BuildI2iOptions {
  readonly store: UserStore;
  readonly catalog: AdCatalog;
  readonly path: string;
  /** Only events before this instant, ms; null = all, and then builtUntil becomes the last event + 1 ms. */
  readonly until: number | null;
  /** Kinds of event that join a user and an ad; null = all kinds. */
  readonly kinds: readonly string[] | null;
  readonly options?: CooccurrenceOptions;
  readonly onProgress?: (done: number, total: number) => void;
  readonly signal?: AbortSignal;
}

/** A user's newest items only: a crawler with 100,000 clicks would otherwise pair everything with everything. */
export const maxItemsPerUser = 500;

/** Builds the item-to-item neighbours from the sample and writes them in one step. Returns builtUntil. Throws `cancelled`. */
export const buildI2i = async (
  options: BuildI2iOptions,
  files: Pick<FileTools, 'atomicWrite'>,
): Promise<{ builtUntil: number | null }> => {
  const { users, lastAt } = await collectUserItems(options);
  const builtUntil = options.until ?? (lastAt === null ? null : lastAt + 1);
  const { adCount } = options.catalog;
  const table = cooccurrence(users, adCount, builtUntil, options.options ?? defaultCooccurrence, (done) => {
    if (done % 1000 !== 0) return;
    stopIfAborted(options.signal);
    options.onProgress?.(done, adCount);
  });
  stopIfAborted(options.signal);
  await files.atomicWrite(options.path, encodeNeighbours(table));
  return { builtUntil };
};

const collectUserItems = async ({
  store,
  catalog,
  until,
  kinds,
  onProgress,
  signal,
}: BuildI2iOptions): Promise<{ users: UserItems; lastAt: number | null }> => {
  const ids = store.userIds();
  const starts = new Uint32Array(ids.length + 1);
  const items: number[] = [];
  let lastAt: number | null = null;
  for (const [u, userId] of ids.entries()) {
    const events = store.events(userId, {
      before: until ?? Number.MAX_SAFE_INTEGER,
      ...(kinds === null ? {} : { kinds }),
    });
    const own = new Set<number>();
    for (const event of events) {
      const ordinal = event.adId === null ? null : catalog.ordinalOf(event.adId);
      if (ordinal !== null && own.size < maxItemsPerUser) own.add(ordinal);
      if (lastAt === null || event.at > lastAt) lastAt = event.at;
    }
    for (const item of own) items.push(item);
    starts[u + 1] = items.length;
    if (u % 500 !== 0) continue;
    onProgress?.(u, ids.length);
    await new Promise((resolve) => setImmediate(resolve));
    stopIfAborted(signal);
  }
  onProgress?.(ids.length, ids.length);
  return { users: { starts, items: Int32Array.from(items) }, lastAt };
};

const stopIfAborted = (signal: AbortSignal | undefined): void => {
  if (signal?.aborted) throw new RecallError('cancelled', 'the build was stopped; nothing was changed');
};
