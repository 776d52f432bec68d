import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { writeWorkspaces } from '../../fixtures/foreign/make-workspaces.ts';
import { writeSource, worldAsOf } from '../support/trained-source.ts';
import { npyBytes } from '../support/matrix-files.ts';
import { realCli } from '../support/real-cli.ts';

/**
 * Sound folders, made once, each copied before it is damaged: `ws` is the workspace, `source` the files of an import,
 * `home` the folders of the person, and beside them files that a command is given.
 */
export const baseNames = ['vectors', 'graph', 'layers', 'trained', 'team', 'team-npy', 'folder', 'source'] as const;
export type BaseName = (typeof baseNames)[number];

export interface Base {
  readonly dir: string;
  /** A user and an ad to ask about; '' where there is no workspace yet. */
  readonly user: string;
  readonly ad: string;
  readonly adIds: readonly string[];
}
export type Bases = Readonly<Partial<Record<BaseName, Base>>>;

export const envOf = (dir: string): Readonly<Record<string, string>> => ({
  HOME: join(dir, 'home'),
  XDG_CACHE_HOME: join(dir, 'home', 'cache'),
  XDG_CONFIG_HOME: join(dir, 'home', 'config'),
  XDG_STATE_HOME: join(dir, 'home', 'state'),
});

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

const must = async (dir: string, argv: readonly string[]): Promise<string> => {
  const { code, out, err } = await realCli(argv, envOf(dir));
  if (code !== 0) throw new Error(`${argv.join(' ')} ended with ${code}: ${err}`);
  return out;
};

const ids = (text: string, list: string, field: string): string[] =>
  JSON.parse(text)[list].map((one: Record<string, unknown>) => String(one[field]));

/** What stands beside the artefacts of a workspace, and in the folders of the person. */
const writeExtras = async (dir: string, user: string, ad: string): Promise<void> => {
  const ws = join(dir, 'ws');
  const asked = JSON.parse(await must(dir, ['recall', user, '-w', ws, '-k', '10', '--json']));
  const { query, candidates } = asked;
  const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
  writeFileSync(join(dir, 'query.json'), JSON.stringify(query));
  writeFileSync(
    join(ws, 'rules.json'),
    JSON.stringify({ quota: { keyword: 7, popular: 5 }, keywordQueries: 3, priorityList: [ad] }),
  );
  writeFileSync(
    join(ws, 'presets.json'),
    JSON.stringify({
      night: { title: 'At night', weights: { browse: 1.5 }, context: { hour: '23' }, k: 7, mode: 'merged' },
      all: {
        title: 'All',
        whole: true,
        merge: { order: ['i2i', 'popular'], quota: { i2i: 5 } },
        rules: { keywordQueries: 2 },
      },
    }),
  );
  const list = candidates.map(({ adId }: { adId: string }) => adId);
  const scores = candidates.map(({ score }: { score: number }) => score);
  const [first, second, third] = [0, 1, 2].map((i) => ({
    user,
    time: new Date(query.asOf + i * 3_600_000).toISOString(),
    list,
    scores,
  }));
  writeFileSync(join(ws, 'served.jsonl'), `${line(first)}${line(second)}${line(third)}`);
  writeFileSync(
    join(ws, 'planted.jsonl'),
    line({ case: 'one', userId: user, asOf: query.asOf, adId: ad, group: 'browse', eventIds: [] }) +
      line({
        case: 'two',
        userId: user,
        asOf: query.asOf,
        adId: ad,
        group: null,
        eventIds: [],
        verdict: 'below-cutoff',
      }),
  );
  const path = join(ws, 'recall.json');
  const rules = { file: 'rules.json', sha256: sha256(readFileSync(join(ws, 'rules.json'))) };
  const manifest = {
    ...JSON.parse(readFileSync(path, 'utf8')),
    rules,
    presets: { file: 'presets.json' },
    served: { file: 'served.jsonl' },
  };
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  writeFileSync(
    join(dir, 'script.recall'),
    `recall ${user} -k 8\n# a comment\nscores ${user}\nwhy-not ${user} ${ad} --no-repair\nrecall --mode merged -k 5\n`,
  );
  await must(dir, ['exec', join(dir, 'script.recall'), '-w', ws, '--record', join(dir, 's.jsonl')]);
  const home = (...parts: string[]): string => join(dir, 'home', ...parts);
  mkdirSync(home('state', 'recall-tui', 'sessions'), { recursive: true });
  mkdirSync(home('config', 'recall-tui'), { recursive: true });
  const lost = home('state', 'recall-tui', 'sessions', 'live-1750000000000-4194000.jsonl');
  cpSync(join(dir, 's.jsonl'), lost);
  writeFileSync(`${lost}.recording`, join(dir, 's.jsonl'));
  writeFileSync(
    home('config', 'recall-tui', 'config.json'),
    JSON.stringify({ k: 9, ef: 50, mode: 'model', weights: { browse: 1 }, ascii: false, colour: 'never' }),
  );
  const position = {
    user: { userId: user, attributes: { tier: '1' }, events: 3, lastAt: 7 },
    mode: 'merged',
    focus: 'recall',
    zoom: false,
    columns: ['rank', 'ad', 'score'],
    sort: { by: 'score', reverse: true },
    bookmarks: [user],
  };
  writeFileSync(
    home('state', 'recall-tui', 'ui.json'),
    JSON.stringify({ format: 'recall-tui/ui@1', workspaces: { [ws]: position } }),
  );
};

const finish = async (dir: string): Promise<Base> => {
  const ws = join(dir, 'ws');
  const [user = ''] = ids(await must(dir, ['users', '-w', ws, '--limit', '3', '--json']), 'users', 'userId');
  const adIds = ids(await must(dir, ['ads', '-w', ws, '--limit', '5000', '--json']), 'ads', 'adId');
  return { dir, user, ad: adIds[Math.floor(adIds.length / 2)] ?? '', adIds };
};

const makeVectors = async (dir: string): Promise<Base> => {
  const ws = join(dir, 'ws');
  cpSync(here('../field/fuzz-hnsw-links-far/ws'), ws, { recursive: true });
  await must(dir, ['index', ws]);
  const base = await finish(dir);
  await writeExtras(dir, base.user, base.ad);
  return base;
};

const makeTrained = async (dir: string): Promise<Base> => {
  const ws = join(dir, 'ws');
  await must(dir, ['import', 'csv', writeSource(join(dir, 'made'), { events: '', friends: '' }), '--out', ws]);
  writeFileSync(join(ws, 'key.hex'), `${'5a'.repeat(32)}\n`);
  await must(dir, ['train', ws, '--epochs', '1', '--dim', '8', '--batch', '64', '--until', String(worldAsOf)]);
  await must(dir, ['index', ws]);
  rmSync(join(dir, 'made'), { recursive: true });
  return finish(dir);
};

const teamFiles = (ws: string): void => {
  const team = here('../../fixtures/team');
  mkdirSync(ws, { recursive: true });
  for (const name of readdirSync(team)) if (!name.endsWith('.py')) cpSync(join(team, name), join(ws, name));
};

const makeTeam = async (dir: string): Promise<Base> => {
  teamFiles(join(dir, 'ws'));
  await must(dir, ['init', join(dir, 'ws'), '--yes']);
  return finish(dir);
};

/** The same with its labels as a NumPy file and a file of ids. */
const makeTeamNpy = async (dir: string): Promise<Base> => {
  const ws = join(dir, 'ws');
  await makeTeam(dir);
  const rows = readFileSync(join(ws, 'labels.csv'), 'utf8')
    .trim()
    .split(/\r?\n/)
    .map((row) => row.split(','));
  const named = rows.filter((row) => row.some((one) => /^\d+$/.test(one)));
  const labels = named.map((row) => BigInt(row.find((one) => /^\d+$/.test(one)) ?? '0'));
  const bytes = npyBytes(BigUint64Array.from(labels), { descr: '<u8', shape: [labels.length] });
  writeFileSync(join(ws, 'labels.npy'), bytes);
  writeFileSync(
    join(ws, 'label_ids.txt'),
    named.map((row) => `${row.find((one) => !/^\d+$/.test(one)) ?? ''}\n`).join(''),
  );
  const path = join(ws, 'recall.json');
  const manifest = JSON.parse(readFileSync(path, 'utf8'));
  manifest.index.labels = { file: 'labels.npy', sha256: sha256(bytes), ids: 'label_ids.txt' };
  writeFileSync(path, `${JSON.stringify(manifest, null, 2)}\n`);
  return finish(dir);
};

/** The same world in every form that a table may have. */
const makeSource = (dir: string): Base => {
  const source = join(dir, 'source');
  writeSource(source, { events: '', friends: '' });
  const table = (name: string): string[][] =>
    readFileSync(join(source, `${name}.csv`), 'utf8')
      .trimEnd()
      .split('\n')
      .map((row) => row.split(','));
  const [header = [], ...events] = table('events');
  const json = events.map((row) => JSON.stringify(Object.fromEntries(header.map((name, i) => [name, row[i] ?? '']))));
  writeFileSync(join(source, 'events.jsonl.gz'), gzipSync(`${json.join('\n')}\n`, { level: 1 }));
  writeFileSync(
    join(source, 'users.tsv'),
    table('users')
      .map((row) => `${row.join('\t')}\n`)
      .join(''),
  );
  const [names = [], ...friends] = table('friends');
  const columns = names
    .slice(0, 2)
    .map((name, i) => ({ name, data: friends.map((row) => row[i] ?? ''), type: 'STRING' as const }));
  writeFileSync(join(source, 'friends.parquet'), Buffer.from(parquetWriteBuffer({ columnData: columns })));
  for (const name of ['events.csv', 'users.csv', 'friends.csv']) rmSync(join(source, name));
  writeFileSync(
    join(dir, 'mapping.json'),
    JSON.stringify({ users: { userId: 'userId' }, ads: { adId: 'adId', title: 'title' } }),
  );
  return { dir, user: 'u1', ad: 'ad-001', adIds: [] };
};

const makers: Readonly<Record<BaseName, (dir: string, root: string) => Promise<Base>>> = {
  'vectors': makeVectors,
  'trained': makeTrained,
  'team': makeTeam,
  'team-npy': makeTeamNpy,
  'folder': (dir) => {
    teamFiles(join(dir, 'ws'));
    return Promise.resolve({ dir, user: '', ad: '', adIds: [] });
  },
  'source': (dir) => Promise.resolve(makeSource(dir)),
  'graph': (dir, root) => foreign('tfjs-graph', dir, root),
  'layers': (dir, root) => foreign('tfjs-layers', dir, root),
};

const foreign = async (kind: 'tfjs-graph' | 'tfjs-layers', dir: string, root: string): Promise<Base> => {
  const made = join(root, 'foreign');
  if (!existsSync(made)) await writeWorkspaces(made, envOf(root));
  cpSync(join(made, kind), join(dir, 'ws'), { recursive: true });
  return finish(dir);
};

export const makeBases = async (root: string, names: readonly BaseName[]): Promise<Bases> => {
  const bases: Partial<Record<BaseName, Base>> = {};
  for (const name of names) {
    const dir = join(root, name);
    mkdirSync(dir, { recursive: true });
    bases[name] = await makers[name](dir, root);
    // What was remembered is of these copies.
    rmSync(join(dir, 'home', 'cache'), { recursive: true, force: true });
  }
  return bases;
};
