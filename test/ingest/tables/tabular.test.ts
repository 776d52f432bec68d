import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { parseRow } from '../../../src/ingest/tables/jsonl.ts';
import { eventsIn, failure, runImport, sourceOf, tools, withDir } from '../world.ts';

type Columns = Parameters<typeof parquetWriteBuffer>[0]['columnData'];
const parquet = (
  columnData: Columns,
  more: Omit<Parameters<typeof parquetWriteBuffer>[0], 'columnData'> = {},
): Uint8Array => new Uint8Array(parquetWriteBuffer({ columnData, ...more }));

const at = Date.UTC(2025, 5, 2, 10);
const ids = { 'users.csv': 'userId\nu1\n', 'ads.csv': 'adId,title\n9007199254740993,"big, one"\na1,音箱\n' };
const events =
  'eventId,userId,kind,at,adId,query\ne1,u1,click,1748858400000,9007199254740993,\ne2,u1,search,1748858400001,,智能音箱\n';

const asLines = (rows: readonly object[]): string => rows.map((row) => JSON.stringify(row)).join('\n');

describe('a table in another format', () => {
  it('gives the same sample, to the byte, as CSV, TSV, JSON lines, gzip of these, and Parquet', () =>
    withDir(async (dir) => {
      const sample = async (name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<Buffer> => {
        const { out, rows } = await runImport('csv', sourceOf(join(dir, name), files), join(dir, name, 'ws'));
        expect([name, rows.map(({ kept, rejected }) => [kept, rejected])]).toEqual([
          name,
          [
            [1, {}],
            [2, {}],
            [2, {}],
          ],
        ]);
        return readFileSync(join(out, 'sample.sqlite'));
      };
      const plain = await sample('csv', { ...ids, 'events.csv': events });
      const tsv = await sample('tsv', {
        'users.tsv': 'userId\nu1\n',
        'ads.tsv.gz': gzipSync('adId\ttitle\n9007199254740993\tbig, one\na1\t音箱\n'),
        'events.tsv': events.replaceAll(',', '\t'),
      });
      const lines = await sample('jsonl', {
        'users.ndjson': '{"userId":"u1"}\n',
        'ads.jsonl': '{"adId":9007199254740993,"title":"big, one"}\n\n{"title":"音箱","adId":"a1"}\n',
        'events.jsonl.gz': gzipSync(
          asLines([
            { eventId: 'e1', userId: 'u1', kind: 'click', at, adId: '9007199254740993', other: { nested: [1] } },
            { eventId: 'e2', userId: 'u1', kind: 'search', at: at + 1, query: '智能音箱' },
          ]),
        ),
      });
      const packed = await sample('parquet', {
        'users.parquet': parquet([{ name: 'userId', data: ['u1'], type: 'STRING' }]),
        'ads.parquet': parquet(
          [
            { name: 'adId', data: ['9007199254740993', 'a1'] },
            { name: 'title', data: ['big, one', '音箱'] },
          ],
          { rowGroupSize: 1 },
        ),
        'events.parquet': parquet([
          { name: 'eventId', data: ['e1', 'e2'] },
          { name: 'userId', data: ['u1', 'u1'] },
          { name: 'kind', data: ['click', 'search'] },
          { name: 'at', data: [new Date(at), new Date(at + 1)], type: 'TIMESTAMP' },
          { name: 'adId', data: [9007199254740993n, null], type: 'INT64', nullable: true },
          { name: 'query', data: [null, '智能音箱'], nullable: true },
        ]),
      });
      expect([tsv.equals(plain), lines.equals(plain), packed.equals(plain)]).toEqual([true, true, true]);
    }));

  it('keeps 64-bit integers, decimals and times of Parquet exact, over many row groups and a dictionary', () =>
    withDir(async (dir) => {
      const n = 2_500;
      const row = (i: number): number => i % 7;
      const { out, rows } = await runImport(
        'csv',
        sourceOf(dir, {
          'events.csv': 'userId,kind,at\n',
          'users.csv': 'userId\nu\n',
          'ads.parquet': parquet(
            [
              {
                name: 'adId',
                data: BigInt64Array.from({ length: n }, (_, i) => 4611686018427387904n + BigInt(i)),
                type: 'INT64',
              },
              { name: 'category', data: Array.from({ length: n }, (_, i) => `c${row(i)}`) },
              { name: 'price', data: Float64Array.from({ length: n }, (_, i) => i / 8), type: 'DOUBLE' },
              { name: 'startAt', data: Array.from({ length: n }, (_, i) => new Date(i * 1000)), type: 'TIMESTAMP' },
            ],
            { rowGroupSize: 400 },
          ),
        }),
        join(dir, 'ws'),
      );
      expect(rows[1]).toMatchObject({ file: 'ads.parquet', read: n, kept: n });
      const { catalog, close } = tools.openSample(join(out, 'sample.sqlite'));
      expect(catalog.ads([catalog.ordinalOf('4611686018427388903') ?? -1])[0]).toMatchObject({
        category: `c${row(999)}`,
        price: 999 / 8,
        startAt: 999_000,
      });
      close();
    }));

  it('rejects nested ids, inexact numbers and lines that are no object, row by row; a nested title costs its cell', () =>
    withDir(async (dir) => {
      const { rows, out } = await runImport(
        'csv',
        sourceOf(dir, {
          'users.csv': 'userId\nu1\n',
          'ads.jsonl':
            '{"adId":"a1","targeting":{"city":["x"]}}\n{"adId":["a2"]}\n[1]\nnot json\n{"adId":"a3","title":{"zh":"x"}}\n{"adId":1e20}\n',
          'events.jsonl': '{"userId":"u1","kind":"click","at":5,"adId":"a1"}',
        }),
        join(dir, 'ws'),
      );
      expect(rows[1]).toMatchObject({
        file: 'ads.jsonl',
        read: 6,
        kept: 2,
        rejected: { 'inexact-number': 1, 'nested-value': 1, 'not-a-json-object': 2 },
        firstLines: { 'nested-value': 2 },
        emptied: { 'title: nested-value': 1 },
      });
      expect(eventsIn(out)).toHaveLength(1);
    }));

  it('reads long integers of JSON exactly, and leaves strings and fractions alone', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
        fc.string(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        (id, text, x) => {
          const found = parseRow(`{"id":${id},"text":${JSON.stringify(text)},"x":${JSON.stringify(x)}}`);
          expect(String(found?.['id'])).toBe(String(id));
          expect(found?.['text']).toBe(text);
          expect(Number(found?.['x'])).toBe(x === 0 ? 0 : x);
        },
      ),
    );
  });
});

describe('a Parquet file that cannot be read', () => {
  const ads = (bytes: Uint8Array): Record<string, string | Uint8Array> => ({
    'users.csv': 'userId\nu\n',
    'events.csv': 'userId,kind,at\n',
    'ads.parquet': bytes,
  });
  const good = parquet([
    { name: 'adId', data: ['a', 'b'] },
    { name: 'unused', data: [1, 2], type: 'INT32' },
  ]);
  const lzo = { LZO: (bytes: Uint8Array): Uint8Array => bytes };

  it.each<[string, Uint8Array, RegExp, RegExp, RegExp]>([
    [
      'an unsupported codec',
      parquet([{ name: 'adId', data: ['a', 'b'], codec: 'LZO' }], { compressors: lzo }),
      /ads\.parquet: column adId is compressed/,
      /UNCOMPRESSED, SNAPPY.*ZSTD/,
      /codec LZO \(row group 0\)/,
    ],
    [
      'a file cut short',
      good.subarray(0, good.length - 20),
      /ads\.parquet is not a whole Parquet file/,
      /PAR1 at both ends/,
      /./,
    ],
    ['no Parquet at all', Buffer.from('adId\na\n'), /ads\.parquet is not a whole Parquet file/, /PAR1/, /./],
    [
      'a missing column',
      parquet([{ name: 'sku', data: ['a'] }]),
      /ads\.parquet: the header has no column adId/,
      /adId/,
      /sku/,
    ],
  ])('is named with file, column, expected and found: %s', (_what, bytes, message, expected, found) =>
    withDir(async (dir) => {
      const error = await failure(runImport('csv', sourceOf(dir, ads(bytes)), join(dir, 'ws')));
      expect([error.code, error.exitCode]).toEqual(['bad-input', 2]);
      expect(error.message).toMatch(message);
      expect(error.expected).toMatch(expected);
      expect(error.found).toMatch(found);
    }),
  );

  it('loads all the same where only an unused column has that codec', () =>
    withDir(async (dir) => {
      const { counts } = await runImport(
        'csv',
        sourceOf(
          dir,
          ads(
            parquet(
              [
                { name: 'adId', data: ['a', 'b'] },
                { name: 'unused', data: [1, 2], type: 'INT32', codec: 'LZO' },
              ],
              { compressors: lzo },
            ),
          ),
        ),
        join(dir, 'ws'),
      );
      expect(counts.ads).toBe(2);
    }));

  it('names the folder with two files of one table', () =>
    withDir(async (dir) => {
      const error = await failure(
        runImport('csv', sourceOf(dir, { ...ads(good), 'ads.csv': 'adId\na\n' }), join(dir, 'ws')),
      );
      expect([error.message, error.found]).toEqual([
        expect.stringContaining('ads more than once'),
        'ads.csv, ads.parquet',
      ]);
    }));
});
