import { existsSync, readFileSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { npyBytes, writeNpy, type NpyOptions } from '../support/matrix-files.ts';
import { withTeam } from '../support/team-folder.ts';

const edit =
  (name: string, change: (bytes: Buffer) => Uint8Array | string) =>
  (dir: string): void => {
    writeFileSync(join(dir, name), change(readFileSync(join(dir, name))));
  };
const lines = (name: string, change: (all: string[]) => readonly string[]) =>
  edit(name, (bytes) => change(bytes.toString('utf8').split('\n')).join('\n'));
const cut =
  (name: string, bytes: number) =>
  (dir: string): void =>
    truncateSync(join(dir, name), statSync(join(dir, name)).size - bytes);
const gone =
  (name: string) =>
  (dir: string): void =>
    rmSync(join(dir, name));
const twice = (all: string[]): string[] => [all[0] ?? '', all[0] ?? '', ...all.slice(2)];

const userRows = (dir: string): Float32Array => {
  const bytes = readFileSync(join(dir, 'user.npy'));
  return new Float32Array(new Uint8Array(bytes.subarray(10 + bytes.readUInt16LE(8))).buffer);
};
const users =
  (options: NpyOptions, numbers: (rows: Float32Array) => ArrayBufferView = (rows) => rows) =>
  (dir: string): void => {
    writeFileSync(join(dir, 'user.npy'), npyBytes(numbers(userRows(dir)), { shape: [160, 16], ...options }));
  };
const userNumber =
  (row: number, column: number, value: number) =>
  (dir: string): void => {
    const rows = userRows(dir);
    rows[row * 16 + column] = value;
    writeNpy(join(dir, 'user.npy'), rows, 16);
  };
/** A row of the float16 ad vectors, as zeros. */
const zeroAd = edit('ad.npy', (bytes) => {
  const start = 10 + bytes.readUInt16LE(8);
  return bytes.fill(0, start + 3 * 32, start + 4 * 32);
});

/** The damage, the file to blame with what is wrong, and what stands after `expected` and `found`. */
const cases: ReadonlyArray<readonly [string, (dir: string) => void, RegExp, RegExp, RegExp]> = [
  ['ad vectors cut short', cut('ad.npy', 7), /ad\.npy: the file is truncated/, /700 × 16 float16/, /bytes/],
  [
    'ad vectors without ids',
    gone('ad_ids.txt'),
    /ad\.npy: no file of ids fits its rows/,
    /700 ids, one a line/,
    /user_ids\.txt \(160 lines\)/,
  ],
  [
    'an id of an ad twice',
    lines('ad_ids.txt', twice),
    /ad_ids\.txt: lines 1 and 2: the same id/,
    /each id once/,
    /twice/,
  ],
  [
    'an id of an ad missing',
    lines('ad_ids.txt', (all) => all.slice(1)),
    /ad_ids\.txt: the number of ids differs from the number of vectors/,
    /ad\.npy \(700 rows\)/,
    /699 lines/,
  ],
  [
    'a row of zeros among the ad vectors',
    zeroAd,
    /ad\.npy: a vector of zeros, and ads\.hnsw holds another/,
    /the vector the index was built from/,
    /zeros for sku-/,
  ],
  [
    'an index of 50 bytes',
    edit('ads.hnsw', (bytes) => bytes.subarray(0, 50)),
    /ads\.hnsw: the index is shorter than its header/,
    /at least 96 bytes/,
    /50 bytes/,
  ],
  [
    'an index cut in half under another name',
    (dir) => {
      writeFileSync(join(dir, 'index.bin'), readFileSync(join(dir, 'ads.hnsw')).subarray(0, 50_000));
      rmSync(join(dir, 'ads.hnsw'));
    },
    /index\.bin: the index file is truncated/,
    /for 700 ads of dimension 16/,
    /50000 bytes/,
  ],
  [
    'labels cut short',
    lines('labels.csv', (all) => all.slice(0, -20)),
    /labels\.csv: labels of ads\.hnsw are missing in it/,
    /a line for each of its 700 labels/,
    /19 labels without a line, the first is \d+/,
  ],
  [
    'a line of labels twice',
    lines('labels.csv', (all) => [all[0] ?? '', all[1] ?? '', all[1] ?? '', ...all.slice(3)]),
    /labels\.csv: lines 2 and 3: the same label/,
    /each label once/,
    /twice/,
  ],
  [
    'an ad of two labels',
    lines('labels.csv', (all) => [
      all[0] ?? '',
      all[1] ?? '',
      `${all[2]?.split(',')[0] ?? ''},${all[1]?.split(',')[1] ?? ''}`,
      ...all.slice(3),
    ]),
    /labels\.csv: lines 2 and 3: the same ad id/,
    /each ad id once/,
    /twice/,
  ],
  [
    'labels with swapped columns under a header that says otherwise',
    lines('labels.csv', ([header = '', ...all]) => [header, ...all.map((line) => line.split(',').reverse().join(','))]),
    /labels\.csv: line 2: not a label and an ad id/,
    /label,ad_id/,
    /sku-/,
  ],
  [
    'user vectors of float64',
    users({ descr: '<f8' }, (rows) => Float64Array.from(rows)),
    /user\.npy: field descr: float64/,
    /'<f4' or '<f2'/,
    /'<f8'/,
  ],
  [
    'user vectors of another byte order',
    users({ descr: '>f4' }),
    /user\.npy: field descr: big-endian/,
    /'<f4' or '<f2'/,
    /'>f4'/,
  ],
  ['user vectors by columns', users({ fortran: true }), /user\.npy: field fortran_order/, /False \(C order\)/, /True/],
  [
    'user vectors of one axis',
    users({ shape: [2560] }),
    /user\.npy: field shape: not one vector a row/,
    /\(rows, columns\)/,
    /\(2560,\)/,
  ],
  [
    'user vectors of another dimension',
    users({ shape: [160, 8] }, (rows) => rows.slice(0, 160 * 8)),
    /user\.npy: the dimension differs from that of the vectors of the ads/,
    /16 columns/,
    /8 columns/,
  ],
  ['user vectors cut short', cut('user.npy', 64), /user\.npy: the file is truncated/, /160 × 16 float32/, /bytes/],
  [
    'user vectors that go on',
    edit('user.npy', (bytes) => Buffer.concat([bytes, Buffer.alloc(64)])),
    /user\.npy: the file goes on after its last row/,
    /160 × 16 float32/,
    /bytes/,
  ],
  [
    'a user vector with a NaN',
    userNumber(3, 4, Number.NaN),
    /user\.npy: it holds a value that is not finite/,
    /finite numbers in every row/,
    /NaN in row 3, column 4/,
  ],
  [
    'no ids of the users',
    gone('user_ids.txt'),
    /user\.npy: no file of ids fits its rows/,
    /160 ids, one a line/,
    /ad_ids\.txt \(700 lines\)/,
  ],
  [
    'an id of a user twice',
    lines('user_ids.txt', twice),
    /user_ids\.txt: lines 1 and 2: the same id/,
    /each id once/,
    /twice/,
  ],
  [
    'ids of other users',
    edit('user_ids.txt', (bytes) => bytes.toString('utf8').replaceAll('u', 'v')),
    /user_ids\.txt: its ids are neither users nor ads of the sample/,
    /users such as u\d+ or ads such as sku-/,
    /"v\d+"/,
  ],
  [
    'a SQLite file cut short',
    (dir) => truncateSync(join(dir, 'shop.sqlite'), 50_000),
    /shop\.sqlite is damaged/,
    /an intact SQLite database/,
    /malformed/,
  ],
  [
    'a SQLite file with a garbled page',
    edit('shop.sqlite', (bytes) => bytes.fill(0x55, 4096 * 3, 4096 * 4)),
    /shop\.sqlite is damaged/,
    /an intact SQLite database/,
    /malformed/,
  ],
];

describe('init on a folder with one damaged file', () => {
  it.each(cases)(
    'names the file, what was expected and what was found, and writes nothing: %s',
    (_, damage, message, expected, found) =>
      withTeam(async (dir, cli) => {
        damage(dir);
        const before = readdirSync(dir).sort();
        const { code, out, err } = await cli('init', dir, '--yes');
        expect([code, out]).toEqual([2, '']);
        const [said = '', wanted = '', there = '', todo = ''] = err.split('\n');
        expect(said).toMatch(message);
        expect(wanted).toMatch(new RegExp(`^ {2}expected: .*${expected.source}`));
        expect(there).toMatch(new RegExp(`^ {2}found: {4}.*${found.source}`));
        expect(todo).toMatch(/^ {2}to do: {4}\S/);
        expect(
          readdirSync(dir)
            .filter((name) => name !== '.cache')
            .sort(),
        ).toEqual(before);
      }),
  );

  it('goes on without what --map says is not there: an index, or vectors of the users', () =>
    withTeam(async (dir, cli) => {
      cut('user.npy', 64)(dir);
      edit('ads.hnsw', (bytes) => bytes.subarray(0, 50))(dir);
      const { code, out, err } = await cli(
        'init',
        dir,
        '--yes',
        '--space',
        'cosine',
        '--map',
        'users.vectors=none',
        '--map',
        'ads.index=none',
        '--json',
      );
      expect([code, JSON.parse(out).written]).toEqual([0, true]);
      expect(err).toMatch(/left out: .*user\.npy: the file is truncated; expected .* found \d+ bytes/);
      expect(err).toMatch(/left out: .*ads\.hnsw: the index is shorter than its header/);
    }));

  it('names an index that --map names and that is none', () =>
    withTeam(async (dir, cli) => {
      expect(await cli('init', dir, '--yes', '--map', 'ads.index=labels.csv')).toMatchObject({
        code: 2,
        err: expect.stringMatching(/ads\.index: no single file fits[^]*labels\.csv: no hnswlib index/),
      });
    }));

  it('writes nothing where a check of doctor fails, says which in full, and so can be run again; --force writes it all the same', () =>
    withTeam(async (dir, cli) => {
      const whole = readFileSync(join(dir, 'ads.hnsw'));
      cut('ads.hnsw', 1000)(dir);
      const refused = await cli('init', dir, '--yes');
      expect([
        refused.code,
        ['recall.json', 'rules.json', 'key.hex'].some((name) => existsSync(join(dir, name))),
      ]).toEqual([1, false]);
      expect(refused.err).toMatch(
        /index graph: expected the upper links of row \d+; found .*ads\.hnsw.*truncated or corrupted[^]*nothing was written, for doctor found this/,
      );
      expect(refused.out).toMatch(/Proposed, not written[^]*Doctor: 1 of \d+ checks failed[^]*index graph: expected/);
      const forced = JSON.parse((await cli('init', dir, '--yes', '--force', '--json')).out);
      expect([forced.written, forced.failed, forced.next]).toEqual([true, 1, `recall-tui doctor ${dir}`]);
      expect((await cli('doctor', dir)).code).toBe(1);
      for (const name of ['recall.json', 'rules.json', 'key.hex']) rmSync(join(dir, name));
      writeFileSync(join(dir, 'ads.hnsw'), whole);
      expect((await cli('init', dir, '--yes')).code).toBe(0);
      expect((await cli('doctor', dir)).code).toBe(0);
    }));
});
