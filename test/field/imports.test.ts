import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { realCli, type Ran } from '../support/real-cli.ts';

/** Inputs of teams that were read wrongly once, each a small folder of their own. */
const root = mkdtempSync(join(tmpdir(), 'recall-field-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const source = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const workspace = (name: string): string => join(root, name);
const cli = (...argv: string[]): Promise<Ran> => realCli(argv, { XDG_CACHE_HOME: join(root, '.cache') });
const importCase = (name: string): Promise<Ran> =>
  cli('import', 'csv', source(name), '--out', workspace(name), '--json');

describe('an import of a team’s files', () => {
  it('keeps rows whose titles hold inch marks', async () => {
    const { code, out } = await importCase('csv-inch-marks');
    expect(code).toBe(0);
    expect(JSON.parse(out).counts).toMatchObject({ ads: 30 });
    expect(JSON.parse(out).rows.map((row: { rejected: unknown }) => row.rejected)).toEqual([{}, {}, {}]);
  });

  it('leaves its counts to doctor, which says what share of each file was rejected', async () => {
    const dir = join(root, 'counted');
    mkdirSync(dir);
    const events = Array.from(
      { length: 50 },
      (_, i) => `${i < 2 ? 'nobody' : 'u1'},view,${Date.UTC(2024, 0, 1) + i},a1`,
    );
    writeFileSync(join(dir, 'users.csv'), 'user_id\nu1\n');
    writeFileSync(join(dir, 'ads.csv'), 'ad_id,title,price\na1,one,cheap\na2,two,2\n');
    writeFileSync(join(dir, 'events.csv'), ['user_id,kind,at,ad_id', ...events].join('\n'));
    expect(await cli('import', 'csv', dir, '--out', workspace('counted-ws'))).toMatchObject({ code: 0 });
    const checks = async (): Promise<Array<{ name: string; ok: boolean; found: string }>> =>
      JSON.parse((await cli('doctor', workspace('counted-ws'), '--json')).out).checks;
    const rows = (await checks()).filter(({ name }) => name.startsWith('rows of'));
    expect(rows.map(({ name, ok, found }) => [name, ok, found])).toEqual([
      ['rows of users.csv', true, '1 of 1 kept'],
      ['rows of ads.csv', true, '2 of 2 kept; cells that cannot be read and count as empty: 1 of price: not-a-number'],
      ['rows of events.csv', true, '48 of 50 kept (4.0 % rejected: 2 unknown-user)'],
    ]);
    // Imports of earlier versions did not count: they open, and doctor says nothing of their rows.
    const path = join(workspace('counted-ws'), 'recall.json');
    const { import: imported, ...manifest } = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...manifest, import: { ...imported, rows: undefined } }));
    expect((await checks()).filter(({ name, ok }) => name.startsWith('rows of') || !ok)).toEqual([]);
  });

  it('is refused where no event joins, with one id of each side', async () => {
    const { code, err } = await importCase('csv-every-event-rejected');
    expect(code).toBe(2);
    expect(err).toContain('no event could be imported');
    expect(err).toMatch(/"\d\.0"/);
    expect(err).toMatch(/"0"/);
  });

  it('reads the NaN that Python writes as no value', async () => {
    const { out } = await importCase('jsonl-nan');
    expect(JSON.parse(out).counts).toMatchObject({ ads: 30 });
    expect(JSON.parse(out).rows.map((row: { rejected: unknown }) => row.rejected)).toEqual([{}, {}, {}]);
  });

  it('reads Parquet decimals exactly', async () => {
    await importCase('parquet-decimal-price');
    const { out } = await cli('-w', workspace('parquet-decimal-price'), 'ads', '--json');
    const prices: readonly number[] = JSON.parse(out).ads.map((ad: { price: number }) => ad.price);
    expect(prices[0]).toBe(19.99);
    expect(prices.every((price) => Number(price.toFixed(2)) === price)).toBe(true);
  });

  it('reads targeting that Parquet stores as JSON', async () => {
    const { code, out } = await importCase('parquet-json-targeting');
    expect(code).toBe(0);
    expect(JSON.parse(out).counts).toMatchObject({ ads: 30 });
    const ads = await cli('-w', workspace('parquet-json-targeting'), 'ads', '--json');
    const [first] = JSON.parse(ads.out).ads;
    const ad = await cli('-w', workspace('parquet-json-targeting'), 'ad', first.adId, '--json');
    expect(ad.out).toContain('上海');
  });

  it('leaves a list in a users’ column empty, counts it, and keeps the users', async () => {
    const { code, out } = await importCase('parquet-list-attribute');
    expect(code).toBe(0);
    const { counts, rows } = JSON.parse(out);
    expect(counts).toMatchObject({ users: 10 });
    expect(rows[0].emptied).toEqual({ 'embedding: nested-value': 10 });
  });

  it('keeps days without an hour out of the history until they are over', async () => {
    const { out } = await importCase('csv-day-without-hour');
    expect(JSON.parse(out).decisions.join(' ')).toMatch(/120 of the times name a day without an hour/);
    const events = await cli(
      ...['-w', workspace('csv-day-without-hour'), 'events', 'u1', '--at', '2025-06-03T00:00:01', '--json'],
    );
    const days: readonly number[] = JSON.parse(events.out).events.map(({ at }: { at: number }) => at);
    expect(days).toEqual([Date.parse('2025-06-01T23:59:59.999Z')]);
  });

  it('rejects seconds among milliseconds, counts them and shows the reading that fits', async () => {
    const { out } = await importCase('csv-seconds-and-ms-mixed');
    const { rows, decisions } = JSON.parse(out);
    expect(rows[2]).toMatchObject({ kept: 60, rejected: { 'time-in-seconds': 60 } });
    expect(decisions.join(' ')).toContain('1748736000 looks like seconds: 2025-06-01T00:00:00Z');
    const events = await cli('-w', workspace('csv-seconds-and-ms-mixed'), 'events', 'u1', '--json');
    const { asOf, events: history } = JSON.parse(events.out);
    for (const { at } of history) expect(at).toBeGreaterThan(Date.parse('2025-01-01'));
    for (const { at } of history) expect(at).toBeLessThan(asOf);
  });

  it.each(['events.csv', 'events-postgres.csv'])('reads the times of a warehouse: %s', async (events) => {
    const dir = join(root, events);
    mkdirSync(dir);
    for (const name of ['users.csv', 'ads.csv'])
      copyFileSync(join(source('csv-times-of-warehouses'), name), join(dir, name));
    copyFileSync(join(source('csv-times-of-warehouses'), events), join(dir, 'events.csv'));
    const { code, out } = await cli('import', 'csv', dir, '--out', `${dir}.ws`, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out).counts).toMatchObject({ events: 120 });
  });

  it.each([';', '\t'])('reads a .csv whose fields are cut by %j', async (delimiter) => {
    const dir = join(root, `cut-by-${delimiter.codePointAt(0) ?? 0}`);
    mkdirSync(dir);
    for (const name of ['users.csv', 'ads.csv', 'events.csv']) {
      const text = readFileSync(join(source('csv-times-of-warehouses'), name), 'utf8');
      writeFileSync(join(dir, name), `\ufeff${text.replaceAll(',', delimiter)}`, 'utf16le');
    }
    const { code, out } = await cli('import', 'csv', dir, '--out', `${dir}.ws`, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(out).counts).toMatchObject({ users: 10, ads: 30, events: 120 });
  });

  it('ends where no event is given, and training says that there is none', async () => {
    const { code, out } = await importCase('train-without-events');
    expect(code).toBe(0);
    expect(JSON.parse(out).next).not.toContain('recall-tui train');
    const train = await cli('train', workspace('train-without-events'));
    expect(train.code).toBe(2);
    expect(train.err).toContain('there is no event to train on');
  });
});
