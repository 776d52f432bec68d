import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseManifest, writeManifest } from '../../src/workspace/manifest/file.ts';
import type { Manifest } from '../../src/workspace/manifest/manifest.ts';
import { realCli } from '../support/real-cli.ts';
import { smallWorkspace, type SmallWorkspace } from '../support/small-workspace.ts';
import { teamMapping, writeTeamFile, type Rows } from '../adapters/sqlite/mapped-world.ts';

let native: SmallWorkspace;
let team: string;

/** The rows of a workspace's native sample, read back through its ports. */
const rowsOf = ({ dir, tools }: SmallWorkspace): Rows => {
  const { store, catalog, close } = tools.openSample(join(dir, 'sample.sqlite'));
  try {
    return {
      users: store.listUsers({ limit: 1000 }).map(({ userId, attributes }) => ({ userId, attributes })),
      ads: catalog.ads(Array.from({ length: catalog.adCount }, (_, i) => i)),
      events: store.eventsOf(store.userIds(), { before: 1e15 }),
      friends: [],
    };
  } finally {
    close();
  }
};

const env = (): { XDG_CACHE_HOME: string } => ({ XDG_CACHE_HOME: join(team, '.cache') });

/** The native workspace's manifest with a team's file of the same rows in the sample's place. */
const mappedManifest = async (tables: unknown = teamMapping): Promise<Manifest> => {
  const { manifest, tools } = native;
  const sha256 = await tools.files.sha256File(join(team, 'team.db'));
  const { vectors, i2i, sample } = manifest;
  return parseManifest(
    JSON.stringify({
      ...manifest,
      sample: { ...sample, kind: 'mapped', file: 'team.db', sha256, tables },
      vectors: { ...vectors, builtFrom: { model: null, sample: sha256 } },
      i2i: { ...i2i, builtFrom: { sample: sha256 } },
    }),
    'recall.json',
  );
};

beforeAll(async () => {
  native = await smallWorkspace();
  const other = await smallWorkspace();
  team = other.dir;
  writeTeamFile(join(team, 'team.db'), rowsOf(native));
  await writeManifest(team, await mappedManifest(), native.tools.files);
});

describe("a workspace over a team's SQLite file", () => {
  it('recalls in every mode what the same rows recall as a native sample', async () => {
    for (const argv of [
      ['recall', 'u-3', '--mode', 'legacy'],
      ['recall', 'u-3', '--mode', 'i2i'],
      ['recall', 'u-3', '--mode', 'merged', '-k', '40'],
      ['events', 'u-3'],
      ['ad', 'ad-0007', '--at', '2000000'],
      ['users', '--match', 'u-1'],
      ['ads', '--match', 'lamp 5'],
    ]) {
      const [a, b] = [
        await realCli(['-w', native.dir, ...argv, '--json'], env()),
        await realCli(['-w', team, ...argv, '--json'], env()),
      ];
      const plain = (text: string): unknown => ({ ...JSON.parse(text), workspace: null, timingsMs: null });
      expect([argv, b.code, b.err]).toEqual([argv, a.code, a.err]);
      expect(plain(b.out)).toEqual(plain(a.out));
    }
  });

  it('finds the same users by their events', async () => {
    for (const clause of [
      ['--did', 'view:lamp 5'],
      ['--did', 'view:home'],
      ['--did', 'view:lamp 7', '--before', '1970-01-01T00:16:45Z'],
    ]) {
      const [a, b] = [
        await realCli(['-w', native.dir, 'users', ...clause, '--json'], env()),
        await realCli(['-w', team, 'users', ...clause, '--json'], env()),
      ];
      const of = (text: string): unknown[] => JSON.parse(text).users;
      expect([clause, b.code, b.err]).toEqual([clause, a.code, a.err]);
      expect(of(b.out)).toEqual(of(a.out));
      expect(of(a.out).length).toBeGreaterThan(0);
    }
  });

  it('derives once for each content and mapping, again when the derived files are damaged, and never writes into the folder of the file', async () => {
    const folder = join(team, '.cache', 'recall-tui', 'mapped');
    const derived = (): string[] => readdirSync(folder).filter((name) => name.endsWith('.sqlite'));
    const [kept] = derived();
    expect(derived()).toHaveLength(1);
    const path = join(folder, kept ?? '');
    const sound = readFileSync(path);
    const list = async (): Promise<string> => {
      const { code, out } = await realCli(['-w', team, 'recall', 'u-3', '--mode', 'legacy', '-k', '5'], env());
      return `${code} ${out}`;
    };
    const before = await list();
    // A byte of a column of ids: SQLite has no objection.
    const oneByte = Buffer.from(sound);
    const at = sound.indexOf('lamp');
    oneByte[at + 1] = 0x6f;
    for (const damaged of [sound.subarray(0, 9000), oneByte]) {
      writeFileSync(path, damaged);
      expect(await list()).toBe(before);
      expect(readFileSync(path).equals(damaged)).toBe(false);
    }
    expect(readdirSync(team).filter((name) => name.startsWith('team.db'))).toEqual(['team.db']);
    await writeManifest(
      team,
      await mappedManifest({ ...teamMapping, users: { from: 'customers', id: 'cust_id' } }),
      native.tools.files,
    );
    expect((await realCli(['-w', team, 'users'], env())).code).toBe(0);
    expect(derived()).toHaveLength(2);
    await writeManifest(team, await mappedManifest(), native.tools.files);
  });

  it('reports rows and times in doctor, and exits 1 when the unit of the times is wrong', async () => {
    const checks = async (): Promise<ReadonlyArray<{ name: string; ok: boolean; found: string }>> =>
      JSON.parse((await realCli(['doctor', team, '--json'], env())).out).checks;
    expect((await checks()).find(({ name }) => name === 'rows of actions')).toMatchObject({
      ok: true,
      found: '480 of 480 kept',
    });
    // The rows of this world lie in 1970 by construction, which is what a wrong unit looks like.
    expect((await checks()).find(({ name }) => name === 'event times')).toMatchObject({
      ok: false,
      found: expect.stringContaining('1970-01-01'),
    });
  });

  it('says that the file changed before deriving anything from it, and takes the new content with `index`', async () => {
    const db = new Database(join(team, 'team.db'));
    db.exec("INSERT INTO actions VALUES ('new', 'u-3', 'tap', 2000000000, 'app', 'ad-0001', NULL, NULL)");
    db.close();
    const refused = await realCli(['-w', team, 'recall', 'u-3'], env());
    expect([refused.code, refused.err]).toEqual([
      2,
      expect.stringContaining('the sample of users: not what the manifest names'),
    ]);
    expect((await realCli(['index', team], env())).code).toBe(0);
    expect((await realCli(['-w', team, 'events', 'u-3'], env())).out).toContain('new');
  });

  it('names the wrong field of a mapping in recall.json', async () => {
    const path = join(team, 'recall.json');
    const good = readFileSync(path, 'utf8');
    const json = JSON.parse(good);
    json.sample.tables.ads.tittle = 'name';
    writeFileSync(path, JSON.stringify(json));
    const { code, err } = await realCli(['-w', team, 'users'], env());
    expect([code, err]).toEqual([2, expect.stringContaining('sample.tables.ads')]);
    writeFileSync(path, good);
  });

  it('keeps the team’s file when data is imported into its workspace', async () => {
    const source = join(team, 'csv');
    mkdirSync(source);
    for (const [name, text] of Object.entries({
      'users.csv': 'userId\nu\n',
      'ads.csv': 'adId\na\n',
      'events.csv': 'userId,kind,at,adId\nu,click,1,a\n',
    }))
      writeFileSync(join(source, name), text);
    expect((await realCli(['import', 'csv', source, '--out', team], env())).code).toBe(0);
    expect(existsSync(join(team, 'team.db'))).toBe(true);
  });
});
