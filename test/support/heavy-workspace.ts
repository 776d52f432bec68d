import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { importCsv } from '../../src/ingest/formats/import-csv.ts';
import { createFactories } from '../../src/index.ts';
import { ensureDemo } from '../../src/workspace/demo/demo.ts';
import { fixturesFolder } from '../../src/workspace/demo/source.ts';
import { seeded } from './seeded.ts';

export const heavyUser = 'u-heavy';

/** Of 20 behaviours: a crawler looks at most things and buys now and then. */
const kinds = [
  ...Array.from({ length: 11 }, () => 'view'),
  ...Array.from({ length: 5 }, () => 'click'),
  'search',
  'cart',
  'favourite',
  'purchase',
] as const;

const year = 365 * 24 * 3_600_000;
const end = Date.UTC(2025, 5, 20);

/** Rows of events.csv: `count` behaviours of one user over the year before the demo's last day, oldest first. */
const heavyRows = (count: number, adIds: readonly string[]): string => {
  const random = seeded(5);
  const one = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  return Array.from({ length: count }, (_, i) => {
    const kind = i % 1000 === 999 ? 'share' : (one(kinds) ?? 'view');
    const at = new Date(end - year + Math.floor(((i + random()) * year) / count)).toISOString();
    const search = kind === 'search';
    return `h-${String(i).padStart(7, '0')},${heavyUser},${kind},${at},app,${search ? '' : one(adIds)},${search ? one(['耳机', '办公椅', '跑鞋']) : ''}\n`;
  }).join('');
};

/** The demo, built in `root`, with one user more who has `count` events. */
export const heavyWorkspace = async (
  root: string,
  count: number,
): Promise<{ dir: string; env: { XDG_CACHE_HOME: string } }> => {
  const fixtures = join(root, 'fixtures');
  cpSync(fixturesFolder(), fixtures, { recursive: true });
  const path = (name: string): string => join(fixtures, 'demo', `${name}.csv.gz`);
  const read = (name: string): string => gunzipSync(readFileSync(path(name))).toString('utf8');
  const write = (name: string, text: string): void => writeFileSync(path(name), gzipSync(text, { level: 1 }));
  const adIds = read('ads')
    .split('\n')
    .slice(1)
    .flatMap((line) => (line === '' ? [] : [line.slice(0, line.indexOf(','))]));
  write('events', read('events') + heavyRows(count, adIds));
  write('users', `${read('users')}${heavyUser},f,25-34,tier-1,android\n`);
  write('friends', `${read('friends')}u-00001,${heavyUser},\n${heavyUser},u-00002,\n`);
  const env = { XDG_CACHE_HOME: join(root, 'cache') };
  const tools = createFactories(env);
  return { dir: await ensureDemo({ cacheDir: root, tools, importCsv: importCsv(tools), fixtures }), env };
};
