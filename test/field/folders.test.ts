import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import Database from 'better-sqlite3';
import { afterAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../support/matrix-files.ts';
import { realCli, type Ran } from '../support/real-cli.ts';

/** Folders of teams that could not be opened, or were read wrongly, once. */
const root = mkdtempSync(join(tmpdir(), 'recall-folders-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const cli = (...argv: string[]): Promise<Ran> => realCli(argv, { XDG_CACHE_HOME: join(root, '.cache') });
const copyOf = (name: string, as = name): string => {
  const dir = join(root, as);
  cpSync(fileURLToPath(new URL(name, import.meta.url)), dir, { recursive: true });
  return dir;
};

interface Initialised {
  readonly guesses: ReadonlyArray<{ field: string; value: string; evidence: string }>;
  readonly checks: ReadonlyArray<{ name: string; ok: boolean; found: string }>;
}
const init = async (dir: string, ...more: string[]): Promise<Ran & { read: Initialised }> => {
  const ran = await cli('init', dir, '--yes', '--json', ...more);
  return { ...ran, read: ran.out === '' ? { guesses: [], checks: [] } : JSON.parse(ran.out) };
};
const space = ({ guesses }: Initialised): { value: string; evidence: string } | undefined =>
  guesses.find(({ field }) => field === 'index.space');

describe('init of a team’s folder', () => {
  it('opens an index over rows embedded again, names them, and why-not says stale', async () => {
    const dir = copyOf('hnsw-stale-rows');
    const { code, read } = await init(dir, '--force');
    expect(code).toBe(1);
    const stale = ['sku-010', 'sku-011', 'sku-012', 'sku-013', 'sku-014'].join(', ');
    expect(space(read)).toMatchObject({ value: 'cosine' });
    expect(space(read)?.evidence).toContain(`55 of 60; 5 of 60 rows differ, stale or mislabelled: ${stale}`);
    expect(read.checks.filter(({ ok }) => !ok)).toMatchObject([
      { name: 'index rows', found: `5 rows differ, stale or mislabelled: ${stale}` },
    ]);
    const whyNot = await cli('-w', dir, 'why-not', 'u000', 'sku-011', '-k', '20', '--json');
    expect(JSON.parse(whyNot.out)).toMatchObject({ verdict: 'stale-vector' });
  });

  it('writes nothing over stale rows without --force, and says which rows they are', async () => {
    const dir = copyOf('hnsw-stale-rows', 'stale-unforced');
    const { code, err } = await cli('init', dir, '--yes');
    expect(code).toBe(1);
    expect(err).toMatch(/sku-010, sku-011[^]*--force/);
    expect(readdirSync(dir)).not.toContain('recall.json');
  });

  it('takes a row of zeros in a cosine index for what hnswlib makes of it', async () => {
    const { code, read } = await init(copyOf('hnsw-zero-row-cosine'));
    expect(code).toBe(0);
    expect(space(read)).toMatchObject({ value: 'cosine' });
    expect(space(read)?.evidence).toContain('60 of 60; 1 of zeros: sku-003');
    expect(read.checks.find(({ name }) => name === 'ad vectors')?.found).toContain('1 of zeros: sku-003');
  });

  const labels = (dir: string): string => readFileSync(join(dir, 'labels.csv'), 'utf8');
  const columns = (text: string, by: (ad: string, label: string) => string): string =>
    text
      .trim()
      .split(/\r?\n/)
      .map((line) => by(line.split(',')[0] ?? '', line.split(',')[1] ?? ''))
      .join('\n');

  it.each<[string, (text: string) => Uint8Array | string]>([
    ['as they are', (text) => text],
    ['in the other order', (text) => columns(text, (ad, label) => `${label},${ad}`)],
    ['with semicolons', (text) => columns(text, (ad, label) => `${ad};${label}`)],
    ['with tabs', (text) => columns(text, (ad, label) => `${ad}\t${label}`)],
    ['in UTF-16', (text) => Buffer.from(`\ufeff${text}`, 'utf16le')],
    [
      'without a header, the label first',
      (text) => columns(text, (ad, label) => `${label},${ad}`).replace(/^.*\n/, ''),
    ],
  ])('reads the columns of labels by their names: %s', async (_, written) => {
    const dir = copyOf('labels-header-order', `labels-${readdirSync(root).length}`);
    writeFileSync(join(dir, 'labels.csv'), written(labels(dir)));
    expect(await init(dir, '--space', 'cosine')).toMatchObject({ code: 0 });
    const { out } = await cli('-w', dir, 'recall', 'u000', '-k', '3', '--json');
    expect(JSON.parse(out).candidates.map(({ adId }: { adId: string }) => adId)).toEqual(['1008', '1046', '1018']);
  });

  it('refuses labels whose header does not say which column is which', async () => {
    const dir = copyOf('labels-header-order', 'labels-unnamed');
    writeFileSync(join(dir, 'labels.csv'), labels(dir).replace(/^.*/, 'one,two'));
    const { code, err } = await cli('init', dir, '--yes', '--space', 'cosine');
    expect(code).toBe(2);
    expect(err).toContain('the header does not say which column is the label');
  });
});

describe('init of a SQLite file', () => {
  it('reads a file whose text is UTF-16', async () => {
    const dir = copyOf('sqlite-utf16');
    expect(await init(dir)).toMatchObject({ code: 0 });
    const { ads } = JSON.parse((await cli('-w', dir, 'ads', '--json')).out);
    expect(ads).toHaveLength(30);
    expect(ads[0]).toMatchObject({ title: '音箱 title 0' });
  });

  it('reads times in spite of one 9999-12-31, and doctor counts it', async () => {
    const { code, read } = await init(copyOf('sqlite-one-sentinel-time'));
    expect(code).toBe(0);
    expect(read.guesses.find(({ field }) => field === 'events.at')).toMatchObject({ value: 'at, in s' });
    expect(read.checks.find(({ name }) => name === 'event times')).toMatchObject({
      ok: true,
      found: expect.stringContaining('1 of 200 not between these years'),
    });
  });

  it.each([
    ['--map events.att=at:s', /--map cannot say events\.att[^]*did you mean "events\.at"/],
    ['--map events.from=log', /the file has no such table[^]*ads, events, users/],
    ['--map events.at=when:s', /no column when/],
  ])('takes what %s says, or refuses it', async (map, message) => {
    const { code, err } = await cli(
      'init',
      copyOf('sqlite-one-sentinel-time', `map-${readdirSync(root).length}`),
      ...map.split(' '),
    );
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });

  it('is led by --map where no table looks like one of ads', async () => {
    const dir = copyOf('sqlite-one-sentinel-time', 'map-roles');
    const { read } = await init(
      dir,
      ...['--map', 'ads.from=users', '--map', 'users.from=ads', '--map', 'events.at=at:s'],
    );
    expect(read.guesses.find(({ field }) => field === 'ads')?.value).toBe('users, id user_id');
  });

  const changed = (as: string, sql: string): string => {
    const dir = copyOf('sqlite-one-sentinel-time', as);
    const db = new Database(join(dir, 'shop.sqlite'));
    db.exec(sql);
    db.close();
    return dir;
  };

  it('joins ids that a data frame has made REAL', async () => {
    const dir = changed(
      'real-ids',
      `CREATE TABLE log AS SELECT event_id, user_id, CAST(substr(ad_id, 2) AS REAL) AS ad_id, kind, at, query FROM events;
       DROP TABLE events; ALTER TABLE log RENAME TO events;
       CREATE TABLE things AS SELECT CAST(substr(ad_id, 2) AS INTEGER) AS ad_id, title, category, price FROM ads;
       DROP TABLE ads; ALTER TABLE things RENAME TO ads;`,
    );
    const { code, read } = await init(dir);
    expect(code).toBe(0);
    expect(read.guesses.find(({ field }) => field === 'ads')?.evidence).toMatch(/^100 %/);
  });

  it('says that ids which are BLOBs are none', async () => {
    const dir = changed(
      'blob-ids',
      `CREATE TABLE things AS SELECT CAST(ad_id AS BLOB) AS ad_id, title, category, price FROM ads;
       DROP TABLE ads; ALTER TABLE things RENAME TO ads;`,
    );
    const { code, err } = await cli('init', dir);
    expect(code).toBe(2);
    expect(err).toContain('ads.ad_id holds BLOBs, which are no ids');
    expect(err).toContain('refers to user_id → users.user_id alone');
  });

  it('says what share of rows is rejected, and keeps the row of a cell that cannot be read', async () => {
    const dir = changed(
      'rejected',
      `UPDATE events SET user_id = 'nobody' WHERE rowid <= 10;
       UPDATE ads SET price = 'cheap' WHERE rowid <= 3;`,
    );
    const { code, err, read } = await init(dir);
    expect(code).toBe(0);
    expect(err).toContain('5.0 % of the rows of events are rejected: 10 unknown-user');
    expect(read.checks.find(({ name }) => name === 'rows of ads')?.found).toBe(
      '30 of 30 kept; cells that cannot be read and count as empty: 3 of price: not-a-number',
    );
    const { ads } = JSON.parse((await cli('-w', dir, 'ads', '--json')).out);
    expect(ads.filter(({ price }: { price: unknown }) => price === null)).toHaveLength(3);
  });
});

describe('vectors of one column', () => {
  it.each(['ip', 'l2'])('open and can be recalled from under %s', async (metric) => {
    const dir = copyOf('scores-all-equal', `one-column-${metric}`);
    for (const name of ['ads.hnsw', 'labels.csv']) rmSync(join(dir, name));
    const numbers = (count: number): Float32Array => Float32Array.from({ length: count }, (_, i) => Math.sin(i + 1));
    writeNpy(join(dir, 'ad.npy'), numbers(60), 1);
    writeNpy(join(dir, 'user.npy'), numbers(24), 1);
    expect(await init(dir, '--space', metric)).toMatchObject({ code: 0 });
    expect(await cli('index', dir)).toMatchObject({ code: 0 });
    const { out } = await cli('-w', dir, 'recall', 'u000', '-k', '5', '--json');
    expect(JSON.parse(out).candidates).toHaveLength(5);
  });
});

describe('scores that are all one number', () => {
  it('have one bin, at that number', async () => {
    const dir = copyOf('scores-all-equal');
    expect(await init(dir)).toMatchObject({ code: 0 });
    const { bins, highest } = JSON.parse((await cli('-w', dir, 'scores', 'u000', '-k', '10', '--json')).out);
    expect(bins).toMatchObject([{ ads: 60, inList: 10, from: highest, until: highest }]);
    expect(highest).toBeCloseTo(0.1554, 4);
  });
});

describe('a byte-order mark', () => {
  const marked = (text: string): Uint8Array[] => [
    Buffer.from(`\ufeff${text}`),
    Buffer.from(`\ufeff${text}`, 'utf16le'),
    Buffer.from(`\ufeff${text}`, 'utf16le').swap16(),
  ];
  const dir = copyOf('json-byte-order-mark');
  const text = (name: string): string => readFileSync(join(dir, 'ws', name), 'utf8').replace(/^\ufeff/, '');
  const users = async (): Promise<number> =>
    JSON.parse((await cli('-w', join(dir, 'ws'), 'users', '--json')).out).users.length;

  it('before recall.json is dropped', async () => {
    expect(await users()).toBe(24);
  });

  it.each(['recall.json', 'rules.json'])('or UTF-16 is no fault of %s', async (name) => {
    const before = text(name);
    for (const bytes of marked(before)) {
      writeFileSync(join(dir, 'ws', name), bytes);
      expect(await users()).toBe(24);
      const { out } = await cli('-w', join(dir, 'ws'), 'recall', 'u000', '-k', '2', '--json');
      expect(JSON.parse(out).candidates).toHaveLength(2);
    }
    writeFileSync(join(dir, 'ws', name), before);
  });

  it('or UTF-16 is no fault of a query, presets, a config, a mapping or a script', async () => {
    const ws = join(dir, 'ws');
    const { query } = JSON.parse((await cli('-w', ws, 'recall', 'u000', '-k', '2', '--json')).out);
    const config = join(root, '.config', 'recall-tui');
    for (const of of marked(JSON.stringify(query))) {
      writeFileSync(join(root, 'query.json'), of);
      expect(await cli('-w', ws, 'recall', '--query', join(root, 'query.json'), '--json')).toMatchObject({ code: 0 });
    }
    for (const of of marked('{"short": {"k": 3}}')) {
      writeFileSync(join(ws, 'presets.json'), of);
      expect(await cli('-w', ws, 'recall', 'u000', '--preset', 'short')).toMatchObject({ code: 0 });
    }
    for (const of of marked('recall u000 -k 2')) {
      writeFileSync(join(root, 'script'), of);
      expect(await cli('-w', ws, 'exec', join(root, 'script'))).toMatchObject({ code: 0 });
    }
    mkdirSync(config, { recursive: true });
    for (const of of marked('{"k": 3}')) {
      writeFileSync(join(config, 'config.json'), of);
      const ran = await realCli(['config', 'check', '--json'], { XDG_CONFIG_HOME: join(root, '.config') });
      expect(ran).toMatchObject({ code: 0 });
    }
  });
});

describe('the doctor of a workspace with sessions', () => {
  it('names an accepted session whose verdict has changed, with the step', async () => {
    const dir = copyOf('hnsw-zero-row-cosine', 'accepted');
    expect(await init(dir)).toMatchObject({ code: 0 });
    mkdirSync(join(dir, 'sessions'));
    const session = join(dir, 'sessions', 'stale.jsonl');
    const script = join(dir, 'sessions', 'script');
    writeFileSync(script, `record ${session}\nwhy-not u000 sku-012 -k 5\nexpect verdict\nrecord\n`);
    expect(await cli('-w', dir, 'exec', script)).toMatchObject({ code: 0 });
    const accepted = /"expect":\{"verdict":"([^"]+)"\}/.exec(readFileSync(session, 'utf8'))?.[1] ?? '';
    expect(accepted).not.toBe('');
    const checked = async (): Promise<unknown> => {
      const { checks } = JSON.parse((await cli('doctor', dir, '--json')).out);
      return checks.find(({ name }: { name: string }) => name === 'session stale.jsonl');
    };
    expect(await checked()).toMatchObject({ ok: true });
    writeFileSync(
      session,
      readFileSync(session, 'utf8').replace(`"expect":{"verdict":"${accepted}"}`, '"expect":{"verdict":"ann-missed"}'),
    );
    expect(await checked()).toMatchObject({
      ok: false,
      found: expect.stringMatching(/step 1 \(why-not\): .*ann-missed/),
    });
  });
});
