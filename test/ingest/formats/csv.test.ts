import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { csvWorld, eventsIn, failure, manifestOf, runImport, sourceOf, tools, withDir } from '../world.ts';

const rejects = (out: string): unknown[] =>
  readFileSync(join(out, 'rejects.jsonl'), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line));

describe('importing csv', () => {
  it('keeps every field, reads times as UTC, and takes other user columns as attributes', () =>
    withDir(async (dir) => {
      const { out, counts } = await runImport('csv', sourceOf(dir, csvWorld), join(dir, 'ws'));
      expect(counts).toEqual({ users: 2, ads: 2, events: 3, friends: 2 });
      const { store, catalog, close } = tools.openSample(join(out, 'sample.sqlite'));
      expect(store.user('u1')).toEqual({ userId: 'u1', attributes: { city: '上海', age: '30' } });
      expect(store.user('u2')?.attributes).toEqual({});
      expect(catalog.ads([catalog.ordinalOf('a1') ?? -1])[0]).toEqual({
        adId: 'a1',
        ordinal: 1,
        title: '智能音箱, 白色',
        category: '家电 > 音箱',
        brand: '小米',
        price: 199.5,
        campaign: '618',
        startAt: Date.UTC(2025, 5, 1),
        endAt: Date.UTC(2025, 5, 18, 16),
        budgetLeft: 100,
        targeting: { city: ['上海'] },
      });
      expect(store.event('e2')).toEqual({
        eventId: 'e2',
        userId: 'u1',
        kind: 'search',
        at: 1748858400001,
        platform: 'web',
        adId: null,
        query: '智能音箱',
        peerId: null,
      });
      expect(store.event('e3')?.at).toBe(Date.UTC(2025, 5, 3, 10));
      expect(store.friends('u2', Date.UTC(2025, 5, 3) - 1)).toEqual([]);
      expect(store.friends('u2', Date.UTC(2025, 5, 3))).toEqual(['u1']);
      close();
    }));

  it('declares only groups that the data can feed', () =>
    withDir(async (dir) => {
      const { manifest } = await runImport('csv', sourceOf(dir, csvWorld), join(dir, 'ws'));
      expect(manifest.groups.map(({ name, kinds }) => [name, kinds])).toEqual([
        ['browse', ['click']],
        ['search', ['search']],
        ['purchase', ['purchase']],
        ['social', ['purchase']],
        ['context', []],
        ['trend', []],
      ]);
      expect(manifest.engagementKinds).toEqual(['click', 'purchase']);
      expect(manifest.import?.trainUntil).toBe(manifest.asOf);
    }));

  it('rejects bad rows one by one, with reason and line, and keeps the good ones', () =>
    withDir(async (dir) => {
      const source = sourceOf(dir, {
        'users.csv': 'userId\nu1\nu1\n\n',
        'ads.csv':
          'adId,price,targeting,title\na1,,,ok\na2,cheap,,x\na3,1,[],x\na1,2,,again\na4,1,,"broken" quote\na5,1,,,extra\n',
        'events.csv': Buffer.concat([
          Buffer.from('userId,kind,at,adId\nu1,click,yesterday,a1\nu9,click,1,a1\nu1,click,1,a9\nu1,,1,a1\nu1,'),
          Buffer.from([0xe9, 0x74]),
          Buffer.from(',5,a1\nu1,click,2025-02-31,a1\nu1,click,7,a1\n'),
        ]),
      });
      const { rows, counts, out } = await runImport('csv', source, join(dir, 'ws'));
      expect(counts).toEqual({ users: 1, ads: 3, events: 1, friends: 0 });
      expect(
        rows.map(({ file, read, kept, rejected, firstLines }) => [file, read, kept, rejected, firstLines]),
      ).toEqual([
        ['users.csv', 2, 1, { 'duplicate-id': 1 }, { 'duplicate-id': 3 }],
        [
          'ads.csv',
          6,
          3,
          { 'bad-quotes': 1, 'duplicate-id': 1, 'wrong-field-count': 1 },
          { 'bad-quotes': 6, 'duplicate-id': 5, 'wrong-field-count': 7 },
        ],
        [
          'events.csv',
          7,
          1,
          { 'bad-time': 2, 'missing-kind': 1, 'not-utf-8': 1, 'unknown-ad': 1, 'unknown-user': 1 },
          { 'bad-time': 2, 'missing-kind': 5, 'not-utf-8': 6, 'unknown-ad': 4, 'unknown-user': 3 },
        ],
      ]);
      expect(rows[1]?.emptied).toEqual({ 'price: not-a-number': 1, 'targeting: bad-targeting': 1 });
      expect(rejects(out)).toHaveLength(10);
      expect(rejects(out)[1]).toEqual({ file: 'ads.csv', line: 5, reason: 'duplicate-id', row: 'a1,2,,again' });
    }));

  it('loses one row, not the rest of the file, to a quote that never closes', () =>
    withDir(async (dir) => {
      const lines = Array.from({ length: 200 }, (_, i) => `a${i},${i === 3 ? '"open' : 'x'}`);
      const { rows } = await runImport(
        'csv',
        sourceOf(dir, {
          ...csvWorld,
          'ads.csv': `adId,title\n${lines.join('\n')}\n4294967301,x\na1x,x\n`,
          'events.csv': 'userId,kind,at\n',
        }),
        join(dir, 'ws'),
      );
      expect(rows[1]).toMatchObject({
        read: 202,
        kept: 201,
        rejected: { 'unclosed-quote': 1 },
        firstLines: { 'unclosed-quote': 5 },
      });
    }));

  it('reads .gz files, CRLF, a byte-order mark and quoted line breaks', () =>
    withDir(async (dir) => {
      const source = sourceOf(dir, {
        'users.csv.gz': gzipSync('\ufeffuserId\r\nu1\r\n'),
        'ads.csv.gz': gzipSync('adId,title\r\na1,"two\nlines"\r\n'),
        'events.csv.gz': gzipSync('userId,kind,at,adId\r\nu1,click,1,a1\r\n'),
      });
      const { counts, out } = await runImport('csv', source, join(dir, 'ws'));
      expect(counts).toEqual({ users: 1, ads: 1, events: 1, friends: 0 });
      const { catalog, close } = tools.openSample(join(out, 'sample.sqlite'));
      expect(catalog.ads([0])[0]?.title).toBe('two\nlines');
      close();
    }));

  it('takes a header mapping from a file, and from the manifest when the import is run again', () =>
    withDir(async (dir) => {
      const source = sourceOf(dir, {
        'users.csv': 'uid\nu1\n',
        'ads.csv': 'sku,title\na1,x\n',
        'events.csv': 'uid,what,ts,sku\nu1,click,1,a1\n',
      });
      const mappingFile = join(dir, 'mapping.json');
      writeFileSync(
        mappingFile,
        JSON.stringify({
          users: { userId: 'uid' },
          ads: { adId: 'sku' },
          events: { userId: 'uid', kind: 'what', at: 'ts', adId: 'sku' },
        }),
      );
      const first = await runImport('csv', source, join(dir, 'ws'), { mappingFile });
      expect(first.counts.events).toBe(1);
      expect(eventsIn(first.out)).toMatchObject([{ userId: 'u1', kind: 'click', at: 1, adId: 'a1' }]);
      const before = manifestOf(first.out);
      await runImport('csv', source, join(dir, 'ws'));
      expect(manifestOf(first.out)).toBe(before);
    }));

  it.each<[string, Record<string, string | Uint8Array>, string, RegExp]>([
    ['a missing file', { 'ads.csv': '' }, 'events.csv is missing', /users.csv/],
    ['a wrong header', { 'ads.csv': 'id,name\n1,x\n' }, 'no column adId', /id, name/],
    ['an empty file', { 'ads.csv': '' }, 'ads.csv is empty', /no line/],
    ['UTF-16 without a mark', { 'ads.csv': Buffer.from('adId\na1\n', 'utf16le') }, 'ads.csv is not UTF-8', /UTF-16/],
    ['a NUL in a line', { 'ads.csv': 'adId,title\na1,one\na2,t\0wo\n' }, 'ads.csv is not text', /byte 22, in line 3/],
    ['a file that is no gzip', { 'ads.csv.gz': 'adId\na1\n' }, 'ads.csv.gz cannot be read', /header/],
    ['no ad at all', { 'ads.csv': 'adId\n' }, 'no ad could be imported', /unknown-ad/],
  ])('says clearly what is wrong: %s', (what, files, message, found) =>
    withDir(async (dir) => {
      const all: Record<string, string | Uint8Array> = { ...csvWorld, ...files };
      const kept = Object.fromEntries(
        Object.entries(all).filter(
          ([name]) =>
            !(what === 'a missing file' && name === 'events.csv') && !(name === 'ads.csv' && 'ads.csv.gz' in files),
        ),
      );
      if (what === 'a missing file') kept['ads.csv'] = csvWorld['ads.csv'];
      const error = await failure(runImport('csv', sourceOf(dir, kept), join(dir, 'ws')));
      expect([error.code, error.exitCode]).toEqual(['bad-input', 2]);
      expect(error.message).toContain(message);
      expect(error.found).toMatch(found);
      expect(readdirSync(dir)).toEqual(['source']);
    }),
  );

  it('refuses an unknown format, a source that is no folder, and a mapping of columns that do not exist', () =>
    withDir(async (dir) => {
      expect((await failure(runImport('excel', dir, join(dir, 'ws')))).expected).toContain('completejourney');
      expect((await failure(runImport('csv', join(dir, 'absent'), join(dir, 'ws')))).message).toContain(
        'is not a folder',
      );
      writeFileSync(join(dir, 'm.json'), '{"users":{"id":"x"}}');
      expect(
        (
          await failure(
            runImport('csv', sourceOf(dir, csvWorld), join(dir, 'ws'), { mappingFile: join(dir, 'm.json') }),
          )
        ).found,
      ).toBe('id');
      writeFileSync(join(dir, 'm.json'), '{"user":{}}');
      expect(
        (
          await failure(
            runImport('csv', sourceOf(dir, csvWorld), join(dir, 'ws'), { mappingFile: join(dir, 'm.json') }),
          )
        ).message,
      ).toContain('mapping');
      expect(existsSync(join(dir, 'ws'))).toBe(false);
    }));
});
