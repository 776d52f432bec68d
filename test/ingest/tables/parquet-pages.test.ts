import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { openParquet } from '../../../src/ingest/tables/parquet-file.ts';
import { openPages } from '../../../src/ingest/tables/parquet-pages.ts';

/** Two bits of a page are flipped: its decoder goes on without an end. */
const path = join(import.meta.dirname, '..', '..', 'field', 'parquet-endless', 'friends.parquet');
const columns = ['userId', 'peerId'];

describe('a Parquet page that its decoder never finishes', () => {
  it('is given up after the time a page may take, and the process goes on', async () => {
    const file = await openParquet(path);
    const pages = openPages(file, { path, columns }, new AbortController().signal, 1);
    const started = performance.now();
    await expect(pages.read({ from: 0, until: 24 })).rejects.toThrow(/no page was decoded within 1 s/);
    expect(performance.now() - started).toBeGreaterThan(900);
    await expect(pages.read({ from: 0, until: 24 })).rejects.toThrow(/no page was decoded/);
    await pages.close();
    await file.close();
  });

  it('is left at once when the import is stopped', async () => {
    const file = await openParquet(path);
    const stop = new AbortController();
    const pages = openPages(file, { path, columns }, stop.signal, 60);
    const read = pages.read({ from: 0, until: 24 });
    setTimeout(() => stop.abort(), 50);
    await expect(read).rejects.toMatchObject({ code: 'cancelled' });
    await pages.close();
    await file.close();
  });
});
