import { mkdtempSync, rmSync } from 'node:fs';
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
});
