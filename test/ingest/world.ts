import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { RecallError } from '../../src/errors.ts';
import type { BehaviourEvent } from '../../src/domain/events.ts';
import { createFactories } from '../../src/index.ts';
import { importWorkspace, type ImportOptions, type ImportResult } from '../../src/ingest/import-workspace.ts';

export const withDir = async <T>(run: (dir: string) => Promise<T>): Promise<T> => {
  const dir = mkdtempSync(join(tmpdir(), 'recall-ingest-'));
  try {
    return await run(dir);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
};

export const tools = createFactories({ XDG_CACHE_HOME: join(tmpdir(), 'recall-ingest-cache') });

export const runImport = (
  format: string,
  source: string,
  out: string,
  more: Partial<ImportOptions> = {},
): Promise<ImportResult> =>
  importWorkspace({
    format,
    source,
    out,
    name: null,
    mappingFile: null,
    tools,
    signal: new AbortController().signal,
    onProgress: () => undefined,
    ...more,
  });

export const failure = async (run: Promise<unknown>): Promise<RecallError> => {
  try {
    await run;
  } catch (error) {
    if (error instanceof RecallError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
};

/** A folder of source files by name. */
export const sourceOf = (dir: string, files: Readonly<Record<string, string | Uint8Array>>): string => {
  const source = join(dir, 'source');
  mkdirSync(source, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(source, name), content);
  return source;
};

export const csvWorld = {
  'users.csv': 'user_id,city,age\nu1,上海,30\nu2,,\n',
  'ads.csv':
    'adId,title,category,brand,price,campaign,startAt,endAt,budgetLeft,targeting\na1,"智能音箱, 白色",家电 > 音箱,小米,199.5,618,2025-06-01,2025-06-19T00:00:00+08:00,100,"{""city"":[""上海""]}"\n4294967301,plain,,,,,,,,\n',
  'events.csv':
    'event_id,user_id,kind,at,platform,ad_id,query,peer_id\ne1,u1,click,2025-06-02T10:00:00Z,app,a1,,\ne2,u1,search,1748858400001,web,,智能音箱,\ne3,u2,purchase,2025-06-03 10:00,app,4294967301,,\n',
  'friends.csv': 'user_id,peer_id,since\nu1,u2,\nu2,u1,2025-06-02\n',
};

export const manifestOf = (dir: string): string => readFileSync(join(dir, 'recall.json'), 'utf8');

/** All events of a workspace's sample, newest first. */
export const eventsIn = (out: string, file = 'sample.sqlite'): BehaviourEvent[] => {
  const { store, close } = tools.openSample(join(out, file));
  try {
    return store.eventsOf(store.userIds(), { before: Number.MAX_SAFE_INTEGER });
  } finally {
    close();
  }
};
